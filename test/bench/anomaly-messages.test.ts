/** What a subscriber receives of a job, from points to the changes of an incident. */
import { describe, expect, it } from 'vitest';
import { changesOf, madeHost, residentJob } from '../../bench/anomaly-messages.ts';
import { DAY_MS } from '../../bench/anomaly-series.ts';

const JOB = residentJob(300);
const HEALTHY_SEEDS = [100, 101];

describe('what a subscriber receives', () => {
  it('of healthy hosts is little, and pages nobody', () => {
    const changes = HEALTHY_SEEDS.flatMap((seed) => changesOf(madeHost(seed, JOB, true), JOB, 3));

    expect(changes.length).toBeLessThanOrEqual(2);
    expect(changes.filter(({ severity }) => severity === 'high' || severity === 'critical')).toEqual([]);
  });

  it('of an anomaly is one opening while it lasts, and each incident has one end', () => {
    const host = madeHost(100, JOB, false);
    const [anomaly] = host.flatMap(({ anomalies }) => anomalies);
    if (anomaly === undefined) throw new Error('the host has no anomaly');
    const days = Math.min(7, Math.ceil((anomaly.end - (host[0]?.from ?? 0)) / DAY_MS));

    const changes = changesOf(host, JOB, days);

    expect(
      changes.filter(({ kind, at }) => kind === 'opened' && at >= anomaly.start && at <= anomaly.end),
    ).toHaveLength(1);
    const running = changes.map(({ kind }) => (kind === 'opened' ? 1 : kind === 'recovered' ? -1 : 0));
    expect(
      running
        .map((_, i) => running.slice(0, i + 1).reduce<number>((sum, one) => sum + one, 0))
        .every((n) => n === 0 || n === 1),
    ).toBe(true);
  });
});

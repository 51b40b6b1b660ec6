import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { PAGING_USAGE, type Series } from '../../../core/model/series.ts';
import type { Evidence } from '../../../core/model/verdict.ts';
import { aSeries } from '../../fixtures/builders.ts';
import { CAPACITY } from './consumers.ts';

const POINTS = 400;
const THRESHOLD = DEFAULT_POLICY.threshold;
type Level = (point: number) => number;

const noise = (point: number) => 0.1 * Math.sin(point * 12.9898) * Math.cos(point * 4.1414);
const full: Level = (point) => 95 + noise(point);
const grows: Level = (point) => Math.max(0, point - 200) / 10 + noise(point) + 1;
const points = (level: Level) => Array.from({ length: POINTS }, (_, point) => level(point));
const host = (level: Level) => aSeries(points(level).map((percent) => percent / 100));

function swap(level: Level, overrides: Partial<Series> = {}): Series {
  const of = { metric: PAGING_USAGE, unit: 'By', statistic: 'average', limit: CAPACITY } as const;
  return aSeries(
    points(level).map((percent) => (percent / 100) * CAPACITY),
    { ...of, ...overrides },
  );
}

/** The fraction of swap that is used: nothing is known of its size. */
function shareOfSwap(level: Level): Series {
  return aSeries(
    points(level).map((percent) => percent / 100),
    { metric: PAGING_USAGE, statistic: 'average' },
  );
}

function evidenceOf(series: Series, known?: Series): Evidence {
  const verdict = detect(series, DEFAULT_POLICY, known && { swap: known });
  if (verdict.state === 'insufficient_data') throw new Error(verdict.reason);
  return verdict.evidence;
}

const voteOf = ({ votes }: Evidence) => votes.find(({ evaluator }) => evaluator === 'swap');

describe('the vote of swap', () => {
  it('finds a leak that moved to swap, on a host that is full', () => {
    for (const known of [swap(grows), shareOfSwap(grows)]) {
      const evidence = evidenceOf(host(full), known);

      expect(evidenceOf(host(full)).confidence).toBeLessThan(0.1);
      expect(evidence.confidence).toBeGreaterThanOrEqual(THRESHOLD);
      expect(evidence.decidedBy).toBe('swap');
      expect(voteOf(evidence)?.reason).toBe('moved_to_swap');
    }
  });

  it('finds a host steady whose memory comes back from swap', () => {
    const evidence = evidenceOf(
      host((point) => 40 + grows(point)),
      swap((point) => 30 - grows(point)),
    );

    expect(evidence.confidence).toBeLessThan(THRESHOLD);
    expect(voteOf(evidence)).toMatchObject({ reason: 'growth_from_swap' });
  });

  it('leaves the verdict as it was where swap is not known, not used, or not of the present', () => {
    const series = host((point) => 40 + grows(point));
    const late = swap(grows);
    const stale = { ...late, times: late.times.subarray(0, 380), values: late.values.subarray(0, 380) };
    const sharesOfRoomyHost = shareOfSwap(grows);

    for (const known of [swap(() => 0), swap(() => 12), stale, sharesOfRoomyHost, aSeries([], { unit: 'By' })])
      expect(evidenceOf(series, known)).toEqual(evidenceOf(series));
  });
});

import { describe, expect, it } from 'vitest';
import { hostJson, summaryJson } from '../../../cli/findings/json.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import {
  aContribution,
  aLeakingVerdict,
  anAttribution,
  anInsufficientVerdict,
  aResource,
  aRunSummary,
  aSeries,
  aSteadyVerdict,
  NOON,
} from '../../fixtures/builders.ts';

const series = aSeries([0.5]);
const RESULTS: readonly Inspected[] = [
  { kind: 'evaluated', series, verdict: aLeakingVerdict() },
  { kind: 'evaluated', series, verdict: aSteadyVerdict() },
  { kind: 'evaluated', series, verdict: anInsufficientVerdict() },
  { kind: 'not_monitored', resource: aResource(), reason: 'not_reported', hint: 'Install the agent.' },
  { kind: 'unreadable', scope: aResource(), reason: 'denied', detail: 'no\nentry' },
];

describe('hostJson', () => {
  const lines = RESULTS.map((inspected) => hostJson('acme', inspected));

  it('puts every result on one line', () => {
    expect(lines.filter((line) => line.includes('\n'))).toEqual([]);
  });

  it('has the same fields whatever the state', () => {
    const fields = lines.map((line) => Object.keys(JSON.parse(line)).sort());

    expect(new Set(fields.map(String)).size).toBe(1);
  });

  it('writes a leak with times in ISO 8601', () => {
    const [leak = ''] = lines;

    expect(JSON.parse(leak)).toMatchObject({
      kind: 'host',
      tenant: 'acme',
      host: { provider: 'aws', id: 'i-0a1b2c3d' },
      state: 'leaking',
      grade: 'confirmed',
      severity: 'medium',
      window: { end: '2026-11-20T12:00:00.000Z' },
      evidence: {
        growthPerHour: { low: 0.003, estimate: 0.004, high: 0.005 },
        onset: { start: '2026-11-18T10:00:00.000Z', end: '2026-11-18T16:00:00.000Z', leftCensored: false },
        exhaustion: { kind: 'expected', likely: '2026-11-24T11:00:00.000Z' },
      },
      checks: [{ name: 'new_highs', value: 0.9, limit: 0.3, passed: true }],
    });
  });

  it('lists who grew, with times in ISO 8601', () => {
    const attribution = anAttribution({ grown: [aContribution('node', 900, { since: NOON, restarts: [NOON] })] });
    const leak: Inspected = { kind: 'evaluated', series: aSeries([0.5]), verdict: aLeakingVerdict(), attribution };

    expect(JSON.parse(hostJson('acme', leak)).attribution).toMatchObject({
      kind: 'attributed',
      window: { end: '2026-11-20T12:00:00.000Z' },
      grown: [
        { consumer: { name: 'node' }, since: '2026-11-20T12:00:00.000Z', restarts: ['2026-11-20T12:00:00.000Z'] },
      ],
      largest: [{ since: null }, { since: null }],
    });
  });

  it('explains why there is no verdict', () => {
    const reasons = lines.slice(2).map((line) => {
      const { state, reason, detail } = JSON.parse(line);
      return { state, reason, detail };
    });

    expect(reasons).toEqual([
      {
        state: 'insufficient_data',
        reason: 'too_short',
        detail: 'its history since the last restart or gap is too short',
      },
      { state: 'not_monitored', reason: 'not_reported', detail: 'Install the agent.' },
      { state: 'unreadable', reason: 'denied', detail: 'no\nentry' },
    ]);
  });
});

describe('summaryJson', () => {
  it('is the run summary on one line, with times in ISO 8601', () => {
    expect(JSON.parse(summaryJson(aRunSummary()))).toMatchObject({
      kind: 'summary',
      outcome: 'complete',
      scheduledTime: '2026-11-20T12:00:00.000Z',
      window: { start: '2026-11-16T08:00:00.000Z', end: '2026-11-20T12:00:00.000Z' },
      metricsBilled: 8,
    });
  });
});

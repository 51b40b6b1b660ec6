/** What a run makes of a host becomes a line, whatever came of it. */
import { describe, expect, it } from 'vitest';
import { type Requested, resultLine } from '../../../core/inspection/result-lines.ts';
import { encoded } from '../../../core/model/notation.ts';
import { resultLineSchema } from '../../../core/model/result-line.ts';
import { MEMORY_USAGE, MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import {
  aLeakingVerdict,
  anEvidence,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';
import { aRunRef } from '../../fixtures/result-lines.ts';

const REQUESTED: Requested = { metric: MEMORY_UTILIZATION, window: { end: NOON - 300_000 } };
const RESOURCE = aResource({ id: 'i-1', name: 'web-1', group: 'web', labels: { team: 'shop' } });
const SERIES = aSeries([0.5, 0.6], { resource: RESOURCE });

function lineOf(inspected: Parameters<typeof resultLine>[2]) {
  const line = resultLine(aRunRef(), REQUESTED, inspected);
  // A line that does not fit its schema would be refused when it is stored.
  expect(resultLineSchema.parse(encoded(resultLineSchema, line))).toEqual(line);
  return line;
}

describe('the line of a host', () => {
  it('states why a host is steady whose own curve grows like a leak', () => {
    const line = lineOf({ kind: 'evaluated', series: SERIES, verdict: aSteadyVerdict(), isWithheld: true });

    expect(line).toMatchObject({ verdict: 'steady', detail: expect.stringContaining('Its consumers are read again') });
  });

  it('has everything about a leak', () => {
    expect(lineOf({ kind: 'evaluated', series: SERIES, verdict: aLeakingVerdict() })).toEqual({
      time: NOON,
      run: '20261120T120000Z',
      trigger: 'schedule',
      provider: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      host: 'i-1',
      name: 'web-1',
      group: 'web',
      version: null,
      host_kind: null,
      metric: MEMORY_UTILIZATION,
      score: 0.9,
      is_anomaly: true,
      type: 'memory_leak',
      pattern: 'linear',
      verdict: 'leaking',
      grade: 'confirmed',
      confidence: 0.9,
      decided_by: 'statistical',
      unit: '1',
      growth: 0.004,
      growth_low: 0.003,
      growth_high: 0.005,
      level: 0.62,
      since: NOON - 50 * HOUR,
      exhaustion_earliest: NOON + 76 * HOUR,
      exhaustion: NOON + 95 * HOUR,
      exhaustion_latest: NOON + 126 * HOUR,
      exhaustion_unknown: null,
      reason: null,
      detail: null,
    });
  });

  it('has the version that a label of the host names, by the first of the labels that name one', () => {
    const labels = { 'service.version': '7', release: 'r9', version: '' };
    const series = { ...SERIES, resource: { ...RESOURCE, labels } };

    expect(lineOf({ kind: 'evaluated', series, verdict: aSteadyVerdict() }).version).toBe('r9');
  });

  it('has the score of a steady host, which is no anomaly', () => {
    expect(lineOf({ kind: 'evaluated', series: SERIES, verdict: aSteadyVerdict() })).toMatchObject({
      verdict: 'steady',
      score: 0.05,
      confidence: 0.05,
      is_anomaly: false,
      type: null,
      grade: null,
      since: null,
    });
  });

  it('states why it is not known when the limit is reached', () => {
    const verdict = aLeakingVerdict({
      evidence: anEvidence({ exhaustion: { kind: 'cannot_say', reason: 'capacity_unknown' } }),
    });
    const series = { ...SERIES, metric: MEMORY_USAGE, unit: 'By' as const };

    expect(lineOf({ kind: 'evaluated', series, verdict })).toMatchObject({
      metric: MEMORY_USAGE,
      unit: 'By',
      exhaustion: null,
      exhaustion_latest: null,
      exhaustion_unknown: 'capacity_unknown',
    });
  });

  it('states why there is too little data for a verdict', () => {
    const verdict = anInsufficientVerdict({ reason: 'too_short' });

    expect(lineOf({ kind: 'evaluated', series: SERIES, verdict })).toMatchObject({
      verdict: 'insufficient_data',
      score: null,
      is_anomaly: false,
      unit: '1',
      level: null,
      reason: 'too_short',
      detail: 'its history since the last restart or gap is too short',
    });
  });

  it('states what can be done about memory that is not collected', () => {
    const reading = {
      kind: 'not_monitored',
      resource: RESOURCE,
      reason: 'stopped_reporting',
      hint: 'start it',
    } as const;

    expect(lineOf(reading)).toMatchObject({
      time: NOON - 300_000,
      host: 'i-1',
      group: 'web',
      metric: MEMORY_UTILIZATION,
      verdict: 'not_monitored',
      unit: null,
      reason: 'stopped_reporting',
      detail: 'start it',
    });
  });

  it('states why it could not be read, in at most a thousand characters', () => {
    const line = lineOf({ kind: 'unreadable', scope: RESOURCE, reason: 'denied', detail: 'é'.repeat(5000) });

    expect(line).toMatchObject({ host: 'i-1', verdict: 'unreadable', reason: 'denied' });
    expect(line.detail).toHaveLength(1000);
  });

  it('names no host where a failure concerns hosts that are not known', () => {
    const { id: _, name: __, group: ___, labels: ____, ...scope } = RESOURCE;

    expect(lineOf({ kind: 'unreadable', scope, reason: 'timeout', detail: '' })).toMatchObject({
      account: '111122223333',
      host: null,
      name: null,
      verdict: 'unreadable',
      detail: null,
    });
  });
});

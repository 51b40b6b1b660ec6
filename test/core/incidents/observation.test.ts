import { describe, expect, it } from 'vitest';
import { findingOf, observe } from '../../../core/incidents/observation.ts';
import type { Evaluated, LeakingHost } from '../../../core/model/inspected-host.ts';
import type { Reading } from '../../../core/model/series.ts';
import {
  aLeakingVerdict,
  anAttribution,
  anEvidence,
  anIncidentKey,
  anInsufficientVerdict,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const leaking = (overrides: Partial<LeakingHost> = {}): LeakingHost => ({
  kind: 'evaluated',
  series: aSeries([0.5, 0.6]),
  verdict: aLeakingVerdict(),
  ...overrides,
});

describe('observe', () => {
  it('takes a leak for its finding, as of the end of its window and not of its last sample', () => {
    const series = aSeries([0.5, 0.6, null, null]);

    const observation = observe('acme', leaking({ series }));

    expect(observation).toMatchObject({
      kind: 'leaking',
      key: anIncidentKey(),
      asOf: NOON,
      finding: findingOf('acme', leaking({ series })),
    });
  });

  it('takes from a steady host what its story is made of', () => {
    const verdict = aSteadyVerdict({ level: 0.4, confidence: 0.1, restarts: [NOON - 50 * HOUR, NOON - 9 * HOUR] });
    const series = aSeries([0.4, 0.41, 0.42, 0.43, null, null, null, null, 0.45, 0.46, 0.44, 0.47]);

    const observation = observe('acme', { kind: 'evaluated', series, verdict });

    if (observation.kind !== 'steady') throw new Error(observation.kind);
    const { floors, ...facts } = observation.facts();
    expect(facts).toEqual({
      kind: 'verdict',
      at: NOON,
      grade: null,
      confidence: 0.1,
      refills: false,
      leak: null,
      isFull: false,
      capacity: 1,
      restartedAt: NOON - 9 * HOUR,
    });
    expect(floors).toEqual({ end: NOON, hourly: Float64Array.of(41, 41, 45), known: [true, false, true] });
  });

  it.each([
    ['weeks', 'refilling'],
    ['statistical', 'steady'],
  ] as const)('takes a steady host that refills, where %s decided, for one that is %s', (decidedBy, kind) => {
    const refill = { confidence: 0.01, weight: 1, logOdds: -3, reason: 'refill', facts: {} } as const;
    const votes = [...anEvidence().votes, { ...refill, evaluator: 'weeks' as const }];
    const verdict = aSteadyVerdict({ votes, decidedBy });

    expect(observe('acme', { kind: 'evaluated', series: aSeries([0.5]), verdict }).kind).toBe(kind);
  });

  it('states rates and onset of a leak in points', () => {
    const observation = observe('acme', leaking({ series: aSeries([0.5, 0.6, 0.6, 0.6]) }));

    if (observation.kind !== 'leaking') throw new Error(observation.kind);
    expect(observation.facts()).toMatchObject({
      grade: 'confirmed',
      leak: { severity: 'medium', rate: 0.4, since: NOON - 44 * HOUR },
    });
  });

  it.each([
    ['full from 90 % of its limit on', { limit: 8e9 }, 7.2e9, true],
    ['not full below', { limit: 8e9 }, 7.1e9, false],
    ['not full without a limit', {}, 7.2e9, false],
  ])('takes a host in bytes for %s', (_, limit, level, isFull) => {
    const series = aSeries([2e9], { unit: 'By', ...limit });

    const observation = observe('acme', { kind: 'evaluated', series, verdict: aSteadyVerdict({ level }) });

    if (observation.kind !== 'steady') throw new Error(observation.kind);
    expect(observation.facts()).toMatchObject({ isFull, capacity: 'limit' in limit ? 8e9 : 2e9 });
  });

  it('knows no facts where there is too little data for a verdict', () => {
    const bare: Evaluated = { kind: 'evaluated', series: aSeries([]), verdict: anInsufficientVerdict() };

    expect(observe('acme', bare)).toEqual({ kind: 'no_verdict', key: anIncidentKey(), asOf: NOON });
  });

  it('keys hosts by tenant, provider, account, region, id, metric and kind of finding', () => {
    const resource = aResource({ provider: 'gcp', account: 'shop', region: 'europe-west1', id: '42', name: 'web-1' });
    const series = aSeries([0.5], { resource, metric: 'system.memory.usage' });

    expect(observe('globex', leaking({ series }))?.key).toEqual({
      tenant: 'globex',
      provider: 'gcp',
      account: 'shop',
      region: 'europe-west1',
      host: '42',
      metric: 'system.memory.usage',
      finding: 'leak',
    });
  });
});

describe('findingOf', () => {
  it.each([
    [5, 'critical'],
    [23, 'high'],
    [6 * 24, 'medium'],
    [8 * 24, 'low'],
  ])('measures %d h to exhaustion from the end of the window: %s', (hours, severity) => {
    const likely = NOON + hours * HOUR;
    const exhaustion = { kind: 'expected', earliest: likely, likely, latest: null } as const;

    const finding = findingOf('acme', leaking({ verdict: aLeakingVerdict({ evidence: anEvidence({ exhaustion }) }) }));

    expect(finding.severity).toBe(severity);
  });

  it('carries finer samples and an attribution where they were read', () => {
    const recent = aSeries([0.5], { periodMs: 300_000 });
    const attribution = anAttribution();

    expect(findingOf('acme', leaking({ recent, attribution }))).toMatchObject({ recent, attribution });
  });

  it('stands without finer samples that could not be read', () => {
    const recent: Reading = { kind: 'unreadable', scope: aResource(), reason: 'timeout', detail: 'late' };

    const finding = findingOf('acme', leaking({ recent }));

    expect(Object.keys(finding)).not.toContain('recent');
    expect(finding.verdict.state).toBe('leaking');
  });
});

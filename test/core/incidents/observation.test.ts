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

    expect(observation).toEqual({
      kind: 'leaking',
      key: anIncidentKey(),
      asOf: NOON,
      finding: findingOf('acme', leaking({ series })),
    });
  });

  it('keeps of a steady host how full it is and what confidence in a leak is left', () => {
    const verdict = aSteadyVerdict({ level: 0.4, confidence: 0.1 });

    const observation = observe('acme', { kind: 'evaluated', series: aSeries([0.4]), verdict });

    expect(observation).toEqual({
      kind: 'steady',
      key: anIncidentKey(),
      asOf: NOON,
      utilization: 0.4,
      confidence: 0.1,
    });
  });

  it.each([
    ['by its limit', { limit: 8e9 }, 0.25],
    ['as unknown without a limit', {}, undefined],
  ])('states the utilization of a host in bytes %s', (_, limit, utilization) => {
    const series = aSeries([2e9], { unit: 'By', ...limit });

    const observation = observe('acme', { kind: 'evaluated', series, verdict: aSteadyVerdict({ level: 2e9 }) });

    expect(observation).toMatchObject({ kind: 'steady', utilization });
  });

  it('is nothing where there is too little data for a verdict', () => {
    const bare: Evaluated = { kind: 'evaluated', series: aSeries([]), verdict: anInsufficientVerdict() };

    expect(observe('acme', bare)).toBeUndefined();
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

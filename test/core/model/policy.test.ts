import { describe, expect, it } from 'vitest';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import {
  DEFAULT_POLICY,
  effectivePolicy,
  hostPolicySchema,
  metricValues,
  overridden,
  policySchema,
  thresholdOf,
} from '../../../core/model/policy.ts';
import { aResource } from '../../fixtures/builders.ts';

describe('thresholdOf', () => {
  it.each([
    ['production', 0.7, 0.84],
    ['canary', 0.7, 0.77],
    ['staging', 0.7, 0.7],
    ['development', 0.7, 0.56],
    ['production', 0.9, 0.95],
    ['development', 0.5, 0.5],
  ] as const)('asks of hosts in %s with a threshold of %f for %f', (environment, threshold, requested) => {
    expect(thresholdOf({ threshold, environment })).toBeCloseTo(requested, 10);
  });

  it('is the threshold itself where no environment is set', () => {
    expect(thresholdOf(DEFAULT_POLICY)).toBe(0.7);
    expect(thresholdOf({ threshold: 0.8 })).toBe(0.8);
  });

  it('is the same however often a policy is inherited', () => {
    const once = effectivePolicy({ environment: 'production' });

    expect(thresholdOf(effectivePolicy(once, {}))).toBe(thresholdOf(once));
  });
});

describe('metricValues', () => {
  const tenant = { threshold: 0.6, recoverAfter: 2, metrics: { [LEAK_METRIC]: { threshold: 0.8 } } };

  it('takes the values of a metric before the common ones', () => {
    expect(metricValues(LEAK_METRIC, tenant)).toEqual({ threshold: 0.8, recoverAfter: 2 });
  });
});

describe('overridden', () => {
  it('puts values over the common policy and over that of each host', () => {
    const strict = effectivePolicy({ threshold: 0.9 });
    const policies = { common: DEFAULT_POLICY, of: () => strict };

    const changed = overridden(policies, { recoverAfter: 2 });

    expect(changed.common).toEqual({ ...DEFAULT_POLICY, recoverAfter: 2 });
    expect(changed.of(aResource())).toEqual({ ...strict, recoverAfter: 2 });
    expect(changed.of(aResource())).toBe(changed.of(aResource()));
  });
});

describe('effectivePolicy', () => {
  it('leaves the values of single metrics out', () => {
    expect(effectivePolicy({ metrics: { [LEAK_METRIC]: { threshold: 0.8 } } })).toEqual(DEFAULT_POLICY);
  });
});

describe('policySchema', () => {
  it('knows four environments', () => {
    expect(policySchema.safeParse({ environment: 'prod' }).error?.issues[0]?.message).toContain('production');
    expect(policySchema.parse({ environment: 'canary' })).toEqual({ environment: 'canary' });
  });

  it('takes values for an inspected metric, and refuses those for any other', () => {
    const metrics = { [LEAK_METRIC]: { threshold: 0.8 } };

    expect(policySchema.parse({ metrics })).toEqual({ metrics });
    expect(policySchema.safeParse({ metrics: { 'process.memory.usage': {} } }).success).toBe(false);
    expect(policySchema.safeParse({ metrics: { [LEAK_METRIC]: { metrics: {} } } }).success).toBe(false);
  });

  it('has no hours for groups and hosts, because a region is read at once', () => {
    expect(hostPolicySchema.parse({ threshold: 0.8, environment: 'production' })).toMatchObject({ threshold: 0.8 });
    expect(hostPolicySchema.safeParse({ lookBackHours: 48 }).error?.issues).toMatchObject([
      { path: ['lookBackHours'], message: expect.stringContaining('all hosts of a region are read at once') },
    ]);
    expect(hostPolicySchema.safeParse({ metrics: { [LEAK_METRIC]: { shownHours: 2 } } }).success).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, effectivePolicy, policySchema, thresholdOf } from '../../../core/model/policy.ts';

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

describe('policySchema', () => {
  it('knows four environments', () => {
    expect(policySchema.safeParse({ environment: 'prod' }).error?.issues[0]?.message).toContain('production');
    expect(policySchema.parse({ environment: 'canary' })).toEqual({ environment: 'canary' });
  });
});

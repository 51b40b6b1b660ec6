import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { type PolicyOverride, THRESHOLDS } from '../../../core/model/policy.ts';
import type { TenantConfig } from '../../../core/model/tenant.ts';
import {
  isAsTuned,
  lastTuning,
  tenantThreshold,
  withPolicy,
  withThreshold,
} from '../../../core/tenants/tuned-policy.ts';
import { aTenantConfig, aTuning, NOON } from '../../fixtures/builders.ts';

const thresholds = fc
  .integer({ min: 100 * THRESHOLDS.least, max: 100 * THRESHOLDS.greatest })
  .map((percent) => percent / 100);
const values = fc.record(
  { threshold: thresholds, prior: fc.constant(0.05), shownHours: fc.integer({ min: 1, max: 24 }) },
  { requiredKeys: [] },
);
const policies: fc.Arbitrary<PolicyOverride> = fc
  .tuple(values, fc.option(values, { nil: undefined }))
  .map(([common, ofMetric]) => ({ ...common, ...(ofMetric && { metrics: { [LEAK_METRIC]: ofMetric } }) }));
const configs: fc.Arbitrary<TenantConfig> = fc
  .option(policies, { nil: null })
  .map((policy) => withPolicy(aTenantConfig(), policy));

describe('the threshold of a tenant', () => {
  it('comes from its config, else from the defaults of the deployment, else from the program', () => {
    const config = aTenantConfig();
    const defaults = { version: 1, policy: { threshold: 0.8 } } as const;

    expect(tenantThreshold({ config: withThreshold(config, 0.6), defaults })).toEqual({
      threshold: 0.6,
      origin: 'tenant',
    });
    expect(tenantThreshold({ config, defaults })).toEqual({ threshold: 0.8, origin: 'deployment' });
    expect(tenantThreshold({ config })).toEqual({ threshold: 0.7, origin: 'default' });
  });

  it('is what was set, wherever the config had it, and nothing else is changed', () => {
    fc.assert(
      fc.property(configs, thresholds, (config, threshold) => {
        const tuned = withThreshold(config, threshold);

        expect(tenantThreshold({ config: tuned })).toEqual({ threshold, origin: 'tenant' });
        expect({ ...tuned, policy: null }).toEqual({ ...config, policy: null });
        expect(tuned.policy?.shownHours).toBe(config.policy?.shownHours);
      }),
    );
  });

  it('is undone to exactly what was', () => {
    fc.assert(
      fc.property(configs, thresholds, (config, threshold) => {
        const tuned = withThreshold(config, threshold);
        const tuning = aTuning({ before: config.policy ?? null, after: tuned.policy ?? null });

        expect(isAsTuned(tuned, tuning)).toBe(true);
        expect(withPolicy(tuned, tuning.before)).toStrictEqual(config);
      }),
    );
  });

  it('is not as tuned once somebody set something else', () => {
    const tuned = withThreshold(aTenantConfig(), 0.8);
    const tuning = aTuning({ after: tuned.policy ?? null });

    expect(isAsTuned(withThreshold(tuned, 0.75), tuning)).toBe(false);
    expect(isAsTuned({ ...tuned, policy: { threshold: 0.8, prior: 0.1 } }, tuning)).toBe(false);
  });
});

describe('lastTuning', () => {
  it('is the newest one that was not undone', () => {
    const first = aTuning({ id: 't-1', at: NOON });
    const second = aTuning({ id: 't-2', at: NOON + 1 });
    const undo = aTuning({ id: 't-3', at: NOON + 2, undoes: 't-2' });

    expect(lastTuning([second, first])).toBe(second);
    expect(lastTuning([undo, second, first])).toBe(first);
    expect(lastTuning([])).toBeUndefined();
  });
});

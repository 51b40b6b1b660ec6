import { describe, expect, it } from 'vitest';
import { renderChecks, whatWouldChange } from '../../../cli/explain/checks.ts';
import { plain } from '../../../cli/render/text.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Check, Counterfactual } from '../../../core/model/verdict.ts';
import { aLeakingVerdict, anEvidence, anInsufficientVerdict, aSteadyVerdict } from '../../fixtures/builders.ts';

function aCheck(overrides: Partial<Check> = {}): Check {
  return {
    name: 'rise_48h',
    value: 12.3,
    comparison: 'at_least',
    limit: 1.5,
    unit: '%',
    passed: true,
    ...overrides,
  };
}

const STEP = aCheck({ name: 'jump_2h', comparison: 'at_most', value: 0.9, limit: 0.37, unit: '1', passed: false });

describe('renderChecks', () => {
  it('shows the value, the limit and the description of each check', () => {
    const unanswered = aCheck({ name: 'above_highs', value: null, limit: -2, unit: '1' });

    expect(renderChecks([aCheck(), STEP, unanswered], { width: 40, paint: plain }).join('\n').split('\n')).toEqual([
      '  ✓ rise_48h     12.3 %, limit ≥ 1.5 %',
      '    the floor rose by this much of the',
      '    capacity within 48 h, by the median',
      '    of its slopes',
      '  ✗ jump_2h      0.9, limit ≤ 0.37',
      '    the greatest rise within two hours',
      '    over the total rise',
      '  – above_highs  not known (limit ≥ −2)',
      '    how far the floor stands above the',
      '    highs before the last 48 h, in rises',
      '    of these 48 h',
    ]);
  });
});

const TURN: Counterfactual = { hours: 40, growthPerHour: 0.004, turnsAt: 0.0012 };

describe('whatWouldChange', () => {
  it('names the growth that would have cleared a leak, and the threshold that would', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.81 }) });

    expect(whatWouldChange(leaking, '1', DEFAULT_POLICY, TURN)).toBe(
      'It would be steady had it grown by +0.12 %/h or less in the last 40 h (it grew by +0.40 %/h). With a threshold above 81 % in its policy (it is 70 %) it would be steady.',
    );
  });

  it('states that no lesser growth would have cleared a leak', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.93 }) });

    expect(whatWouldChange(leaking, '1', DEFAULT_POLICY, null)).toMatch(
      /^No lesser growth would have made it steady\. .* above 93 %/,
    );
  });

  it('names no threshold that no policy may have', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.97 }) });

    expect(whatWouldChange(leaking, '1', DEFAULT_POLICY, null)).toBe('No lesser growth would have made it steady.');
  });

  it('states from where on a suspicion is confirmed', () => {
    const suspected = aLeakingVerdict({
      grade: 'suspected',
      evidence: anEvidence({ confidence: 0.8, lastingConfidence: 0.71 }),
    });

    expect(whatWouldChange(suspected, '1', DEFAULT_POLICY, null)).toContain(
      'It is confirmed, and pages, once its confidence with five hours ago counted in reaches 90 % (now 71 %).',
    );
  });

  it('names the growth that would have made a steady host a leak', () => {
    const steady = aSteadyVerdict({ confidence: 0.12 });

    expect(whatWouldChange(steady, '1', DEFAULT_POLICY, { hours: 24, growthPerHour: 0.0001, turnsAt: 0.0053 })).toBe(
      'Its confidence is 12 %, and its policy requires 70 %. It would count as a leak had it grown by +0.53 %/h or more in the last 24 h (it grew by +0.01 %/h).',
    );
  });

  it('distinguishes a confidence from the required one, however near they are', () => {
    const policy = { ...DEFAULT_POLICY, threshold: 0.95 };

    expect(whatWouldChange(aSteadyVerdict({ confidence: 0.947 }), '1', policy, null)).toContain(
      'Its confidence is 94.7 %, and its policy requires 95.0 %.',
    );
  });

  it('states that no growth would have made a steady host a leak', () => {
    expect(whatWouldChange(aSteadyVerdict({ confidence: 0.01 }), '1', DEFAULT_POLICY, null)).toMatch(
      / No growth of the last day would have made it a leak\.$/,
    );
  });

  describe('in production', () => {
    const policy = { ...DEFAULT_POLICY, environment: 'production' } as const;

    it('names what the policy requires, and why', () => {
      expect(whatWouldChange(aSteadyVerdict({ confidence: 0.8 }), '1', policy, null)).toContain(
        'Its confidence is 80 %, and its policy requires 84 % (70 % times 1.2, in production).',
      );
    });

    it('names the threshold that would clear a leak as a policy writes it', () => {
      const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.9 }) });

      expect(whatWouldChange(leaking, '1', policy, null)).toContain(
        'With a threshold above 75 % in its policy (it is 70 %, times 1.2 in production) it would be steady.',
      );
    });

    it('states from where on a suspicion is confirmed there', () => {
      const evidence = anEvidence({ confidence: 0.9, lastingConfidence: 0.9 });

      expect(whatWouldChange(aLeakingVerdict({ grade: 'suspected', evidence }), '1', policy, null)).toContain(
        'five hours ago counted in reaches 95 % (now 90 %)',
      );
    });

    it('states that the required confidence is capped', () => {
      expect(whatWouldChange(aSteadyVerdict({ confidence: 0.9 }), '1', { ...policy, threshold: 0.9 }, null)).toContain(
        'its policy requires 95 % (90 % times 1.2, in production, and 95 % at most).',
      );
    });

    it.each([
      ['production', 0.96],
      ['development', 0.8],
    ] as const)('names no threshold in %s that no policy may have', (environment, confidence) => {
      const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence }) });

      expect(whatWouldChange(leaking, '1', { ...policy, environment }, null)).not.toContain('With a threshold');
    });
  });

  it('names what a host has to pass to be evaluated at all', () => {
    const length = aCheck({ name: 'history', value: 2, limit: 6, unit: 'h', passed: false });

    expect(whatWouldChange(anInsufficientVerdict({ checks: [length] }), '1', DEFAULT_POLICY, null)).toBe(
      'To be evaluated it has to pass history.',
    );
    expect(whatWouldChange(anInsufficientVerdict(), '1', DEFAULT_POLICY, null)).toBe('');
  });
});

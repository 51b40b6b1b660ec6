import { describe, expect, it } from 'vitest';
import { renderGates, whatWouldChange } from '../../../cli/render/gates.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Gate } from '../../../model/verdict.ts';
import { aLeakingVerdict, anEvidence, anInsufficientVerdict, aSteadyVerdict } from '../../fixtures/builders.ts';

function aGate(overrides: Partial<Gate> = {}): Gate {
  return {
    name: 'rise',
    value: 12.3,
    comparison: 'at_least',
    limit: 1.5,
    unit: '%',
    passed: true,
    says: 'the floor rose by this much of the capacity',
    ...overrides,
  };
}

const STEP = aGate({ name: 'single_step', comparison: 'at_most', value: 0.9, limit: 0.37, unit: '1', passed: false });

describe('renderGates', () => {
  it('shows value, limit and sentence of each gate', () => {
    const unanswered = aGate({ name: 'above_earlier_highs', value: null, limit: -2, unit: '1' });

    expect(renderGates([aGate(), STEP, unanswered], { width: 40, paint: plain }).join('\n').split('\n')).toEqual([
      '  ✓ rise                 12.3 %, needs ≥ 1.5 %',
      '    the floor rose by this much of the',
      '    capacity',
      '  ✗ single_step          0.9, needs ≤ 0.37',
      '    the floor rose by this much of the',
      '    capacity',
      '  ✓ above_earlier_highs  no answer (needs ≥ −2), counted as passed',
      '    the floor rose by this much of the',
      '    capacity',
    ]);
  });
});

describe('whatWouldChange', () => {
  it('names what a steady host has not passed', () => {
    const steady = aSteadyVerdict({ gates: [aGate(), STEP, { ...STEP, name: 'trend' }] });

    expect(whatWouldChange(steady, 0.7)).toBe(
      'To count as a leak it would have to pass 2 more gates: single_step, trend.',
    );
  });

  it('names the threshold where all gates passed', () => {
    const steady = aSteadyVerdict({ gates: [aGate()], confidence: 0.72 });

    expect(whatWouldChange(steady, 0.8)).toBe(
      'All gates passed, but not by enough: the confidence is 72 %, and its policy asks for 80 %.',
    );
  });

  it('names the closest call of a leak, and the threshold that would clear it', () => {
    const near = aGate({ name: 'trend', value: 0.81, limit: 0.8, unit: '1' });
    const leaking = aLeakingVerdict({ evidence: anEvidence({ gates: [aGate(), near], confidence: 0.71 }) });

    expect(whatWouldChange(leaking, 0.7)).toBe(
      'The closest call was trend (0.81, needs ≥ 0.8). With a threshold above 71 % in its policy (it is 70 %) the host would be steady.',
    );
  });

  it('names what a host has to pass to be judged at all', () => {
    const length = aGate({ name: 'stretch_length', value: 2, limit: 6, unit: 'h', passed: false });

    expect(whatWouldChange(anInsufficientVerdict({ gates: [length] }), 0.7)).toBe(
      'To be judged it has to pass stretch_length.',
    );
    expect(whatWouldChange(anInsufficientVerdict(), 0.7)).toBe('');
  });
});

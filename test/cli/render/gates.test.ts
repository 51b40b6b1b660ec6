import { describe, expect, it } from 'vitest';
import { renderGates, whatWouldChange } from '../../../cli/render/gates.ts';
import { plain } from '../../../cli/render/text.ts';
import type { Counterfactual, Gate } from '../../../model/verdict.ts';
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
      '  ✓ rise                 12.3 %, limit ≥ 1.5 %',
      '    the floor rose by this much of the',
      '    capacity',
      '  ✗ single_step          0.9, limit ≤ 0.37',
      '    the floor rose by this much of the',
      '    capacity',
      '  ✓ above_earlier_highs  no answer (limit ≥ −2), counted as passed',
      '    the floor rose by this much of the',
      '    capacity',
    ]);
  });
});

const TURN: Counterfactual = {
  name: 'rise_12h',
  value: 8.21,
  hourAgo: false,
  comparison: 'at_most',
  limit: 3.1,
  unit: '%',
};

describe('whatWouldChange', () => {
  it('names the nearest sign that would clear a leak, and the threshold that would', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.81 }) });

    expect(whatWouldChange(leaking, 0.7, TURN)).toBe(
      'It would be steady with rise_12h at most 3.1 % (it is 8.21 %). With a threshold above 81 % in its policy (it is 70 %) it would be steady.',
    );
  });

  it('says that no single sign would clear a leak', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.93 }) });

    expect(whatWouldChange(leaking, 0.7, null)).toMatch(/^No single sign would have made it steady\. .* above 93 %/);
  });

  it('names no threshold that no policy may have', () => {
    const leaking = aLeakingVerdict({ evidence: anEvidence({ confidence: 0.97 }) });

    expect(whatWouldChange(leaking, 0.7, null)).toBe('No single sign would have made it steady.');
  });

  it('says from where on a suspicion is confirmed', () => {
    const suspected = aLeakingVerdict({ grade: 'suspected', evidence: anEvidence({ confidence: 0.8 }) });

    expect(whatWouldChange(suspected, 0.7, null)).toContain('It is confirmed, and pages, from 90 % on.');
  });

  it('says that it was an hour ago that a sign was not enough', () => {
    expect(whatWouldChange(aSteadyVerdict(), 0.7, { ...TURN, hourAgo: true })).toContain('(an hour ago it was 8.21 %)');
  });

  it('names the nearest sign that would make a steady host a leak', () => {
    const steady = aSteadyVerdict({ confidence: 0.12 });

    expect(whatWouldChange(steady, 0.7, { ...TURN, comparison: 'at_least', limit: 9.4 })).toBe(
      'Its confidence is 12 %, and its policy asks for 70 %. It would count as a leak with rise_12h above 9.4 % (it is 8.21 %), now and an hour ago.',
    );
  });

  it('says that no single sign would make a steady host a leak', () => {
    expect(whatWouldChange(aSteadyVerdict({ confidence: 0.01 }), 0.7, null)).toMatch(
      / No single sign would have made it a leak\.$/,
    );
  });

  it('names what a host has to pass to be judged at all', () => {
    const length = aGate({ name: 'stretch_length', value: 2, limit: 6, unit: 'h', passed: false });

    expect(whatWouldChange(anInsufficientVerdict({ gates: [length] }), 0.7, null)).toBe(
      'To be judged it has to pass stretch_length.',
    );
    expect(whatWouldChange(anInsufficientVerdict(), 0.7, null)).toBe('');
  });
});

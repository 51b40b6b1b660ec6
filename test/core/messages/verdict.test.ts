import { describe, expect, it } from 'vitest';
import { findingsText, TRANSITION_TEXT } from '../../../core/messages/finding.ts';
import { endText, steadyText, unknownEndText } from '../../../core/messages/verdict.ts';
import { aSteadyVerdict, HOUR, NOON } from '../../fixtures/builders.ts';

const UNKNOWN = { kind: 'cannot_say', reason: 'no_growth' } as const;
const TOMORROW = { kind: 'expected', earliest: NOON, likely: NOON + 24 * HOUR, latest: null } as const;

describe('the words of a verdict', () => {
  it('do not state that a host does not leak where that is the less likely half', () => {
    expect(steadyText(aSteadyVerdict({ confidence: 0.49 }))).toBe('its memory does not grow like a leak');
    expect(steadyText(aSteadyVerdict({ confidence: 0.5 }))).toBe(
      'it is not sure enough for its policy that its memory grows like a leak',
    );
  });

  it('name when the memory is used up, or why that is not known', () => {
    expect(endText(TOMORROW, NOON)).toMatch(/^if it goes on, its memory is used up in 24 h/);
    expect(endText(TOMORROW, NOON + 24 * HOUR)).toBe('its memory is used up');
    expect(endText(UNKNOWN, NOON)).toBe('when its memory is used up is not known: the floor does not grow');
    expect(unknownEndText(UNKNOWN, 'it')).toBe('when it is used up is not known: the floor does not grow');
    expect(unknownEndText(TOMORROW, 'it')).toBeUndefined();
  });
});

describe('the words of findings', () => {
  it('never read that there is a leak', () => {
    expect(TRANSITION_TEXT).toEqual({
      suspected: 'may grow like a leak',
      opened: 'grows like a leak',
      worse: 'grows like a leak, and is closer to its limit',
      better: 'grows like a leak, and is further from its limit',
      recovered: 'no longer grows like a leak',
      cleared: 'no longer looks suspicious',
      host_gone: 'is no longer reported: its host is gone',
      no_data: 'is no longer reported: its host sends no samples',
      reminder: 'still grows like a leak, and nobody has acknowledged it',
      escalated: 'grows like a leak, nobody has acknowledged it, and others are notified',
    });
  });

  it.each([
    [0, '0 of 1,200 hosts grow like a leak'],
    [1, '1 of 1,200 hosts grows like a leak'],
    [2, '2 of 1,200 hosts grow like a leak'],
  ])('count %i leaks', (found, text) => {
    expect(findingsText(found, 1200)).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { onsetText } from '../../../core/messages/onset.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

describe('onsetText', () => {
  const onset = { start: NOON - 6 * HOUR, end: NOON - 4 * HOUR };

  it('names both times', () => {
    expect(onsetText({ ...onset, leftCensored: false })).toBe('between 2026-11-20 06:00 and 2026-11-20 08:00 UTC');
  });

  it('names the later one alone where the growth may be older', () => {
    expect(onsetText({ ...onset, leftCensored: true })).toBe(
      'before 2026-11-20 08:00 UTC, perhaps older than the samples that were evaluated',
    );
  });
});

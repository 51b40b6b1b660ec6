import { describe, expect, it } from 'vitest';
import { progressBar } from '../../../cli/render/progress-bar.ts';

describe('progressBar', () => {
  it('shows how much is done, of how many hosts, and what is left at this pace', () => {
    expect(progressBar('replaying', { done: 60, total: 240, elapsedMs: 40_000 })).toBe(
      'replaying ━━━━━━──────────────────  25 %  60 of 240 hosts, 2 min left',
    );
  });

  it('estimates no time before there is a pace', () => {
    expect(progressBar('replaying', { done: 1, total: 4, elapsedMs: 100 })).toMatch(/1 of 4 hosts$/);
  });

  it('counts where nobody knows how many there are, or there are more than were thought', () => {
    expect(progressBar('replaying', { done: 7, total: undefined, elapsedMs: 9_000 })).toBe('replaying … 7 hosts');
    expect(progressBar('replaying', { done: 7, total: 6, elapsedMs: 9_000 })).toBe('replaying … 7 hosts');
  });
});

import { describe, expect, it } from 'vitest';
import { voteText } from '../../../core/messages/votes.ts';

const FACTS = { hours: 12, compared: 4, alike: 1, rise: 5.13, siblingRise: 0.24 };

describe('the sentence of a vote', () => {
  it('names the rise of the host and that of its siblings', () => {
    expect(voteText({ reason: 'siblings_do_not_rise', facts: FACTS })).toBe(
      'It rose by 5.1 points in 12 h; the 4 others of its group rose by 0.2 points in the median, 1 of them by half as much or more. The rise is its own.',
    );
  });

  it('states that a rise of its own is nothing like a leak', () => {
    expect(voteText({ reason: 'moves_beside_siblings', facts: FACTS })).toMatch(
      /1 of them by half as much or more\. What it does beside them does not look like a leak\.$/,
    );
  });

  it('names both causes of a rise that all share', () => {
    const facts = { ...FACTS, compared: 1, alike: 1, siblingRise: 4.9 };

    expect(voteText({ reason: 'siblings_rise', facts })).toBe(
      'It rose by 5.1 points in 12 h; the other host of its group rose by 4.9 points. What rises on all of them is load, or a leak that all of them have.',
    );
  });

  it('names the deployment that a rise of all began with', () => {
    const facts = { ...FACTS, siblingRise: -2, deployedHoursAgo: 12.6 };

    expect(voteText({ reason: 'siblings_rise_since_release', facts })).toBe(
      'It rose by 5.1 points in 12 h; the 4 others of its group fell by 2.0 points in the median, 1 of them by half as much or more. It began about when a version was deployed, 13 h ago.',
    );
  });

  it('counts the hosts that began to rise together', () => {
    expect(voteText({ reason: 'fleet_rises', facts: { hours: 9, together: 11, expected: 1.2 } })).toBe(
      '11 other hosts or groups of its account and region began to rise within two hours of it, 9 h ago; by chance it would be about 1.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { collectionText, REMAINDER_MEANINGS, unattributedText } from '../../../core/messages/attribution.ts';
import type { Unattributed } from '../../../core/model/attribution.ts';
import { NOON } from '../../fixtures/builders.ts';

function unattributed(overrides: Partial<Unattributed>): Unattributed {
  return { kind: 'unattributed', reason: 'not_collected', detail: null, traces: [], ...overrides };
}

describe('unattributedText', () => {
  it('names those that rose as fractions, and how that is changed', () => {
    const pod = (name: string) => ({ kind: 'pod', name, namespace: 'shop' }) as const;
    const traces = [
      { consumer: pod('till'), rise: 0.084 },
      { consumer: pod('cart'), rise: 0.042 },
    ];

    expect(unattributedText(unattributed({ reason: 'incommensurable', detail: 'Turn it on.', traces }))).toBe(
      'The use of its consumers is known as fractions of an unknown total: it cannot be compared with the host’s memory. ' +
        'Most of all rose meanwhile, on this host or on another: shop/till (+8.4 points), shop/cart (+4.2 points). Turn it on.',
    );
  });

  it('is the detail of the source where that has one', () => {
    expect(unattributedText(unattributed({ detail: 'Turn it on.' }))).toBe('Turn it on.');
    expect(unattributedText(unattributed({ reason: 'denied', detail: 'no right' }))).toBe('no right');
  });

  it.each(['not_collected', 'unsupported', 'too_little', 'not_requested', 'denied'] as const)(
    'has a sentence of its own for %s',
    (reason) => {
      expect(unattributedText(unattributed({ reason }))).toMatch(/^[A-Z].*\.$/);
    },
  );
});

describe('REMAINDER_MEANINGS', () => {
  it('has the usual meaning of each remainder', () => {
    expect(REMAINDER_MEANINGS).toEqual({
      not_collected: expect.stringMatching(/^no consumer that is collected holds it: memory of the kernel/),
      counted_twice: expect.stringMatching(/^the consumers grew by more than the host: .* is counted for each/),
      noise: 'the consumers account for the rise within what noise allows',
    });
  });
});

describe('collectionText', () => {
  it('names the beginning of a collection alone', () => {
    expect(collectionText({ collectedFrom: NOON, collectedUntil: null })).toBe(
      'collected since 2026-11-20 12:00 UTC only: its use is assumed to be constant beyond that',
    );
  });

  it('names the end of one alone', () => {
    expect(collectionText({ collectedFrom: null, collectedUntil: NOON })).toBe(
      'not collected after 2026-11-20 12:00 UTC: its use is assumed to be constant beyond that',
    );
  });

  it('names both ends of a collection, and is null where there are none', () => {
    expect(collectionText({ collectedFrom: NOON, collectedUntil: NOON })).toBe(
      'collected since 2026-11-20 12:00 UTC only, not collected after 2026-11-20 12:00 UTC: its use is assumed to be constant beyond that',
    );
    expect(collectionText({ collectedFrom: null, collectedUntil: null })).toBeNull();
  });
});

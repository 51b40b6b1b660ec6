import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayText } from '../../../core/messages/plain-text.ts';

/** What decides where a text is truncated: spaces, characters that nobody sees, pairs, and the parts of an address. */
const parts = fc.constantFrom(
  ' ',
  '\n',
  '\u0007',
  '\u200b',
  '\u202e',
  ':',
  '/',
  '://',
  'a',
  'ü',
  '😀',
  '\ud83d',
  '\ude00',
);
const texts = fc.array(parts, { maxLength: 120 }).map((characters) => characters.join(''));

/** As it is documented, for texts of any length. */
function shown(value: string, length: number): string {
  const visible = value
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .replaceAll('://', ': //')
    .trim();
  const clipped = visible.length <= length ? visible : `${visible.slice(0, length - 1)}…`;
  return clipped.replace(/\p{Surrogate}/gu, '');
}

describe('a text that is displayed', () => {
  it('is the same whether its end is read or not', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 12 }), (text, length) => {
        expect(displayText(text, length)).toBe(shown(text, length));
      }),
      { numRuns: 2_000 },
    );
  });

  it('begins with what is visible, however much that nobody sees stands before it', () => {
    expect(displayText(`${'\u200b'.repeat(100_000)}checkout${' '.repeat(100_000)}`)).toBe('checkout');
  });
});

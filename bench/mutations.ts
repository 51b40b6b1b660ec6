/** What an answer may become that nobody promised: values of other kinds, parts that are gone or there twice, bytes that flip. */
import { pickFrom, type Random } from './random.ts';

const STRANGE: readonly unknown[] = [
  null,
  true,
  '',
  'NaN',
  '\u0000',
  '__proto__',
  'x'.repeat(5_000),
  0,
  -1,
  1e308,
  -5e-324,
  2 ** 53,
  '1e400',
  '9999-99-99T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  [],
  {},
  [[[]]],
  { constructor: 1, toString: null },
];

/** A copy of a JSON value in which each part is changed with this probability. */
export function mutated(value: unknown, random: Random, share: number): unknown {
  if (random() < share) return replacement(value, random);
  if (Array.isArray(value)) {
    const items = value.map((item) => mutated(item, random, share));
    return random() < share ? reordered(items, random) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(() => random() >= share);
  return Object.fromEntries(kept.map(([key, part]) => [key, mutated(part, random, share)]));
}

function replacement(value: unknown, random: Random): unknown {
  if (typeof value === 'number' && random() < 0.5) return value * pickFrom(random, [-1, 0, 10, 1e-9, 1e300]);
  if (typeof value === 'string' && random() < 0.5) return value.slice(Math.floor(random() * value.length));
  return pickFrom(random, STRANGE);
}

function reordered(items: readonly unknown[], random: Random): unknown[] {
  const [first] = items;
  return pickFrom(random, [items.toReversed(), [...items, ...items], items.slice(1), [first, ...items]]);
}

/** A text that ends early or has one character changed, with the probability `share`; else the text itself. */
export function mangled(text: string, random: Random, share: number): string {
  if (random() >= share || text.length === 0) return text;
  const at = Math.floor(random() * text.length);
  return random() < 0.5
    ? text.slice(0, at)
    : `${text.slice(0, at)}${pickFrom(random, ['"', '{', '\u0000', '\ud800', '9'])}${text.slice(at + 1)}`;
}

/** The same of bytes. */
export function flipped(bytes: Buffer, random: Random, share: number): Buffer {
  if (random() >= share || bytes.length === 0) return bytes;
  const at = Math.floor(random() * bytes.length);
  if (random() < 0.5) return bytes.subarray(0, at);
  const copy = Buffer.from(bytes);
  copy[at] = Math.floor(random() * 256);
  return copy;
}

/** Answers of a provider made wrong: one field of a JSON document after another becomes something that no provider documents. */
import { pickFrom, type Random } from './random.ts';

/** What stands in a field instead: other types, numbers beyond any bound, keys that an object has already. */
const REPLACEMENTS: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  () => '',
  () => 'NaN',
  () => '1e999',
  () => [],
  () => ({}),
  () => -1,
  () => 0.1,
  () => Number.MAX_VALUE,
  () => -Number.MAX_SAFE_INTEGER,
  () => 8.64e15,
  () => 'a'.repeat(100_000),
  () => '\u0000\u202e\ud800',
  () => nested(2_000),
  () => JSON.parse('{"__proto__":{"Id":"m0"},"constructor":[],"toString":1,"length":-1}'),
  () => Array.from({ length: 2_000 }, (_, index) => index),
  (random) => String(random()),
  (random) => random() * 1e18,
];

const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', '', 'NextToken', 'length', '0'];

/** The text of the document with so many mistakes in it. Now and then it is no JSON at all. */
export function mutatedText(document: unknown, mistakes: number, random: Random): string {
  // Held in an object, so that the document itself can be replaced.
  const root = { document: JSON.parse(JSON.stringify(document)) };
  for (let made = 0; made < mistakes; made++) {
    const fields = fieldsIn(root);
    if (fields.length > 0) spoil(pickFrom(random, fields), random);
  }
  const text = JSON.stringify(root.document) ?? '';
  return random() < 0.05 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

interface Field {
  readonly within: object;
  readonly key: string;
}

/** Every field of a document, the numbers in the middle of long lists excepted: one is like another. */
function fieldsIn(value: unknown, depth = 0): Field[] {
  if (typeof value !== 'object' || value === null || depth > 20) return [];
  const keys = Object.keys(value).slice(0, 20);
  return keys.flatMap((key) => [{ within: value, key }, ...fieldsIn(Reflect.get(value, key), depth + 1)]);
}

function spoil({ within, key }: Field, random: Random): void {
  const chance = random();
  if (chance < 0.15) Reflect.deleteProperty(within, key);
  else if (chance < 0.25) put(within, pickFrom(random, HOSTILE_KEYS), Reflect.get(within, key));
  else if (chance < 0.35) put(within, key, [Reflect.get(within, key), Reflect.get(within, key)]);
  else put(within, key, pickFrom(random, REPLACEMENTS)(random));
}

/** As an own field, whatever its name. */
function put(within: object, key: string, value: unknown): void {
  if (Array.isArray(within) && key === 'length') return;
  Object.defineProperty(within, key, { value, enumerable: true, configurable: true, writable: true });
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

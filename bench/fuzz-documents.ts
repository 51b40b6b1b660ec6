/** Documents that somebody got wrong: fields missing, renamed, of another type, of absurd size, or with names that objects know. */
import fc from 'fast-check';

/** One step to a document that is not as it was. */
interface Mutation {
  /** Chooses a value of the document, by its number modulo how many there are. */
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'wrap' | 'repeat';
  readonly name: string;
  readonly value: unknown;
}

/** As deep as JSON.stringify goes, which writes some of these. */
const DEPTH = 1_000;

const nested = Array.from({ length: DEPTH }).reduce<unknown>((inner) => ({ a: [inner] }), {});

const NAMES = ['constructor', '__proto__', 'toString', 'length', '', '\ud800', 'a.b[0]', 'x'.repeat(3000), 'labels'];

const TEXTS = [
  ...NAMES,
  'acme',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  '2026-11-20T12:00:00+99:00',
  '2026-11-20T12:00:00.000000000Z',
  '60 24 32 13 8',
  '* * * * * *',
  '*/0 * * * *',
  'Mars/Olympus',
  '記'.repeat(2000),
  '{"a":1}',
  'null',
  '['.repeat(50_000),
];

const VALUES: readonly unknown[] = [
  ...[Number.NaN, Infinity, -Infinity, -0, -1, 1e300, 5e-324, 2 ** 53, 1.5, 0, 1],
  ...[null, undefined, true, {}, [], [[]], nested, new Array(20_000).fill(0)],
];

const aName = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 20 }));

const aValue = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const aMutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(10_000),
  kind: fc.constantFrom('replace', 'remove', 'add', 'wrap', 'repeat'),
  name: aName,
  value: aValue,
});

/** One of the documents after up to four mutations. */
export function mutatedDocument(...documents: readonly unknown[]): fc.Arbitrary<unknown> {
  const mutations = fc.array(aMutation, { maxLength: 4 });
  return fc.tuple(fc.constantFrom(...documents), mutations).map(([document, steps]) => steps.reduce(mutate, document));
}

/** The text with a part left out, repeated or replaced. */
export function mutatedText(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.nat(500), fc.nat(500), fc.oneof(fc.constant(''), fc.constantFrom(...TEXTS), fc.string()))
    .map(([complete, from, length, insert]) => complete.slice(0, from) + insert + complete.slice(from + length));
}

/** The document with one of its values changed. */
function mutate(document: unknown, mutation: Mutation): unknown {
  const paths = pathsOf(document);
  return changeAt(document, paths[mutation.at % paths.length] ?? [], (value) => changed(value, mutation));
}

/** The paths of all values in the first levels; the document's own is empty. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || path.length > 8) return [path];
  const entries = Object.entries(value).slice(0, 50);
  return [path, ...entries.flatMap(([name, entry]) => pathsOf(entry, [...path, name]))];
}

/** What a value becomes; undefined stands for none. */
function changed(value: unknown, { kind, name, value: other }: Mutation): unknown {
  switch (kind) {
    case 'replace':
      return other;
    case 'remove':
      return undefined;
    case 'wrap':
      return [value];
    case 'repeat':
      return Array.isArray(value) ? [...value, ...value] : [value, value];
    case 'add':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? withEntry(value, name, other)
        : other;
  }
}

function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((entry, index) => (String(index) === name ? changeAt(entry, rest, change) : entry));
  }
  const entries: [string, unknown][] = Object.entries(value).map(([own, entry]) => [
    own,
    own === name ? changeAt(entry, rest, change) : entry,
  ]);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

function withEntry(value: object, name: string, entry: unknown): object {
  return Object.fromEntries([...Object.entries(value), [name, entry]]);
}

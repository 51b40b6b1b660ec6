/**
 * Stands for zod in the page. Modules of the core state their types as schemas, the detector imports some of these modules, and the page
 * parses nothing. Without zod the detector's chunk is smaller, and nothing tries `eval`, which the policy of the page refuses.
 */

/** What would read a value by a schema. */
const READS = new Set<PropertyKey>(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'decode', 'encode']);

/** Whatever is called on it, it is itself. */
const inert: () => unknown = new Proxy(() => inert, {
  get(_, property) {
    if (READS.has(property)) throw new Error(`The page has no schemas: ${String(property)} was called in it.`);
    return inert;
  },
  apply: () => inert,
});

function encode(): never {
  throw new Error('The page has no schemas: encode was called in it.');
}

export {
  encode,
  inert as array,
  inert as boolean,
  inert as codec,
  inert as custom,
  inert as discriminatedUnion,
  inert as enum,
  inert as int,
  inert as iso,
  inert as literal,
  inert as never,
  inert as number,
  inert as partialRecord,
  inert as record,
  inert as strictObject,
  inert as string,
};

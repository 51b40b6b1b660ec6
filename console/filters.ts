/**
 * Filters of a list as its address has them: `?group=web&group=!db` shows the group web and not db. Each list names the fields that it
 * can be filtered by; what else is in the address is left as it is.
 */

export interface FieldFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** By field; a field without a filter is absent. */
export type Filters = Readonly<Record<string, FieldFilter>>;

export type FilterKind = 'include' | 'exclude';

const EXCLUDE = '!';
/** Before a value that begins with one of the two characters. */
const LITERAL = '=';
const NONE: FieldFilter = { include: [], exclude: [] };

/** @param search `?group=web&group=!db`, with or without the question mark. */
export function parseFilters(search: string, fields: readonly string[]): Filters {
  const parameters = new URLSearchParams(search);
  const found: Record<string, FieldFilter> = {};
  for (const field of fields) {
    const values = parameters.getAll(field).filter((value) => value !== '');
    if (values.length > 0) found[field] = fieldFilter(values);
  }
  return found;
}

function fieldFilter(values: readonly string[]): FieldFilter {
  const exclude = values.filter((value) => value.startsWith(EXCLUDE)).map((value) => value.slice(EXCLUDE.length));
  const include = values
    .filter((value) => !value.startsWith(EXCLUDE))
    .map((value) => (value.startsWith(LITERAL) ? value.slice(LITERAL.length) : value));
  return { include, exclude };
}

/** The search of an address with these filters instead of its own; its other parameters stay. */
export function withFilters(search: string, fields: readonly string[], filters: Filters): string {
  const parameters = new URLSearchParams(search);
  for (const field of fields) {
    parameters.delete(field);
    const { include, exclude } = filters[field] ?? NONE;
    for (const value of include) parameters.append(field, /^[!=]/.test(value) ? `${LITERAL}${value}` : value);
    for (const value of exclude) parameters.append(field, `${EXCLUDE}${value}`);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** With the value included or excluded; the same again takes it out, and the opposite is replaced. */
export function toggleFilter(filters: Filters, field: string, value: string, kind: FilterKind): Filters {
  const before = filters[field] ?? NONE;
  const had = before[kind].includes(value);
  const without = {
    include: before.include.filter((one) => one !== value),
    exclude: before.exclude.filter((one) => one !== value),
  };
  const after = had ? without : { ...without, [kind]: [...without[kind], value] };
  const { [field]: _, ...others } = filters;
  return after.include.length + after.exclude.length === 0 ? others : { ...others, [field]: after };
}

/** Whether a row passes: each field's value is one of the included, where any is, and none of the excluded. */
export function passes(filters: Filters, fieldOf: (field: string) => string): boolean {
  return Object.entries(filters).every(([field, { include, exclude }]) => {
    const value = fieldOf(field);
    return (include.length === 0 || include.includes(value)) && !exclude.includes(value);
  });
}

/** Each single filter, for chips. */
export function listFilters(filters: Filters): { field: string; value: string; kind: FilterKind }[] {
  return Object.entries(filters).flatMap(([field, { include, exclude }]) => [
    ...include.map((value) => ({ field, value, kind: 'include' as const })),
    ...exclude.map((value) => ({ field, value, kind: 'exclude' as const })),
  ]);
}

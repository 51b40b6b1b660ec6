/** What differs between two versions of a config, in a line. */
import { DEFAULT_POLICY } from '../model/policy.ts';
import type { TenantConfig } from '../model/tenant.ts';

/** Characters of a value, and changes of a summary: it stands in one line of a table. */
const VALUE_LENGTH = 40;
const LISTED = 4;

/** For example `policy.threshold 0.7 → 0.8; added aws 111122223333`. Of the first version how many accounts it has. */
export function changeSummary(before: TenantConfig | undefined, after: TenantConfig): string {
  if (before === undefined) {
    const count = after.accounts.length;
    return `first version, ${count} ${count === 1 ? 'account' : 'accounts'}`;
  }
  const changes = changesBetween(before, after);
  if (changes.length === 0) return 'no change';
  const more = changes.length - LISTED;
  return [...changes.slice(0, LISTED), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** Every change; none where the documents are the same. */
export function changesBetween(before: TenantConfig, after: TenantConfig): string[] {
  return [...fieldChanges('', fieldsOf(before), fieldsOf(after)), ...accountChanges(before, after)];
}

function accountChanges(before: TenantConfig, after: TenantConfig): string[] {
  const [old, current] = [accountsByName(before), accountsByName(after)];
  const removed = [...old.keys()].filter((name) => !current.has(name));
  return [
    ...[...current.keys()].filter((name) => !old.has(name)).map((name) => `added ${name}`),
    ...removed.map((name) => `removed ${name}`),
    ...[...current].flatMap(([name, fields]) => {
      const earlier = old.get(name);
      return earlier === undefined ? [] : fieldChanges(`${name}: `, earlier, fields);
    }),
    ...(sameNames(old, current) && removed.length === 0 && !sameOrder(old, current) ? ['order of accounts'] : []),
  ];
}

type Fields = ReadonlyMap<string, string>;

function accountsByName({ accounts }: TenantConfig): Map<string, Fields> {
  return new Map(accounts.map((account) => [`${account.provider} ${account.account}`, flattened(account)]));
}

function sameNames(a: ReadonlyMap<string, Fields>, b: ReadonlyMap<string, Fields>): boolean {
  return a.size === b.size && [...a.keys()].every((name) => b.has(name));
}

function sameOrder(a: ReadonlyMap<string, Fields>, b: ReadonlyMap<string, Fields>): boolean {
  return [...a.keys()].join() === [...b.keys()].join();
}

function fieldsOf({ accounts: _, ...config }: TenantConfig): Fields {
  return flattened(config);
}

/** Values by their paths. */
function flattened(value: unknown): Fields {
  const fields = new Map<string, string>();
  const waiting: [string, unknown][] = [['', value]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, inner] = next;
    if (typeof inner === 'object' && inner !== null) {
      for (const [name, entry] of Object.entries(inner))
        waiting.push([Array.isArray(inner) ? `${path}[${name}]` : [path, name].filter(Boolean).join('.'), entry]);
    } else if (inner !== undefined) fields.set(path, String(inner));
  }
  return fields;
}

function fieldChanges(prefix: string, before: Fields, after: Fields): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${prefix}${path} ${valueText(path, before.get(path))} → ${valueText(path, after.get(path))}`);
}

const DEFAULTS = flattened({ policy: DEFAULT_POLICY });

/** What is not set has a value all the same: that of the defaults, where nothing between them sets it. */
function valueText(path: string, value: string | undefined): string {
  if (value === undefined) return DEFAULTS.has(path) ? `not set (${DEFAULTS.get(path)} by default)` : 'none';
  return value.length > VALUE_LENGTH ? `${value.slice(0, VALUE_LENGTH)}…` : value;
}

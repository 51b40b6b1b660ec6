/** Rows of a table of accounts, as changes of a config. Pure: nothing is stored. */
import { CLOUD_NAMES, CLOUD_PROVIDERS, type CloudProvider } from '../model/series.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import { InvalidFieldsError } from '../ports/errors.ts';
import type { ConfigChanges, Edit } from './config-changes.ts';
import { type KnownAccount, type NewAccountOptions, newAccount } from './new-account.ts';
import { parseTenantConfig } from './tenant-config.ts';

interface Column {
  /** Where its values stand in an account. Absent: it is about the row. */
  readonly path?: readonly string[];
  /** The cloud whose accounts have it. Absent: all. */
  readonly provider?: CloudProvider;
}

/** The columns that a table may have. */
export const ACCOUNT_COLUMNS = {
  provider: {},
  account: { path: ['account'] },
  name: {},
  regions: { path: ['regions'] },
  role: { path: ['role'], provider: 'aws' },
  projectNumber: { path: ['identity', 'projectNumber'], provider: 'gcp' },
  pool: { path: ['identity', 'pool'], provider: 'gcp' },
  poolProvider: { path: ['identity', 'provider'], provider: 'gcp' },
  serviceAccount: { path: ['identity', 'serviceAccount'], provider: 'gcp' },
  directory: { path: ['directory'], provider: 'azure' },
  client: { path: ['client'], provider: 'azure' },
  workspace: { path: ['workspace'], provider: 'azure' },
  cron: { path: ['schedule', 'cron'] },
  timezone: { path: ['schedule', 'timezone'] },
  enabled: { path: ['enabled'] },
} as const satisfies Readonly<Record<string, Column>>;

export type AccountColumn = keyof typeof ACCOUNT_COLUMNS;

const COLUMNS: readonly (readonly [AccountColumn, Column])[] = columnsInOrder();

export interface AccountRow {
  /** Its line in the file, from 1. */
  readonly line: number;
  /** Without those that are empty. */
  readonly cells: ReadonlyMap<AccountColumn, string>;
}

export interface ImportOptions extends NewAccountOptions {
  readonly tenant: string;
  /** Of rows that name none. */
  readonly provider?: CloudProvider | undefined;
}

export interface Import {
  readonly changes: ConfigChanges;
  /** Accounts of rows that are in the config with the same values. */
  readonly unchanged: number;
  /** `line 7, column regions: must be an AWS region, for example eu-west-1`. Where there is any, the changes are not complete. */
  readonly issues: readonly string[];
}

/** Accounts of the config for which there is no row stay as they are; a cell that is empty changes nothing. */
export function importAccounts(
  rows: readonly AccountRow[],
  config: TenantConfig | undefined,
  options: ImportOptions,
): Import {
  const own = config?.accounts ?? [];
  const outcomes = rows.map((row) => importRow(row, own, options));
  const read = outcomes.filter((outcome) => outcome.kind === 'read');
  return {
    changes: {
      additions: read.flatMap(({ addition }) => (addition === undefined ? [] : [addition])),
      edits: read.flatMap(({ edits }) => edits),
    },
    unchanged: read.filter(({ addition, edits }) => addition === undefined && edits.length === 0).length,
    issues: [
      ...outcomes.flatMap((outcome) => (outcome.kind === 'wrong' ? outcome.issues : [])),
      ...repeated(rows, options),
    ],
  };
}

type Outcome =
  | { readonly kind: 'wrong'; readonly issues: readonly string[] }
  | {
      readonly kind: 'read';
      readonly addition: ConfigChanges['additions'][number] | undefined;
      readonly edits: readonly Edit[];
    };

function importRow(row: AccountRow, own: readonly Account[], options: ImportOptions): Outcome {
  const provider = providerOf(row, options);
  const account = accountOf(row, provider);
  if (provider === undefined)
    return wrong(row, 'provider', `must be ${CLOUD_PROVIDERS.join(', ')}, or name one for all with --provider`);
  if (account === undefined) return wrong(row, 'account', 'is missing');
  const damage = provider === 'aws' ? damageOf(account) : undefined;
  if (damage !== undefined) return wrong(row, 'account', damage);
  const misplaced = COLUMNS.find(
    ([name, column]) => row.cells.has(name) && column.provider !== undefined && column.provider !== provider,
  );
  if (misplaced?.[1].provider !== undefined) {
    return wrong(
      row,
      misplaced[0],
      `is of ${CLOUD_NAMES[misplaced[1].provider]}, and the account of ${CLOUD_NAMES[provider]}`,
    );
  }
  const index = own.findIndex((one) => one.provider === provider && one.account === account);
  const before = own[index];
  const values = valuesOf(row, account);
  const base = before ?? newAccount(knownOf(provider, account, row), own, options);
  const fields = values.reduce<object>((fields, { path, value }) => withValue(fields, path, value), base);
  const issues = issuesOf(fields, row, options);
  if (issues.length > 0) return { kind: 'wrong', issues };
  if (before !== undefined) {
    const edits = values.filter(({ path, value }) => JSON.stringify(valueAt(before, path)) !== JSON.stringify(value));
    return { kind: 'read', addition: undefined, edits: edits.map((edit) => ({ ...edit, index, comment: '' })) };
  }
  return { kind: 'read', addition: { fields, comment: row.cells.get('name') ?? '' }, edits: [] };
}

function wrong({ line }: AccountRow, column: string, message: string): Outcome {
  return { kind: 'wrong', issues: [`line ${line}, column ${column}: ${message}`] };
}

function providerOf({ cells }: AccountRow, { provider }: ImportOptions): CloudProvider | undefined {
  const named = cells.get('provider')?.toLowerCase();
  return named === undefined ? provider : CLOUD_PROVIDERS.find((one) => one === named);
}

/** Azure's tools print ids in either case. */
function accountOf({ cells }: AccountRow, provider: CloudProvider | undefined): string | undefined {
  const account = cells.get('account');
  return provider === 'azure' ? account?.toLowerCase() : account;
}

/** What a spreadsheet does to twelve digits that it takes for a number. */
function damageOf(account: string): string | undefined {
  if (/^\d([.,]\d+)?e\+\d+$/i.test(account)) {
    return `${account} is what a spreadsheet makes of an account: its digits are lost. Set the column to text and enter the 12 digits again`;
  }
  if (/^\d{1,11}$/.test(account)) {
    return `${account} has ${account.length} digits of 12: a spreadsheet drops zeros at the beginning. Set the column to text and enter all of them`;
  }
  return undefined;
}

function knownOf(provider: CloudProvider, account: string, { cells }: AccountRow): KnownAccount {
  if (provider === 'aws') return { provider, account };
  if (provider === 'gcp') {
    const projectNumber = cells.get('projectNumber');
    return { provider, account, ...(projectNumber !== undefined && { projectNumber }) };
  }
  return { provider, account, directory: cells.get('directory')?.toLowerCase() ?? null };
}

type Value = Pick<Edit, 'path' | 'value'>;

function valuesOf({ cells }: AccountRow, account: string): Value[] {
  return COLUMNS.flatMap(([name, { path }]) => {
    const cell = cells.get(name);
    if (path === undefined || cell === undefined) return [];
    return [{ path, value: name === 'account' ? account : readCell(name, cell) }];
  });
}

function readCell(column: AccountColumn, cell: string): Edit['value'] {
  switch (column) {
    case 'regions':
      return cell.split(/[\s;,]+/).filter((region) => region !== '');
    case 'enabled':
      return BOOLEANS.get(cell.toLowerCase()) ?? cell;
    case 'directory':
    case 'client':
    case 'workspace':
      return cell.toLowerCase();
    default:
      return cell;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

function withValue(fields: object, [name = '', ...rest]: readonly string[], value: Edit['value']): object {
  const before: unknown = Reflect.get(fields, name);
  const inner = typeof before === 'object' && before !== null ? before : {};
  return { ...fields, [name]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

function valueAt(fields: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined),
    fields,
  );
}

/** Checked as the only account of a config, so that every rule of a config holds for it. */
function issuesOf(fields: object, { line }: AccountRow, { tenant }: ImportOptions): string[] {
  try {
    parseTenantConfig({ version: 1, tenant, accounts: [fields] });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFieldsError)) throw error;
    return error.fields.map(({ path, message }) => `line ${line}, ${columnAt(path.slice(2))}: ${message}`);
  }
}

/** The column whose value is wrong. Most have the path of a field; a field without a column is named itself. */
function columnAt(path: readonly PropertyKey[]): string {
  const found = COLUMNS.find(([, { path: of }]) => of?.every((name, index) => path[index] === name));
  return found === undefined ? `field ${path.map(String).join('.')}` : `column ${found[0]}`;
}

function repeated(rows: readonly AccountRow[], options: ImportOptions): string[] {
  const lines = new Map<string, number>();
  return rows.flatMap((row) => {
    const provider = providerOf(row, options);
    const account = accountOf(row, provider);
    const key = `${provider}/${account}`;
    const first = lines.get(key);
    if (account === undefined || first === undefined) {
      lines.set(key, row.line);
      return [];
    }
    return [`line ${row.line}, column account: ${account} stands in line ${first} already`];
  });
}

function columnsInOrder(): (readonly [AccountColumn, Column])[] {
  const names = Object.keys(ACCOUNT_COLUMNS).filter(isColumn);
  return names.map((name) => [name, ACCOUNT_COLUMNS[name]]);
}

function isColumn(name: string): name is AccountColumn {
  return name in ACCOUNT_COLUMNS;
}

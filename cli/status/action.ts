/** `plimsoll status`: who is inspected, who is not, and since when. */
import { remainingInspections } from '../../core/health/project-spend.ts';
import type { ScopeHealth } from '../../core/model/health.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { HealthStore } from '../../core/ports/health-store.ts';
import type { CommandContext } from '../context.ts';
import { noteDeletion } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { wrap } from '../render/text.ts';
import { openConfigStore, openHealthStore, openSpendStore } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { compareRows, needsAttention, type StatusRow, statusRows } from './rows.ts';
import { spendJson, spendText, type TenantSpend, tenantSpend } from './spend.ts';
import { renderStatus, rowJson, type StatusOptions, statusTotals } from './text.ts';

export interface StatusCommandOptions extends StatusOptions, DeploymentOptions {
  readonly account?: string;
  readonly json?: boolean;
}

/** Exit code 4 where something is overdue or failing, or cannot be read back. Items that cannot be read back hide no other. */
export async function printStatus(
  tenant: string | undefined,
  options: StatusCommandOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, environment, signal, now } = context;
  const [store, spendStore] = [openHealthStore(environment), openSpendStore(environment)];
  const time = { now, remaining: remainingInspections(now) };
  const corrupt: ItemError[] = [];
  const rows: StatusRow[] = [];
  const spends: TenantSpend[] = [];
  const tenants = await tenantsOf(tenant, options, context, corrupt);
  for (const stored of tenants) {
    signal.throwIfAborted();
    terminal.progress(`reading the health of tenant ${stored.config.tenant} …`);
    const health = await readAll(store.list(stored.config.tenant), corrupt);
    rows.push(...(await rowsOf(stored, health, store, { now, corrupt })));
    const spend = await unlessCorrupt(tenantSpend(stored, health, spendStore, time), corrupt);
    if (spend !== undefined && stored.deletion === undefined) spends.push(spend);
  }
  const selected = rows.filter(({ account }) => options.account === undefined || account === options.account);
  if (selected.length === 0 && corrupt.length === 0) throw new UsageError(nothingText(tenant, options.account));
  selected.sort(compareRows);
  if (options.json) printJson(selected, spends, options, context);
  else
    terminal.print(
      renderStatus(selected, { ...options, deployment: deploymentArguments(options) }, tableOptions(terminal)),
    );
  if (!options.json) for (const spend of spends) terminal.print(wrap(spendText(spend), textWidth(terminal)));
  for (const stored of tenants) noteDeletion(stored, deploymentArguments(options), terminal);
  for (const { message } of corrupt) terminal.note(`error: ${message}`);
  return selected.some(needsAttention) || corrupt.length > 0 ? EXIT.partial : EXIT.clean;
}

async function tenantsOf(
  tenant: string | undefined,
  deployment: DeploymentOptions,
  { environment }: CommandContext,
  corrupt: ItemError[],
): Promise<StoredTenant[]> {
  const configs = openConfigStore(environment);
  if (tenant === undefined) return readAll(configs.list(), corrupt);
  const stored = await configs.get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(deployment));
  return [stored];
}

async function rowsOf(
  tenant: StoredTenant,
  health: readonly ScopeHealth[],
  store: HealthStore,
  { now, corrupt }: { readonly now: number; readonly corrupt: ItemError[] },
): Promise<StatusRow[]> {
  const watch = await unlessCorrupt(store.getWatch(tenant.config.tenant), corrupt);
  return statusRows({ tenant, health, watch: watch?.value }, now);
}

/** Undefined where an item cannot be read back, which is then among the corrupt ones. */
async function unlessCorrupt<Value>(reading: Promise<Value>, corrupt: ItemError[]): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.push(error);
    return undefined;
  }
}

/** What can be read of many items; a store throws what cannot after it has given the others. */
async function readAll<Item>(items: AsyncIterable<Item>, corrupt: ItemError[]): Promise<Item[]> {
  const read: Item[] = [];
  try {
    for await (const item of items) read.push(item);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.push(error);
  }
  return read;
}

function nothingText(tenant: string | undefined, account: string | undefined): string {
  if (account !== undefined) return `No config has an account ${account}. Without --account all are listed.`;
  return tenant === undefined
    ? `There is no tenant yet: \`${PLIMSOLL} tenants template\` prints a config to start from.`
    : `Tenant ${tenant} has no account.`;
}

function printJson(
  rows: readonly StatusRow[],
  spends: readonly TenantSpend[],
  { overdue }: StatusOptions,
  { terminal }: CommandContext,
): void {
  for (const row of rows) if (!overdue || needsAttention(row)) terminal.printJson(rowJson(row));
  for (const spend of spends) terminal.printJson(spendJson(spend));
  terminal.printJson(JSON.stringify({ kind: 'total', ...statusTotals(rows) }));
}

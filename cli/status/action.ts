/** `plimsoll status`: who is inspected, who is not, and since when. */
import { remainingInspections } from '../../core/health/project-spend.ts';
import { readableItems, unlessCorrupt } from '../../core/health/readable-items.ts';
import { compareRows, needsAttention, type StatusRow, statusRows } from '../../core/health/status-rows.ts';
import { tenantSpend } from '../../core/health/tenant-spend.ts';
import type { ScopeHealth } from '../../core/model/health.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { ItemError } from '../../core/ports/errors.ts';
import type { HealthStore } from '../../core/ports/health-store.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import type { CommandContext } from '../context.ts';
import { noteDeletion } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { wrap } from '../render/text.ts';
import { openConfigStore, openHealthStore, openSpendStore } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { type CappedSpend, isCapped, spendJson, spendText } from './spend.ts';
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
  const spends: CappedSpend[] = [];
  const tenants = await tenantsOf(tenant, options, context, corrupt);
  for (const stored of tenants) {
    signal.throwIfAborted();
    terminal.progress(`reading the health of tenant ${stored.config.tenant} …`);
    const health = await readableItems(store.list(stored.config.tenant), corrupt);
    rows.push(...(await rowsOf(stored, health, store, { now, corrupt })));
    spends.push(...(await spendOf(stored, health, spendStore, { ...time, corrupt })));
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
  if (tenant === undefined) return readableItems(configs.list(), corrupt);
  const stored = await configs.get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(deployment));
  return [stored];
}

/** Of a tenant with a cost cap. */
async function spendOf(
  stored: StoredTenant,
  health: readonly ScopeHealth[],
  store: SpendStore,
  { corrupt, ...time }: Parameters<typeof tenantSpend>[3] & { readonly corrupt: ItemError[] },
): Promise<CappedSpend[]> {
  if (stored.config.costCap === undefined || stored.deletion !== undefined) return [];
  const spend = await unlessCorrupt(tenantSpend(stored, health, store, time), corrupt);
  return spend !== undefined && isCapped(spend) ? [spend] : [];
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

function nothingText(tenant: string | undefined, account: string | undefined): string {
  if (account !== undefined) return `No config has an account ${account}. Without --account all are listed.`;
  return tenant === undefined
    ? `There is no tenant yet: \`${PLIMSOLL} tenants template\` prints a config to start from.`
    : `Tenant ${tenant} has no account.`;
}

function printJson(
  rows: readonly StatusRow[],
  spends: readonly CappedSpend[],
  { overdue }: StatusOptions,
  { terminal }: CommandContext,
): void {
  for (const row of rows) if (!overdue || needsAttention(row)) terminal.printJson(rowJson(row));
  for (const spend of spends) terminal.printJson(spendJson(spend));
  terminal.printJson(JSON.stringify({ kind: 'total', ...statusTotals(rows) }));
}

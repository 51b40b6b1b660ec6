/** `plimsoll tenants history` and `diff`: what was put when, by whom, and what it changed. */
import { formatTime } from '../../core/messages/times.ts';
import { isoText } from '../../core/model/notation.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { changeSummary } from '../../core/tenants/change-summary.ts';
import { callerName, UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { openConfigStore } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { renderChanges } from './changes.ts';

export interface HistoryOptions extends DeploymentOptions {
  readonly json?: boolean;
}

interface Entry {
  readonly stored: StoredTenant;
  readonly change: string;
}

/** The newest version first. Each is compared with the one before it. */
export async function tenantHistory(
  tenant: string,
  { json, ...deployment }: HistoryOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const versions = await Array.fromAsync(openConfigStore(environment).versions(tenant));
  if (versions.length === 0) throw noTenant(tenant, deploymentArguments(deployment));
  const entries = versions.map((stored, index) => ({
    stored,
    change: changeText(versions[index + 1], stored),
  }));
  if (json) for (const entry of entries) terminal.printJson(JSON.stringify(entryJson(entry)));
  else terminal.print(renderTable(entries, columnsFor(terminal.width), tableOptions(terminal)));
  return EXIT.clean;
}

function changeText(before: StoredTenant | undefined, stored: StoredTenant): string {
  const change = changeSummary(before?.config, stored.config);
  return stored.deletion === undefined ? change : `deletion began; ${change}`;
}

function entryJson({ stored: { version, putAt, putBy }, change }: Entry): object {
  return { version, putAt: isoText(putAt), putBy: putBy ?? null, change };
}

/** Characters of a caller in a terminal, so that there is room for what was changed. */
const CALLER_LENGTH = 24;

const columnsFor = (width: number | undefined): readonly Column<Entry>[] => [
  { title: 'version', text: ({ stored }) => String(stored.version), align: 'right', tone: () => 'strong' },
  { title: 'put', text: ({ stored }) => formatTime(stored.putAt) },
  {
    title: 'by',
    text: ({ stored }) => callerName(stored.putBy, width === undefined ? Number.POSITIVE_INFINITY : CALLER_LENGTH),
  },
  { title: 'change', text: ({ change }) => harmless(change), leastWidth: 20, overflow: 'wrap' },
];

export interface DiffOptions extends DeploymentOptions {
  readonly from?: number;
  readonly to?: number;
}

/** Without options, what the newest version changed. */
export async function diffTenant(
  tenant: string,
  { from, to, ...deployment }: DiffOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const configs = openConfigStore(environment);
  const newest = await configs.get(tenant);
  if (newest === undefined) throw noTenant(tenant, deploymentArguments(deployment));
  const read = async (version: number) => {
    const stored = await configs.get(tenant, version);
    if (stored === undefined)
      throw new UsageError(`There is no version ${version} of tenant ${tenant}: its newest is ${newest.version}.`);
    return stored;
  };
  const after = to === undefined ? newest : await read(to);
  const start = from ?? after.version - 1;
  const before = start === 0 ? undefined : await read(start);
  const changes = renderChanges(before, after, terminal.paint);
  terminal.note(
    `# version ${after.version}, put ${formatTime(after.putAt)} by ${harmless(after.putBy ?? UNKNOWN_CALLER)}`,
  );
  terminal.print(changes ?? `version ${start} and version ${after.version} are the same`);
  return EXIT.clean;
}

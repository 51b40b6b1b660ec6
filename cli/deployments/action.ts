/** `plimsoll deployments`: keeps what was deployed to a group, and lists it. */
import { groupEvents, recordDeployment } from '../../core/inspection/record-deployment.ts';
import { scalingText } from '../../core/messages/scaling.ts';
import { formatMinute, formatTime } from '../../core/messages/times.ts';
import { isoText } from '../../core/model/notation.ts';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { scopeText } from '../findings/wording.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { openConfigStore, openScalingLog } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';

interface GroupOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly provider?: string;
  readonly account?: string;
  readonly region?: string;
}

export interface AddOptions extends GroupOptions {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

export interface ListOptions extends GroupOptions {
  readonly days: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

const DAY_MS = 24 * 3_600_000;

/** Throws `UsageError` where it cannot be kept. */
export async function addDeployment(group: string, options: AddOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  const stored = await storedTenant(options, context);
  const { at = now, ...deployment } = options;
  const outcome = await recordDeployment(stored, { ...deployment, group, at }, openScalingLog(environment), now);
  if (outcome.kind === 'refused') throw new UsageError(`The deployment was not kept: ${outcome.reason}.`);
  const { event } = outcome;
  const what = `${harmless(event.name ?? '')} was deployed to group ${harmless(event.group)} of ${scopeText(event)}`;
  terminal.print(`${outcome.kind === 'known' ? 'known already' : 'kept'}: ${what} at ${formatTime(event.time)}`);
  return EXIT.clean;
}

export async function listDeployments(group: string, options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  const stored = await storedTenant(options, context);
  const since = now - options.days * DAY_MS;
  const events = await groupEvents(stored, { ...options, group }, openScalingLog(environment), since);
  const wanted = events.filter(({ kind }) => options.all === true || kind === 'deployed').toReversed();
  if (options.json) for (const event of wanted) terminal.printJson(JSON.stringify(jsonOf(event)));
  else if (wanted.length > 0) terminal.print(renderTable(wanted, COLUMNS, tableOptions(terminal)));
  else terminal.print(`nothing is kept of group ${harmless(group)} in the last ${options.days} days`);
  return EXIT.clean;
}

async function storedTenant(options: GroupOptions, { environment }: CommandContext): Promise<StoredTenant> {
  const { tenant } = options;
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const deletion = deletionText(stored, deploymentArguments(options));
  if (deletion !== undefined) throw new UsageError(deletion);
  return stored;
}

const COLUMNS: readonly Column<ScalingEvent>[] = [
  { title: 'time (UTC)', text: ({ time }) => formatMinute(time) },
  { title: 'what', text: (event) => harmless(scalingText(event)), leastWidth: 20 },
  { title: 'account', text: ({ provider, account }) => harmless(`${provider} ${account}`) },
  { title: 'region', text: ({ region }) => harmless(region ?? 'all') },
];

function jsonOf({ time, kind, name, provider, account, region, group, hosts }: ScalingEvent): object {
  return { time: isoText(time), kind, version: name ?? null, provider, account, region, group, hosts };
}

/** `plimsoll incidents list`: what is open, the most severe first. */

import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { shortId } from '../../core/messages/short-id.ts';
import { compareSeverity, type Severity } from '../../core/model/finding.ts';
import { INCIDENT_STATUSES, type IncidentStatus } from '../../core/model/incident.ts';
import { type IncidentSummary, isOfHost } from '../../core/model/incident-summary.ts';
import type { IncidentList } from '../../core/ports/incident-list.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { wrap } from '../render/text.ts';
import { openIncidentStores } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { renderIncidents } from './list-text.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

/** What somebody on call is looking for. */
const DEFAULT_STATUSES: readonly IncidentStatus[] = ['open', 'suspected'];

/** Incidents of one answer of the store. */
const MOST_AT_ONCE = 200;

export interface ListOptions extends TenantOptions {
  readonly status?: readonly (IncidentStatus | 'all')[];
  readonly severity?: readonly Severity[];
  readonly account?: string;
  readonly group?: string;
  /** Id or name. */
  readonly host?: string;
  /** Of the last change, epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export async function listIncidents(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { list } = openIncidentStores(context);
  const tenants = await chosenTenants(options, context);
  if (options.cursor !== undefined && tenants.length > 1)
    throw new UsageError('A cursor is of one tenant: name it with --tenant.');
  const found: IncidentSummary[] = [];
  const cursors = new Map<string, string>();
  for (const tenant of tenants) {
    terminal.progress(`reading the incidents of tenant ${tenant} …`);
    const { incidents, cursor } = await pageOf(tenant, options, list, context.signal);
    found.push(...incidents);
    if (cursor !== null) cursors.set(tenant, cursor);
  }
  found.sort(compareUrgency);
  if (options.json) printJson(found, cursors, context);
  else {
    terminal.print(renderIncidents(found, tableOptions(terminal)));
    const shown = statusesOf(options) ?? INCIDENT_STATUSES;
    terminal.print(terminal.paint('dim', wrap(totalText(found, shown), textWidth(terminal))));
    for (const [tenant, cursor] of cursors) terminal.note(moreText(tenant, cursor, options));
  }
  return EXIT.clean;
}

/** As many as are wanted, from as many answers as that takes: one may have fewer than there are. */
async function pageOf(tenant: string, options: ListOptions, list: IncidentList, signal: AbortSignal) {
  const { severity: severities, account, group, host, since: from, until: to, limit } = options;
  const statuses = statusesOf(options);
  const filter = {
    ...(statuses && { statuses }),
    ...(severities && { severities }),
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const incidents: IncidentSummary[] = [];
  let cursor: string | null = options.cursor ?? null;
  do {
    signal.throwIfAborted();
    const room = Math.min(MOST_AT_ONCE, limit - incidents.length);
    const page = await list.list(tenant, { ...filter, limit: room, ...(cursor !== null && { cursor }) });
    incidents.push(...page.incidents.filter((incident) => host === undefined || isOfHost(incident, host)));
    cursor = page.cursor;
  } while (cursor !== null && incidents.length < limit);
  return { incidents, cursor };
}

/** Undefined of all. */
function statusesOf({ status = DEFAULT_STATUSES }: ListOptions): IncidentStatus[] | undefined {
  const named = status.filter((one) => one !== 'all');
  return named.length < status.length ? undefined : named;
}

const URGENCY: readonly IncidentStatus[] = ['open', 'suspected', 'watched', 'closed'];

function compareUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return (
    URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status) ||
    compareSeverity(b.severity, a.severity) ||
    b.lastChangeAt - a.lastChangeAt
  );
}

function totalText(found: readonly IncidentSummary[], shown: readonly IncidentStatus[]): string {
  const counts = shown.map((status) => `${found.filter((one) => one.status === status).length} ${status}`);
  const hidden = INCIDENT_STATUSES.filter((status) => !shown.includes(status));
  const rest = hidden.length === 0 ? '' : `; not looked for: ${hidden.join(', ')} (--status all)`;
  return `${counts.join(', ')}${rest}`;
}

function moreText(tenant: string, cursor: string, { tenant: named, ...deployment }: ListOptions): string {
  const of = named === undefined ? ` of tenant ${tenant}` : '';
  const command = `${PLIMSOLL} incidents list --tenant ${tenant}${deploymentArguments(deployment)} --cursor ${cursor}`;
  return `There are more${of}; --limit shows more at once, and with the same filters this goes on:\n  ${command}`;
}

function printJson(
  found: readonly IncidentSummary[],
  cursors: ReadonlyMap<string, string>,
  { terminal }: CommandContext,
): void {
  for (const incident of found)
    terminal.printJson(withIsoTimes({ kind: 'incident', shortId: shortId(incident.id), ...incident }));
  for (const [tenant, cursor] of cursors) terminal.printJson(JSON.stringify({ kind: 'more', tenant, cursor }));
}

/** `plimsoll incidents events`: the log of an incident, or of a tenant. */

import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import type { EventPage } from '../../core/ports/event-log.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { openIncidentStores } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { renderEvents } from './event-text.ts';
import { namedIncident } from './named.ts';
import { chosenTenants, type TenantOptions } from './tenants.ts';

const DAY = 24 * 3_600_000;

/** How far back a tenant's log is read where no time is given. */
const DEFAULT_DAYS = 7;

/** Entries of one answer of the store. */
const MOST_AT_ONCE = 200;

export interface EventsOptions extends TenantOptions {
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

type ReadPage = (request: { limit: number; cursor?: string }) => Promise<EventPage>;

export async function printEvents(
  name: string | undefined,
  options: EventsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  const { read, tenant, from } = await reader(name, options, context);
  const { events, cursor } = await pageOf(read, options, context.signal);
  if (options.json) {
    for (const event of events) terminal.printJson(withIsoTimes(event));
    if (cursor !== null) terminal.printJson(JSON.stringify({ kind: 'more', tenant, cursor }));
    return EXIT.clean;
  }
  terminal.print(renderEvents(events, name !== undefined, tableOptions(terminal)));
  if (cursor !== null) {
    const command = `${PLIMSOLL} incidents events${name === undefined ? '' : ' INCIDENT'} --tenant ${tenant}${deploymentArguments(options)} --cursor ${cursor}`;
    terminal.note(`There are more; with the same times this goes on:\n  ${command}`);
  } else if (from !== undefined && options.since === undefined)
    terminal.note(`Of the last ${DEFAULT_DAYS} days; --since goes further back.`);
  return EXIT.clean;
}

async function reader(name: string | undefined, options: EventsOptions, context: CommandContext) {
  const { list, log } = openIncidentStores(context);
  if (name !== undefined) {
    if (options.since !== undefined || options.until !== undefined)
      throw new UsageError('--since and --until are of the log of a tenant: leave the incident out, or them.');
    const { tenant, id } = await namedIncident(name, options, context, list);
    const read: ReadPage = (request) => log.ofIncident(tenant, id, request);
    return { read, tenant, from: undefined };
  }
  const [tenant, another] = await chosenTenants(options, context);
  if (tenant === undefined || another !== undefined)
    throw new UsageError('A log is of one tenant, or of one incident: name it, or the tenant with --tenant.');
  const to = options.until ?? context.now + 1;
  const from = options.since ?? to - DEFAULT_DAYS * DAY;
  const read: ReadPage = (request) => log.list(tenant, { from, to, ...request });
  return { read, tenant, from };
}

/** As many as are wanted, from as many answers as that takes: one may have fewer than there are. */
async function pageOf(read: ReadPage, { limit, cursor: first }: EventsOptions, signal: AbortSignal) {
  const events: EventPage['events'][number][] = [];
  let cursor: string | null = first ?? null;
  do {
    signal.throwIfAborted();
    const page = await read({
      limit: Math.min(MOST_AT_ONCE, limit - events.length),
      ...(cursor !== null && { cursor }),
    });
    events.push(...page.events);
    cursor = page.cursor;
  } while (cursor !== null && events.length < limit);
  return { events, cursor };
}

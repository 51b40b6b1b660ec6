/** `plimsoll incidents related`: what happened near an incident. */
import { RELATIONS, type Related, type Relation, relatedIncidents } from '../../core/incidents/related.ts';
import { formatHours } from '../../core/messages/times.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wrap } from '../render/text.ts';
import { type IncidentStores, openIncidentStores } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { withIsoTimes } from './json.ts';
import { renderIncidents } from './list-text.ts';
import { type Named, namedIncident, shortId } from './named.ts';
import type { TenantOptions } from './tenants.ts';

const HOUR = 3_600_000;

/** A day: a cause that is shared shows within one. */
const DEFAULT_NEAR = 24 * HOUR;

export interface RelatedOptions extends TenantOptions {
  /** Milliseconds. */
  readonly within?: number;
  readonly by?: readonly Relation[];
  readonly limit: number;
  readonly json?: boolean;
}

export async function printRelated(name: string, options: RelatedOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const stores = openIncidentStores(context);
  const named = await namedIncident(name, options, context, stores.list);
  const { within = DEFAULT_NEAR, by, limit } = options;
  const related = await relatedTo(named, stores, { near: within, limit, ...(by && { by }) });
  if (related === undefined) throw new UsageError(`The incident ${shortId(named.id)} is not kept any more.`);
  if (options.json) {
    for (const { incident, by: relation } of related)
      terminal.printJson(withIsoTimes({ relation, shortId: shortId(incident.id), ...incident }));
    return EXIT.clean;
  }
  if (related.length === 0) {
    const text = `No other incident of its host, group or account grew within ${formatHours(within)} of it.`;
    terminal.print(wrap(text, textWidth(terminal)));
    return EXIT.clean;
  }
  for (const relation of RELATIONS) {
    const of = related.filter((one) => one.by === relation).map(({ incident }) => incident);
    if (of.length === 0) continue;
    terminal.print(terminal.paint('strong', `Same ${relation}`));
    terminal.print(renderIncidents(of, tableOptions(terminal)));
  }
  if (related.length === limit) terminal.note(`The nearest ${limit} are shown; --limit shows more.`);
  return EXIT.clean;
}

/** What `show` lists. */
const FEW = { near: DEFAULT_NEAR, limit: 5, by: ['host', 'fleet', 'group'] } as const;

/** Undefined where the host's item was removed: nobody knows its times any more. */
export async function relatedTo(
  { key, id }: Named,
  { incidents, list }: Pick<IncidentStores, 'incidents' | 'list'>,
  options: Parameters<typeof relatedIncidents>[2] = FEW,
): Promise<readonly Related[] | undefined> {
  const stored = await incidents.get(key);
  if (stored === undefined) return undefined;
  const { cycleSince: from, lastChangeAt: to, resource, fleet } = stored.value;
  return relatedIncidents({ key, group: resource.group ?? null, fleet, id, from, to }, list, options);
}

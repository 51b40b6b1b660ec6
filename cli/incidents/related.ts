/** `plimsoll incidents related`: what happened near an incident. */

import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { DEFAULT_NEAR, RELATIONS, type Relation, relatedTo } from '../../core/incidents/related.ts';
import { shortId } from '../../core/messages/short-id.ts';
import { formatHours } from '../../core/messages/times.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wrap } from '../render/text.ts';
import { openIncidentStores } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { renderIncidents } from './list-text.ts';
import { namedIncident } from './named.ts';
import type { TenantOptions } from './tenants.ts';

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
  const found = await relatedTo(named, stores, { near: within, limit, ...(by && { by }) });
  if (found === undefined) throw new UsageError(`The incident ${shortId(named.id)} is not kept any more.`);
  const { items: related, isTruncated } = found;
  if (isTruncated) terminal.note('Very many incidents changed since: those that changed first were not looked at.');
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

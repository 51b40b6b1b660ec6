/** `plimsoll incidents export`: an incident for other programs. */
import { ocsfFinding } from '../../core/messages/ocsf.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openIncidentStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { withIsoTimes } from './json.ts';
import { namedIncident } from './named.ts';
import { readStory, type Story } from './story.ts';
import type { TenantOptions } from './tenants.ts';

export interface ExportOptions extends TenantOptions {
  readonly format: 'json' | 'ocsf';
}

export async function exportIncident(name: string, options: ExportOptions, context: CommandContext): Promise<ExitCode> {
  const stores = openIncidentStores(context);
  const story = await readStory(await namedIncident(name, options, context, stores.list), stores);
  context.terminal.printJson(
    options.format === 'ocsf' ? JSON.stringify(ocsfOf(story), null, 2) : withIsoTimes(storyFacts(story), 2),
  );
  return EXIT.clean;
}

/** How the incident is now; null where its host has another one by now. */
export function storyFacts({ named: { id, tenant }, current, isCurrent, events, hasMore, unlogged }: Story): object {
  return {
    id,
    tenant,
    incident: isCurrent ? current : null,
    unlogged,
    events,
    ...(hasMore && { hasMoreEvents: true }),
  };
}

/** A finding is updated under its own id: the newest message has all that is known. */
function ocsfOf({ described: [newest], named }: Story): object {
  if (newest !== undefined) return ocsfFinding(newest.body);
  throw new UsageError(
    `The log has no change of the incident ${named.id} any more, so that there is no finding to export.`,
  );
}

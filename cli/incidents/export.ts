/** `plimsoll incidents export`: an incident for other programs. */
import { ocsfOf, storyFacts } from '../../core/incidents/export-story.ts';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openIncidentStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { existingStory } from './existing-story.ts';
import { namedIncident } from './named.ts';
import type { TenantOptions } from './tenants.ts';

export interface ExportOptions extends TenantOptions {
  readonly format: 'json' | 'ocsf';
}

export async function exportIncident(name: string, options: ExportOptions, context: CommandContext): Promise<ExitCode> {
  const stores = openIncidentStores(context);
  const story = await existingStory(await namedIncident(name, options, context, stores.list), stores);
  if (options.format === 'json') {
    context.terminal.printJson(withIsoTimes(storyFacts(story), 2));
    return EXIT.clean;
  }
  const finding = ocsfOf(story);
  if (finding === undefined)
    throw new UsageError(
      `The log has no change of the incident ${story.named.id} any more, so that there is no finding to export.`,
    );
  context.terminal.printJson(JSON.stringify(finding, null, 2));
  return EXIT.clean;
}

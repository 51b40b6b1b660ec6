/** `plimsoll incidents show`: the story of one incident. */

import { storyFacts } from '../../core/incidents/export-story.ts';
import { labelsOf, mutesOf } from '../../core/incidents/incident-story.ts';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import { relatedTo } from '../../core/incidents/related.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openIncidentStores } from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { existingStory } from './existing-story.ts';
import { namedIncident } from './named.ts';
import { renderStory } from './show-text.ts';
import type { TenantOptions } from './tenants.ts';

export interface ShowOptions extends TenantOptions {
  readonly json?: boolean;
}

/** What its state is does not show in the exit code. */
export async function showIncident(name: string, options: ShowOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, now } = context;
  const stores = openIncidentStores(context);
  const named = await namedIncident(name, options, context, stores.list);
  terminal.progress('reading the incident, its log, mutes and labels …');
  const [story, mutes, labels, related] = await Promise.all([
    existingStory(named, stores),
    stores.mutes.list(named.tenant),
    stores.labels.list(named.tenant),
    relatedTo(named, stores),
  ]);
  const touching = { mutes: mutesOf(story, mutes), labels: labelsOf(story, labels), related: related?.items ?? [] };
  if (options.json) terminal.printJson(withIsoTimes({ ...storyFacts(story), ...touching }));
  else {
    const { paint } = terminal;
    const width = terminal.width ?? textWidth(terminal);
    terminal.print(renderStory(story, touching, { paint, width, now, deployment: deploymentArguments(options) }));
  }
  return EXIT.clean;
}

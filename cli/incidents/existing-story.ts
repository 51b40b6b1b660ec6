/** The story of an incident that has to exist. */
import { readStory, type Story } from '../../core/incidents/incident-story.ts';
import type { NamedIncident } from '../../core/model/incident-id.ts';
import { harmless } from '../render/text.ts';
import type { IncidentStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';

/** Throws `UsageError` where there is no such incident. */
export async function existingStory(named: NamedIncident, stores: IncidentStores): Promise<Story> {
  const story = await readStory(named, stores);
  if (story !== undefined) return story;
  throw new UsageError(`There is no incident ${harmless(named.id)}, and no entry about it in the log.`);
}

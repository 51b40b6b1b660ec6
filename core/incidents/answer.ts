/** What people do about an incident: they acknowledge it, take it over, and write notes. Each is an entry of its log. */
import { type Incident, type IncidentKey, incidentId } from '../model/incident.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import { InvalidInputError, StoreError } from '../ports/errors.ts';
import type { EventWriter } from '../ports/event-log.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { ATTEMPTS } from './record.ts';

export type Answer =
  | { readonly kind: 'acknowledged'; readonly note: string | null }
  | { readonly kind: 'unacknowledged' }
  /** Null: nobody takes care of it any more. */
  | { readonly kind: 'owner'; readonly owner: string | null }
  | { readonly kind: 'note'; readonly note: string };

export interface AnswerOptions {
  readonly answer: Answer;
  /** Who gives it. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Which incident is answered: the key names the host's item, and the episode which of its incidents. */
export interface Answered {
  readonly key: IncidentKey;
  readonly episode: number;
}

/**
 * Stores the answer with the incident, then logs it. A reminder looks at what is stored. Returns the incident as it is now.
 * Throws `InvalidInputError` where there is no such incident, or its host has a later one; `StoreError` as the stores do.
 */
export async function answerIncident(
  { key, episode }: Answered,
  { answer, by, now }: AnswerOptions,
  { incidents, log }: { readonly incidents: Pick<IncidentStore, 'get' | 'put'>; readonly log: EventWriter },
): Promise<Incident> {
  const id = incidentId(key, episode);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const stored = await incidents.get(key);
    if (stored === undefined) throw new InvalidInputError('The incident', [`does not exist: ${id}`]);
    const { value, version } = stored;
    if (value.episode !== episode)
      throw new InvalidInputError('The incident', [
        `is over: its host has the incident ${incidentId(key, value.episode)} by now`,
      ]);
    const next = withAnswer(value, { answer, by, now });
    if (next === value || (await incidents.put(next, version)) === 'stored') {
      await log.put(entryOf(id, key.tenant, { answer, by, now }));
      return next;
    }
  }
  throw new StoreError(`The incident ${id} was changed by others ${ATTEMPTS} times in a row. Try again.`);
}

/** A note is kept in the log alone. */
function withAnswer(incident: Incident, { answer, by, now }: AnswerOptions): Incident {
  switch (answer.kind) {
    case 'acknowledged':
      return { ...incident, acknowledged: { by, at: now, note: answer.note } };
    case 'unacknowledged':
      return { ...incident, acknowledged: null };
    case 'owner':
      return { ...incident, owner: answer.owner };
    case 'note':
      return incident;
  }
}

function entryOf(incident: string, tenant: string, { answer, by, now }: AnswerOptions): IncidentEvent {
  const subject = answer.kind === 'owner' ? answer.owner : null;
  const reason = 'note' in answer ? (answer.note ?? '') : '';
  return {
    kind: 'action',
    id: `${incident}/${answer.kind}/${now}/${by}`,
    tenant,
    incident,
    at: now,
    action: answer.kind,
    by,
    reason,
    subject,
  };
}

/** Applies an observation to its incident in the store while others write it too: read, decide, write if nothing changed between. */
import type { Incident } from '../model/incident.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { StoreError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { Observation } from './observation.ts';
import { type Transition, transition } from './transition.ts';

/**
 * Writes that are tried when others win the race. Writers of one incident are copies of one run and the sweep, so that
 * more than a few lost races in a row mean that something else is wrong.
 */
export const ATTEMPTS = 8;

export interface Recorded {
  readonly outcome: Transition['outcome'];
  /** The incident as this call stored it; absent when it stored nothing. */
  readonly stored?: Versioned<Incident>;
}

export interface RecordOptions {
  readonly recoverAfter: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Records one observation. Idempotent: repeated, late and concurrent calls with the same observation store it once.
 * Throws `StoreError` when the store fails, or when every attempt loses its race.
 */
export async function record(
  observation: Observation,
  store: IncidentStore,
  { recoverAfter, now }: RecordOptions,
): Promise<Recorded> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const current = await store.get(observation.key);
    const next = transition(current?.value, observation, recoverAfter, now);
    if (next.outcome === 'unchanged') return next;
    const version = current?.version ?? 0;
    if ((await store.put(next.incident, version)) === 'stored') {
      return { outcome: next.outcome, stored: { value: next.incident, version: version + 1 } };
    }
  }
  const { tenant, host } = observation.key;
  throw new StoreError(
    `The incident of host ${host} (tenant ${tenant}) was changed by others ${ATTEMPTS} times in a row; the message is tried again later.`,
  );
}

/** Settles what runs left behind: a function was killed before it could, or a topic was down. */
import type { Incident } from '../model/incident.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { type Delivery, startDeliveries } from './outbox.ts';
import { dueOf, type SettlePorts, settleInto } from './settle.ts';

/** A run publishes what it has decided within its five minutes. Younger changes are left alone, so that both do not publish. */
export const SWEEP_GRACE_MS = 5 * 60_000;

/** A run decides its changes when it closes. Where none has for so long, the sweep does. */
export const UNDECIDED_GRACE_MS = 10 * 60_000;

/** A topic that has not accepted an event for so long is broken, and nobody mends it: the event is given up, and the log has it. */
export const GIVE_UP_MS = 7 * 24 * 3_600_000;

/** Incidents that are settled together: the alert policy looks at them together, and they are in memory together, in so many bytes. */
const INCIDENTS_AT_ONCE = 100;
const BYTES_AT_ONCE = 2 * 1024 * 1024;

export interface SweepOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What is not settled by then is left to the next sweep. Default: there is time for all. */
  readonly timeIsUp?: AbortSignal;
  /** In [0, 1): where in the store's list the sweep begins. It should differ: else the same incidents are always the last. */
  readonly begin?: number;
}

/** An incident that cannot be read back does not hold up the others; it is thrown as `ItemError` after they were settled. */
export async function sweep(ports: SettlePorts, { now, timeIsUp, begin }: SweepOptions): Promise<Delivery> {
  const deliveries = startDeliveries(ports, timeIsUp, now - GIVE_UP_MS);
  const options = { now, recordedUntil: now - UNDECIDED_GRACE_MS, ...(timeIsUp && { timeIsUp }) };
  let batch: Versioned<Incident>[] = [];
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  const flush = async () => {
    const settling = batch;
    batch = [];
    bytes = 0;
    failure = (await settleInto(deliveries, settling, ports, options)) ?? failure;
  };
  try {
    for await (const incident of ports.incidents.unsettled(begin)) {
      if (timeIsUp?.aborted) break;
      if (!isDue(incident.value, options)) continue;
      batch.push(incident);
      bytes += bytesOf(incident.value);
      if (batch.length === INCIDENTS_AT_ONCE || bytes >= BYTES_AT_ONCE) await flush();
    }
  } finally {
    if (batch.length > 0) await flush();
  }
  if (failure) throw failure.error;
  return deliveries.total();
}

function bytesOf({ undecided, outbox }: Incident): number {
  return JSON.stringify([undecided, outbox]).length;
}

function isDue(incident: Incident, options: { readonly now: number; readonly recordedUntil: number }): boolean {
  const { changedAt, outbox } = incident;
  if (dueOf(incident, options).length > 0) return true;
  return outbox.length > 0 && options.now - changedAt >= SWEEP_GRACE_MS;
}

/** What messages state beside their changes: read in one go for all changes of a tenant that are sent together. */
import type { Change } from '../model/change.ts';
import { changeId, type Incident } from '../model/incident.ts';
import type { ResultLine } from '../model/result-line.ts';
import type { NotificationContext } from './compose-notification.ts';
import type { Undecided } from './decide.ts';
import { lastCycleOf } from './grew-most.ts';

export interface ContextRequest {
  /** Epoch milliseconds. */
  readonly now: number;
  /** What is not read by then is left out. */
  readonly timeIsUp?: AbortSignal | undefined;
  /** Every host's result in the run that closes; absent where no run does. May be called several times. */
  readonly lines?: (() => AsyncIterable<ResultLine>) | undefined;
}

/** Contexts by the id of their change. */
export type Contexts = ReadonlyMap<string, NotificationContext>;

/** Never throws: what cannot be read is left out of the messages, which are sent all the same. */
export type ContextOf = (tenant: string, sent: readonly Undecided[], request: ContextRequest) => Promise<Contexts>;

/** The context of one message: what was read, and what the incident itself remembers. */
export function contextOfChange(
  incident: Incident,
  change: Change,
  contexts: Contexts | undefined,
): NotificationContext {
  const read = contexts?.get(changeId(incident.key, change)) ?? {};
  const lastCycle = lastCycleOf(incident, change);
  return lastCycle === undefined ? read : { ...read, onset: { ...read.onset, lastCycle } };
}

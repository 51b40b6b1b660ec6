/** What is recorded is published before it counts as done. */
import { type Delivery, deliver } from '../incidents/outbox.ts';
import type { Recorder, Recording } from '../incidents/recorder.ts';
import type { Scope, Unreadable } from '../model/series.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { Publisher } from '../ports/publisher.ts';
import { type Deadline, whenOnlyLeft } from './deadline.ts';
import type { Tally } from './run-summary.ts';

export interface OpenRecording {
  /** Undefined where a newer run was recorded before. */
  readonly recorder: Recorder | undefined;
  readonly tally: Pick<Tally, 'fail'>;
  readonly source: Pick<MemorySource, 'scope'>;
  /** Whether a topic did not answer before: what is recorded stays in its outbox for the sweep. */
  readonly isTopicDown?: boolean;
}

/** Waits for what is being recorded, counts what could not be, and publishes. Throws what the store failed with after that. */
export async function closeRecording(
  { recorder, tally, source, isTopicDown = false }: OpenRecording,
  { publisher, incidents }: { readonly publisher: Publisher; readonly incidents: IncidentStore },
  deadline: Deadline,
): Promise<{ readonly recording: Recording; readonly delivery: Delivery }> {
  const recording = (await recorder?.finish(whenOnlyLeft(deadline, 'giveUp'))) ?? NOTHING_RECORDED;
  for (const failure of recorder?.failures ?? []) tally.fail(failure);
  if (recording.left > 0) tally.fail(leftUnrecorded(source.scope, recording));
  const untilThen = isTopicDown ? AbortSignal.abort() : whenOnlyLeft(deadline, 'publishUntil');
  const delivery = await deliver(recorder?.changed() ?? [], publisher, incidents, untilThen);
  recorder?.next();
  if (recording.failure !== undefined) throw recording.failure;
  return { recording, delivery };
}

const NOTHING_RECORDED: Recording = { written: 0, left: 0, failure: undefined };

function leftUnrecorded(scope: Scope, { left, written }: Recording): Unreadable {
  const detail = `${left} hosts could not be recorded in time, and ${written} were: they are left to another run of this window`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail };
}

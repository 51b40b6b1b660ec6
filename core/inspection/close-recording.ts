/** What is recorded is finished, and what could not be recorded is counted. */
import type { Recorder, Recording } from '../incidents/recorder.ts';
import type { Scope, Unreadable } from '../model/series.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import { type Deadline, whenOnlyLeft } from './deadline.ts';
import type { Tally } from './run-summary.ts';
import type { RunSettler } from './settle-run.ts';

export interface OpenRecording {
  /** Undefined where a newer run was recorded before. */
  readonly recorder: Recorder | undefined;
  readonly tally: Pick<Tally, 'fail'>;
  readonly source: Pick<MemorySource, 'scope'>;
}

/**
 * Waits for what is being recorded, counts what could not be, and hands the rest to whoever settles the run. Where the store has
 * failed, what was recorded is settled at once, and the failure is thrown.
 */
export async function closeRecording(
  { recorder, tally, source }: OpenRecording,
  settler: RunSettler,
  deadline: Deadline,
): Promise<Recording> {
  const recording = (await recorder?.finish(whenOnlyLeft(deadline, 'giveUp'))) ?? NOTHING_RECORDED;
  for (const failure of recorder?.failures ?? []) tally.fail(failure);
  if (recording.left > 0) tally.fail(leftUnrecorded(source.scope, recording));
  settler.add(recorder?.changed() ?? []);
  recorder?.next();
  const { failure } = recording;
  if (failure === undefined) return recording;
  return settler.settle().then(
    () => Promise.reject(failure),
    () => Promise.reject(failure),
  );
}

const NOTHING_RECORDED: Recording = { written: 0, left: 0, failure: undefined };

function leftUnrecorded(scope: Scope, { left, written }: Recording): Unreadable {
  const detail = `${left} hosts could not be recorded in time, and ${written} were: they are left to another run of this window`;
  return { kind: 'unreadable', scope, reason: 'timeout', detail };
}

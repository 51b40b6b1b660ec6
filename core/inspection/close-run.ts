/** Closes a run: adds up its shards, and keeps what came of it where people look. All of it may happen twice. */
import { recordHealth } from '../health/record-health.ts';
import type { ResultLine } from '../model/result-line.ts';
import { type RunRef, runId, runName } from '../model/run-ref.ts';
import { isWatchedLine } from './cadence.ts';
import { type Mergeable, type MergedRun, mergeShards } from './merge-shards.ts';
import type { CloseHook, ClosePorts, ClosingRun } from './region-run.ts';
import { runResult, storedResult } from './results.ts';
import { createHeadBuilder } from './run-head.ts';
import type { RunFacts } from './run-summary.ts';

export interface RunToClose extends Mergeable {
  readonly run: RunRef;
  readonly facts: RunFacts;
  /** Objects of results. */
  readonly shards: number;
  /** Hosts that could not be recorded in time: what is found is then not the answer of a request yet. */
  readonly unrecorded: number;
  lines(): AsyncIterable<ResultLine>;
}

/**
 * Writes the head, calls the hooks, logs a run of the schedule and answers a request. Throws `StoreError`.
 *
 * @param finishedAt Epoch milliseconds.
 */
export async function closeRun(closing: RunToClose, ports: ClosePorts, finishedAt: number): Promise<MergedRun> {
  const { run, shards, unrecorded, lines } = closing;
  const merged = mergeShards(closing.facts, closing);
  const summary = { ...merged.summary, results: { run: runName(run), shards } };
  const parts = closing.results.flatMap(({ deep }) => deep?.part ?? []);
  const closed: ClosingRun = { id: runId(run), run, summary, shards, parts, lines };
  for (const hook of [putHead(ports), ...ports.closeHooks]) await hook(closed);
  if (run.trigger === 'schedule') await ports.runs.put(summary);
  await recordHealth({ summary, trigger: run.trigger, finishedAt }, ports.health);
  if (run.request !== null && unrecorded === 0) {
    const answer = storedResult(runResult({ ...merged, summary, unrecorded }));
    await ports.requests.putResult({ tenant: run.tenant, id: run.request }, answer);
  }
  return { ...merged, summary };
}

/** The head is what people look at first: every host that is not steady. */
function putHead({ results }: Pick<ClosePorts, 'results'>): CloseHook {
  return async ({ run, summary, shards, lines }) => {
    const builder = createHeadBuilder();
    const watched: string[] = [];
    for await (const line of lines()) {
      builder.add(line);
      if (isWatchedLine(line)) watched.push(line.host);
    }
    await results.putHead(run, builder.head({ run: runName(run), summary, shards, watched }));
  };
}

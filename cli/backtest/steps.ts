/** Replays the targets of a selection one after the other, host by host, and shows how far it is. */
import { setImmediate } from 'node:timers/promises';
import type { Period } from '../../core/backtest/backtest.ts';
import { type Backtested, backtestHosts } from '../../core/backtest/hosts.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import { progressBar } from '../render/progress-bar.ts';
import type { Selection, Target } from '../source/targets.ts';
import { policiesOf, type Trial } from './plan.ts';

/** A host as it was replayed, or the calls to a target's source after its last host. */
export type BacktestStep =
  | { readonly kind: 'host'; readonly target: Target; readonly result: Backtested }
  | { readonly kind: 'read'; readonly target: Target; readonly calls: Calls; readonly metricsBilled: number };

/** Provider calls by name. */
export type Calls = Readonly<Record<string, number>>;

/** Throws the signal's reason once it is aborted: half a fleet is no result. */
export async function* backtestSteps(
  selection: Selection,
  period: Period,
  trials: readonly Trial[],
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): AsyncGenerator<BacktestStep, void, undefined> {
  const meters = selection.targets.map((target) => ({ target, meter: createMeter() }));
  const began = performance.now();
  terminal.progress('counting hosts …');
  const total = terminal.live ? await countHosts(meters, signal) : undefined;
  let hosts = 0;
  for (const { target, meter } of meters) {
    const { source, metric, filters, tenant } = target;
    const policies = trials.map((trial) => policiesOf(trial, target));
    const request = { ...period, source, metric, filters, tenant, policies, meter };
    for await (const result of backtestHosts(request, signal)) {
      signal.throwIfAborted();
      yield { kind: 'host', target, result };
      hosts++;
      terminal.progress(progressBar('replaying', { done: hosts, total, elapsedMs: performance.now() - began }));
      // A file's hosts come without a pause: this one lets Ctrl-C through.
      await setImmediate();
    }
    const { calls, metricsBilled } = meter;
    yield { kind: 'read', target, calls, metricsBilled };
  }
}

type Metered = { readonly target: Target; readonly meter: ReturnType<typeof createMeter> };

/** The hosts of all targets; undefined where not all of them can be counted beforehand. */
async function countHosts(targets: readonly Metered[], signal: AbortSignal): Promise<number | undefined> {
  let hosts = 0;
  for (const { target, meter } of targets) {
    if (target.source.countHosts === undefined) return undefined;
    try {
      hosts += await target.source.countHosts(target.filters, meter, signal);
    } catch (error) {
      // Reading it will report what is wrong with it.
      if (!(error instanceof SourceError)) throw error;
    }
    signal.throwIfAborted();
  }
  return hosts;
}

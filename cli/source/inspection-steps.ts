/** Inspects the targets of a selection one after the other, for commands that show what they find and record nothing. */

import { hostKnowledge, type KnowledgePorts } from '../../core/inspection/host-knowledge.ts';
import { inspect } from '../../core/inspection/inspect.ts';
import { createMeter, createTally } from '../../core/inspection/run-summary.ts';
import { inspectionSpans } from '../../core/inspection/window.ts';
import type { Inspected } from '../../core/model/inspected-host.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Selection, Target } from './targets.ts';

/** An inspected host, or the summary of a target after its last host. */
export type Step =
  | { readonly kind: 'host'; readonly target: Target; readonly inspected: Inspected }
  | { readonly kind: 'summary'; readonly target: Target; readonly run: RunSummary };

export interface StepTerms {
  /** Whether hosts are read to be explained: then what would have turned each verdict is found too. */
  readonly explains?: boolean;
  /** Takes what runs know of the hosts of a target and could not be read, before its first host. */
  readonly onProblem?: (problem: string, target: Target) => void;
}

/** Throws the signal's reason once it is aborted: half a fleet is no result. */
export async function* inspectionSteps(
  { targets, scheduledTime }: Pick<Selection, 'targets' | 'scheduledTime'>,
  signal: AbortSignal,
  { explains = false, onProblem }: StepTerms = {},
): AsyncGenerator<Step, void, undefined> {
  for (const target of targets) {
    const { tenant, source, metric, filters, policies, runsPerMonth } = target;
    const spans = inspectionSpans(scheduledTime, source, policies.common);
    const { window } = spans.evaluated;
    const { scope, price } = source;
    const meter = createMeter();
    const tally = createTally({ tenant, scope, scheduledTime, window, runsPerMonth, ...(price && { price }) });
    const known = target.knowledge && (await knownOf(target, target.knowledge, window.end));
    for (const problem of known?.problems ?? []) onProblem?.(problem, target);
    const knowing = known && { knowledgeOf: known.knowledgeOf };
    const request = { ...knowing, source, metric, spans, filters, policyOf: policies.of, meter, explains };
    for await (const inspected of inspect(request, signal)) {
      signal.throwIfAborted();
      tally.add(inspected);
      yield { kind: 'host', target, inspected };
    }
    yield { kind: 'summary', target, run: tally.summary(meter) };
  }
}

function knownOf({ tenant, source: { scope }, policies }: Target, ports: KnowledgePorts, asOf: number) {
  return hostKnowledge({ tenant, scope, hosts: undefined, asOf, policy: policies.common }, ports);
}

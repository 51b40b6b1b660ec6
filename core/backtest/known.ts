/**
 * What is known of a replayed host beside its curve, and how an inspection uses it: as a run does, a candidate is evaluated again with its
 * siblings, and a host that may need it with its consumers.
 */
import { detect } from '../detector/detect.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import type { SiblingCurves } from '../detector/siblings.ts';
import { compareSiblings, evaluatedOf, isCandidate, type SiblingComparison } from '../inspection/compare-siblings.ts';
import { evaluatedWith, mayNeedConsumers } from '../inspection/consumer-evidence.ts';
import { truncatedTo } from '../inspection/window.ts';
import type { Deployment } from '../model/deployment.ts';
import type { Evaluated } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import type { Reading, Series } from '../model/series.ts';

export interface KnownOfHost {
  /** In order. */
  readonly deployments?: readonly Deployment[];
  /** Over the entire time of the replay; absent where they were not read. */
  readonly consumers?: readonly Reading[];
  /** The siblings of a host at one inspection: of the host as it was truncated for it. */
  siblingsOf?(truncated: Series, policy: Policy): SiblingCurves | undefined;
  /** Called where consumers might change a verdict and are absent. */
  missConsumers?(): void;
}

export const NOTHING_KNOWN: KnownOfHost = {};

/**
 * One inspection of a host with all that is known of it at the end of its window.
 *
 * @param weeks What was known of its weeks then.
 */
export function evaluatedAsInRun(
  truncated: Series,
  policy: Policy,
  known: KnownOfHost,
  weeks: Knowledge = {},
): Evaluated {
  const knowledge = { ...weeks, ...knowledgeAt(truncated, known) };
  const alone = evaluatedOf(truncated, detect(truncated, policy, knowledge));
  const siblings = isCandidate(alone.verdict) ? known.siblingsOf?.(truncated, policy) : undefined;
  const withSiblings: Knowledge = { ...knowledge, ...(siblings && { siblings }) };
  const compared = siblings ? evaluatedOf(truncated, detect(truncated, policy, withSiblings)) : alone;
  if (!mayNeedConsumers(compared.verdict, compared.full)) return compared;
  if (known.consumers === undefined) {
    known.missConsumers?.();
    return compared;
  }
  const consumers = known.consumers.map((one) => (one.kind === 'series' ? truncatedTo(one, truncated.window) : one));
  return evaluatedWith(
    compared,
    { consumers, swap: undefined },
    { policyOf: () => policy, knowledgeOf: () => withSiblings },
  );
}

/** No inspection knows of a deployment that came after its window. */
function knowledgeAt({ window }: Series, { deployments }: KnownOfHost): Knowledge {
  return deployments === undefined ? {} : { deployments: deployments.filter(({ time }) => time < window.end) };
}

/** The siblings of hosts that are replayed together, inspection by inspection: each is evaluated by its own curve once for each window. */
export function siblingsOfGroup(
  members: readonly Series[],
): (truncated: Series, policy: Policy) => SiblingCurves | undefined {
  const comparisons = new Map<string, SiblingComparison>();
  return ({ resource, window }, policy) => {
    // Of a policy, only the prior changes what a curve is taken for.
    const key = JSON.stringify([window, policy.prior]);
    const comparison = comparisons.get(key) ?? compareSiblings();
    if (!comparisons.has(key)) {
      comparisons.set(key, comparison);
      for (const member of members) {
        const read = truncatedTo(member, window);
        comparison.add(read, detect(read, policy));
      }
    }
    return comparison.of(resource);
  };
}

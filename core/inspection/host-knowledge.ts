/**
 * What a run knows of hosts beside their curves, for whoever looks at one between runs: what was learned from weeks, and the weights that labels
 * left. What cannot be read costs certainty, and no view.
 */
import type { Knowledge } from '../detector/knowledge.ts';
import type { Policy } from '../model/policy.ts';
import type { Resource } from '../model/series.ts';
import type { BaselineScope, BaselineStore } from '../ports/baseline-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { RunPorts } from './region-run.ts';
import { knowledgeFrom, readManifest, readStored } from './stored-baselines.ts';

/** As a run has them. What is absent is not known. */
export interface KnowledgePorts extends Pick<RunPorts, 'weightsOf'> {
  readonly weeks?: { readonly baselines: Pick<BaselineStore, 'manifest' | 'part'> };
}

export interface HostKnowledge {
  knowledgeOf(host: Resource): Knowledge;
  /** What could not be read, in words. */
  readonly problems: readonly string[];
}

interface KnowledgeRequest extends BaselineScope {
  /** Undefined where they are not known yet: then all that is kept of the account and region is read. */
  readonly hosts: readonly Resource[] | undefined;
  /** End of the evaluated window, epoch milliseconds. */
  readonly asOf: number;
  /** Without deep reads nothing of weeks counts. */
  readonly policy: Pick<Policy, 'deepReadDays'>;
}

export async function hostKnowledge(
  { tenant, scope, hosts, asOf, policy }: KnowledgeRequest,
  { weeks, weightsOf }: KnowledgePorts,
): Promise<HostKnowledge> {
  const of = { tenant, scope };
  const [stored, weighted] = await Promise.all([
    weeks === undefined || policy.deepReadDays === 0 ? NOTHING_STORED : storedOf(of, hosts, weeks),
    weightsOf === undefined ? NO_WEIGHTS : readWeights(tenant, weightsOf),
  ]);
  const { weights } = weighted;
  return {
    knowledgeOf: (host) => ({ ...knowledgeFrom(stored, host, asOf), ...(weights && { weights }) }),
    problems: [...stored.problems, ...weighted.problems],
  };
}

const NOTHING_STORED = { records: new Map(), problems: [] };
const NO_WEIGHTS = { weights: undefined, problems: [] };

async function storedOf(
  of: BaselineScope,
  hosts: readonly Resource[] | undefined,
  { baselines }: NonNullable<KnowledgePorts['weeks']>,
) {
  const { manifest, problems } = await readManifest(of, baselines);
  const stored = await readStored(of, manifest, hosts, baselines);
  return { records: stored.records, problems: [...problems, ...stored.problems] };
}

async function readWeights(tenant: string, weightsOf: NonNullable<RunPorts['weightsOf']>) {
  try {
    return { weights: await weightsOf(tenant), problems: [] };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { weights: undefined, problems: [error.message] };
  }
}

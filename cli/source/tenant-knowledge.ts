/** What the runs of a deployment know of a tenant's hosts, read with the user's own credentials. */
import type { KnowledgePorts } from '../../core/inspection/host-knowledge.ts';
import type { BaselineStore } from '../../core/ports/baseline-store.ts';
import { evaluatorWeights, weightsByName } from '../../core/tenants/evaluator-weights.ts';
import type { CommandEnvironment } from '../environment.ts';
import { openBaselineStore, openMarks } from '../stores.ts';

/** Undefined where bucket and table are not known. */
export function tenantKnowledge(environment: CommandEnvironment): KnowledgePorts | undefined {
  if (!environment.hasTable() || !environment.hasResultsBucket()) return undefined;
  const { labels } = openMarks(environment);
  let opened: Promise<BaselineStore> | undefined;
  const store = () => {
    opened ??= openBaselineStore(environment);
    return opened;
  };
  return {
    weeks: {
      baselines: {
        manifest: async (of) => (await store()).manifest(of),
        part: async (of, shard) => (await store()).part(of, shard),
      },
    },
    weightsOf: async (tenant) => weightsByName(evaluatorWeights(await labels.list(tenant, () => {}))),
  };
}

/** What labels of a tenant leave of evaluators' weights, over the table. A label that cannot be read back counts for nothing. */
import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import { createLabelStore } from '../adapters/dynamodb/tenant-items.ts';
import type { RunPorts } from '../core/inspection/region-run.ts';
import { evaluatorWeights, weightsByName } from '../core/tenants/evaluator-weights.ts';

export function createWeights(dynamodb: StoreOptions): NonNullable<RunPorts['weightsOf']> {
  const labels = createLabelStore(dynamodb);
  return async (tenant) => weightsByName(evaluatorWeights(await labels.list(tenant, () => {})));
}

/** What messages state beside their changes, read from the table; what cannot be read is logged and counted. */
import { createScalingLog } from '../adapters/dynamodb/scaling-log.ts';
import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import type { ContextOf } from '../core/incidents/context-of.ts';
import { createContextOf } from '../core/inspection/message-context.ts';
import type { ConfigStore } from '../core/ports/config-store.ts';
import { createLogger } from './log.ts';
import { createMetrics, type MetricsOptions } from './metrics.ts';

export function openMessageContext(
  dynamodb: StoreOptions,
  configs: Pick<ConfigStore, 'get'>,
  of: MetricsOptions,
): ContextOf {
  const logger = createLogger();
  const emit = createMetrics(of);
  return createContextOf({
    configs,
    scalingLog: createScalingLog(dynamodb),
    onFailure({ tenant, what, error }) {
      logger.warn('Messages are sent without a part of their context, which could not be read.', {
        tenant,
        detail: what,
        error,
      });
      emit({ ContextFailures: 1 });
    },
  });
}

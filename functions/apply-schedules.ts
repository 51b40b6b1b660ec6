/** Follows the stream of the table of configs: a tenant's schedules are put right within a minute after its config was saved. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { tenantOfConfigKey } from '../adapters/dynamodb/keys.ts';
import { parseInput } from '../core/model/issues.ts';
import { tenantIdSchema } from '../core/model/tenant.ts';
import { requireComplete } from '../core/tenants/reconcile-report.ts';
import { type ReconcilePorts, reconcileTenant } from '../core/tenants/reconcile-schedules.ts';
import { schedulesVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { firstIssues } from './messages.ts';
import { openSchedulePorts } from './schedule-ports.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm. */
let ports: ReconcilePorts | undefined;

/** Records of a batch: the most that a stream hands over. */
const MAX_RECORDS = 10_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html: what is checked before a record is looked into. */
const eventSchema = z.object({
  Records: z
    .array(
      z.looseObject({
        eventSource: z.literal('aws:dynamodb'),
        dynamodb: z.looseObject({ SequenceNumber: z.string().min(1).max(50) }),
      }),
    )
    .max(MAX_RECORDS),
});

/** The key of the changed item. What it held does not matter: the newest config is read. */
const keysSchema = z.object({
  dynamodb: z.object({
    Keys: z.object({
      pk: z.object({ S: z.string().max(200) }),
      sk: z.object({ S: z.string().max(200) }),
    }),
  }),
});

/**
 * Reconciles each tenant of the batch once, however many records it has: they may come twice and in any order. The records of a
 * tenant whose schedules could not all be put right are reported as failed, and come again. A record that names no config can never
 * succeed: it is logged and left behind, so that it does not block those after it.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<DynamoDBBatchResponse> {
  const batch = parseInput(eventSchema, event);
  if (!batch.success) {
    logger.error('Dropped an event that is not a batch of a DynamoDB stream.', { issues: firstIssues(batch.error) });
    return { batchItemFailures: [] };
  }
  ports ??= openSchedulePorts(schedulesVariables());
  const apply = applyOnce(ports, context);
  return processPartialResponse(batch.data, apply, new BatchProcessor(EventType.DynamoDBStreams), {
    processInParallel: false,
    throwOnFullBatchFailure: false,
  });
}

/** The records of one tenant share one reconcile, and its failure. */
function applyOnce(open: ReconcilePorts, context: InvocationContext): (record: DynamoDBRecord) => Promise<void> {
  const reconciled = new Map<string, Promise<void>>();
  return async (record) => {
    const tenant = tenantOf(record);
    if (tenant === undefined) {
      const sequenceNumber = record.dynamodb?.SequenceNumber;
      logger.error('Left a record behind that names no version of a config.', { sequenceNumber });
      return;
    }
    const work = reconciled.get(tenant) ?? applyTenant(tenant, open, context);
    reconciled.set(tenant, work);
    await work;
  };
}

async function applyTenant(tenant: string, open: ReconcilePorts, context: InvocationContext): Promise<void> {
  try {
    const report = await reconcileTenant(tenant, open, { remainingMs: () => context.getRemainingTimeInMillis() });
    logger.info('Applied a config to its schedules.', { tenant, report });
    requireComplete(report);
  } catch (error) {
    logger.error('Could not apply a config to its schedules; its records come again.', { tenant, error });
    throw error;
  }
}

function tenantOf(record: DynamoDBRecord): string | undefined {
  const { data } = parseInput(keysSchema, record);
  if (data === undefined) return undefined;
  const { pk, sk } = data.dynamodb.Keys;
  return tenantIdSchema.safeParse(tenantOfConfigKey({ pk: pk.S, sk: sk.S })).data;
}

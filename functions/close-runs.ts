/** Every ten minutes: closes inspections of large regions that make no progress any more, as partial. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { closeStaleRuns, type StaleRunPorts } from '../core/inspection/close-stale-runs.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import { createClosePorts } from './close-ports.ts';
import { type CloseRunsVariables, closeRunsVariables } from './environment.ts';
import { type InvocationContext, logStaleRun } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { createMetrics, staleRunMetrics } from './metrics.ts';

const logger = createLogger();

/** Some runs could not be read, or not be closed. */
class CloseRunsError extends PlimsollError {}

/** What the function returns: counts. */
export interface CloseRunsReport {
  readonly open: number;
  readonly closed: number;
  readonly dropped: number;
}

/**
 * Looks through the open runs once, whatever the event. Throws at the end where some could not be read or closed, so that the alarm on
 * this function's errors sees it.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<CloseRunsReport> {
  const variables = closeRunsVariables();
  const emit = createMetrics({ stage: variables.STAGE, function: 'close-runs' });
  const totalMs = context.getRemainingTimeInMillis();
  const deadline = { now: Date.now(), totalMs, remainingMs: () => context.getRemainingTimeInMillis() };
  const { open, closed, dropped, failures } = await closeStaleRuns(openPorts(variables), deadline);
  for (const { summary } of closed) logStaleRun(logger, summary);
  for (const { run, error } of failures)
    logger.error('Could not close an inspection; it is tried again.', { tenant: run?.tenant, error });
  emit(staleRunMetrics(closed.map(({ summary }) => summary)));
  const [first] = failures;
  if (first !== undefined) {
    const text = first.error instanceof Error ? first.error.message : String(first.error);
    throw new CloseRunsError(`${failures.length} open inspections could not be read or closed; the first: ${text}`);
  }
  return { open, closed: closed.length, dropped };
}

function openPorts({ AWS_REGION: region, CONFIGS_TABLE, TABLE: table, RESULTS_BUCKET }: CloseRunsVariables) {
  const client = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  const s3 = { client: new S3Client({ region, ...BOUNDED_WAIT }), bucket: RESULTS_BUCKET };
  return {
    ...createClosePorts({ client, table }, s3),
    configs: createConfigStore({ client, table: CONFIGS_TABLE }),
  } satisfies StaleRunPorts;
}

/** Once a day: removes the results of deleted tenants that are due, and merges the results of days that are over. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../adapters/dynamodb/deleted-tenants.ts';
import { createResultsArchive } from '../adapters/s3/results-archive.ts';
import { type CompactionReport, compactResults } from '../core/inspection/compact-results.ts';
import { type PurgeReport, purgeResults } from '../core/inspection/purge-results.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import { type CompactVariables, compactVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';

const logger = createLogger();

/** Failures that the error of the function names; the log has all. */
const NAMED = 3;

/** Some results could not be merged, or removed. */
class CompactionError extends PlimsollError {}

type Failures = PurgeReport['failures'];

/**
 * Works once, whatever the event. Throws at the end where something failed, so that the alarm on this function's errors sees it; the
 * rest was done even so. What time ran out for is left to the next day.
 */
export async function handler(
  _event: unknown,
  context: InvocationContext,
): Promise<CompactionReport & Pick<PurgeReport, 'purged'>> {
  const ports = openPorts(compactVariables());
  const deadline = { now: Date.now(), remainingMs: () => context.getRemainingTimeInMillis() };
  // First: what is removed need not be merged.
  const { purged, failures: notPurged } = await purgeResults(ports, deadline.now);
  const report = await compactResults(ports, deadline);
  const { compacted, merged, left, tenantsLeft } = report;
  const failures = [...notPurged, ...report.failures];
  for (const { tenant, error } of failures)
    logger.error('Could not merge or remove the results of a tenant; it is tried again.', { tenant, error });
  logger.info('Merged the results of past days.', { compacted, merged, left, tenantsLeft, purged });
  if (failures.length > 0) throw new CompactionError(failureText(failures));
  return { ...report, purged };
}

function failureText(failures: Failures): string {
  const named = failures
    .slice(0, NAMED)
    .map(
      ({ tenant, error }) => `${tenant ?? 'all tenants'}: ${error instanceof Error ? error.message : String(error)}`,
    );
  return `${failures.length} results could not be merged or removed; the others were. ${named.join('; ')}`;
}

function openPorts({ AWS_REGION: region, CONFIGS_TABLE: table, RESULTS_BUCKET: bucket }: CompactVariables) {
  const client = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  return {
    archive: createResultsArchive({ client: new S3Client({ region, ...BOUNDED_WAIT }), bucket }),
    deleted: createDeletedTenants({ client, table }),
    configs: createConfigStore({ client, table }),
  };
}

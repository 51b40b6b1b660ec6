/** Every hour: merges the samples of hours that are over, and archives and purges what was recorded. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createRecordingStore } from '../adapters/dynamodb/recording-store.ts';
import { createRecordedSamples } from '../adapters/s3/recorded-samples.ts';
import { createSampleStore } from '../adapters/s3/sample-store.ts';
import { type KeepSamplesPorts, type KeepSamplesReport, keepSamples } from '../core/ingest/keep-samples.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import { keepRecordings } from '../core/recordings/keep-recordings.ts';
import { type KeepSamplesVariables, keepSamplesVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';

const logger = createLogger();

/** Some samples could not be merged, or some recordings not kept. */
class KeepSamplesError extends PlimsollError {}

/** Failures that the error of the function names; the log has all. */
const NAMED = 3;

/** Works once, whatever the event. Throws at the end where something failed, so that the alarm on this function's errors sees it. */
export async function handler(_event: unknown, context: InvocationContext): Promise<KeepSamplesReport> {
  const deadline = { now: Date.now(), remainingMs: () => context.getRemainingTimeInMillis() };
  const report = await keepSamples(openPorts(keepSamplesVariables()), deadline);
  const { merged, left, failures } = report;
  for (const { tenant, error } of failures)
    logger.error('Could not keep the samples of a tenant; it is tried again.', { tenant, error });
  logger.info('Merged the samples of past hours.', { merged, left });
  if (failures.length > 0) throw new KeepSamplesError(failureText(report));
  return report;
}

function failureText({ failures }: KeepSamplesReport): string {
  const named = failures
    .slice(0, NAMED)
    .map(
      ({ tenant, error }) => `${tenant ?? 'all tenants'}: ${error instanceof Error ? error.message : String(error)}`,
    );
  return `Samples or recordings could not be kept in ${failures.length} cases; the others were. ${named.join('; ')}`;
}

function openPorts(variables: KeepSamplesVariables): KeepSamplesPorts {
  const { AWS_REGION: region, TABLE: table, CONFIGS_TABLE: configsTable, RESULTS_BUCKET: bucket } = variables;
  const client = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  const s3 = { client: new S3Client({ region, ...BOUNDED_WAIT }), bucket };
  const recordings = createRecordingStore({ client, table });
  const recorded = createRecordedSamples(s3);
  return {
    configs: createConfigStore({ client, table: configsTable }),
    samples: createSampleStore(s3),
    async keepRecordings(tenant, now) {
      const { failures, ...done } = await keepRecordings(tenant, { recordings, samples: recorded }, now);
      if (Object.values(done).some((count) => count > 0))
        logger.info('Kept the recordings of a tenant.', { tenant, ...done });
      return failures.map(({ error }) => error);
    },
  };
}

/** Once a day: merges the results of days that are over. */
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createResultsArchive } from '../adapters/s3/results-archive.ts';
import { type CompactionReport, compactResults } from '../core/inspection/compact-results.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import { compactVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';

const logger = createLogger();

/** Failures that the error of the function names; the log has all. */
const NAMED = 3;

/** Some results could not be merged. */
class CompactionError extends PlimsollError {}

/**
 * Merges once, whatever the event. Throws at the end where something failed, so that the alarm on this function's errors sees it; the
 * others were merged even so. What time ran out for is left to the next day.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<CompactionReport> {
  const { AWS_REGION: region, RESULTS_BUCKET: bucket } = compactVariables();
  const archive = createResultsArchive({ client: new S3Client({ region, ...BOUNDED_WAIT }), bucket });
  const deadline = { now: Date.now(), remainingMs: () => context.getRemainingTimeInMillis() };
  const report = await compactResults(archive, deadline);
  const { compacted, merged, left, failures } = report;
  for (const { tenant, error } of failures)
    logger.error('Could not merge the results of a tenant; it is tried again.', { tenant, error });
  logger.info('Merged the results of past days.', { compacted, merged, left });
  if (failures.length > 0) throw new CompactionError(failureText(report));
  return report;
}

function failureText({ failures }: CompactionReport): string {
  const named = failures
    .slice(0, NAMED)
    .map(({ tenant, error }) => `${tenant ?? 'the list of tenants'}: ${error.message}`);
  return `${failures.length} results could not be merged; the others were. ${named.join('; ')}`;
}

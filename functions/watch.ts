/** Every quarter of an hour: notifies tenants when their accounts are not inspected, and that Plimsoll is alive; and finds what to remind of. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createConfigStore } from '../adapters/dynamodb/config-store.ts';
import { createEventLog } from '../adapters/dynamodb/event-log.ts';
import { createHealthStore } from '../adapters/dynamodb/health-store.ts';
import { createIncidentList } from '../adapters/dynamodb/incident-list.ts';
import { createIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { createSpendStore } from '../adapters/dynamodb/spend-store.ts';
import { createLabelStore, createMuteStore } from '../adapters/dynamodb/tenant-items.ts';
import { createPointStateStore } from '../adapters/s3/point-state-store.ts';
import { createPublisher } from '../adapters/sns/publisher.ts';
import { type WatchPorts, type WatchReport, watchTenants } from '../core/health/watch.ts';
import { createReminders } from '../core/inspection/remind-by-config.ts';
import { createFailingJobs } from '../core/points/failing-jobs.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import { type WatchVariables, watchVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';

const logger = createLogger();

/** Tenants that the error of the function names; the log has all. */
const NAMED = 3;

/** Some tenants were not watched, or not notified. */
class WatchError extends PlimsollError {}

/**
 * Watches once, whatever the event. Throws at the end where a tenant could not be watched or notified, so that the alarm on this
 * function's errors sees it; the others were watched even so.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<WatchReport> {
  const variables = watchVariables();
  const emit = createMetrics({ stage: variables.STAGE, function: 'watch' });
  const deadline = { now: Date.now(), remainingMs: () => context.getRemainingTimeInMillis() };
  const report = await watchTenants(openPorts(variables), deadline);
  const { tenants, missedRegions, failingAccounts, newlyFailingAccounts, stoppedHosts, published, reminded, failures } =
    report;
  emit({
    Tenants: tenants,
    MissingRuns: missedRegions,
    FailingAccounts: failingAccounts,
    NewlyFailingAccounts: newlyFailingAccounts,
    StoppedAgents: stoppedHosts,
    WatchFailures: failures.length,
  });
  for (const { tenant, error } of failures)
    logger.error('Could not watch a tenant; it is tried again.', { tenant, error });
  logger.info('Watched the inspections of all tenants.', {
    tenants,
    missedRegions,
    failingAccounts,
    stoppedHosts,
    published,
    reminded,
  });
  if (failures.length > 0) throw new WatchError(failureText(report));
  return report;
}

function failureText({ failures }: WatchReport): string {
  const named = failures
    .slice(0, NAMED)
    .map(({ tenant, error }) => `${tenant ?? 'the list of tenants'}: ${error.message}`);
  return `${failures.length} tenants could not be watched or notified; the others were. ${named.join('; ')}`;
}

function openPorts(variables: WatchVariables): WatchPorts {
  const { AWS_REGION: region, CONFIGS_TABLE, TABLE, TOPIC_ARN_PREFIX, RESULTS_BUCKET: bucket } = variables;
  const client = new DynamoDBClient({ region, ...BOUNDED_WAIT });
  const incidentList = createIncidentList({ client, table: TABLE });
  const spend = createSpendStore({ client, table: TABLE });
  const pointStates = createPointStateStore({ client: new S3Client({ region, ...BOUNDED_WAIT }), bucket });
  return {
    configs: createConfigStore({ client, table: CONFIGS_TABLE }),
    incidentList,
    log: createEventLog({ client, table: TABLE, keptDays: Number(variables.EVENTS_DAYS) }),
    mutes: createMuteStore({ client, table: TABLE }),
    labels: createLabelStore({ client, table: TABLE }),
    remind: createReminders({ incidents: createIncidentStore({ client, table: TABLE }), incidentList }),
    health: createHealthStore({ client, table: TABLE }),
    spend,
    failingJobs: createFailingJobs({ pointStates, spend }),
    publisher: createPublisher({
      client: new SNSClient({ region, ...BOUNDED_WAIT }),
      topicArnPrefix: TOPIC_ARN_PREFIX,
      stage: variables.STAGE,
    }),
  };
}

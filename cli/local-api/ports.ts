/** What the API needs, over the stores of a deployment as the command line reaches them: with the user's own credentials, which narrow nothing. */
import { randomUUID } from 'node:crypto';
import { customQueryIssue } from '../../adapters/promql/custom-queries.ts';
import type { SignInView } from '../../api/contract/tenants.ts';
import type { ApiPorts, TenantPorts } from '../../api/ports.ts';
import type { HostReader } from '../../core/ports/host-reader.ts';
import type { CommandContext } from '../context.ts';
import {
  openAccessStore,
  openAuditLog,
  openConfigStore,
  openDeletedTenants,
  openHealthStore,
  openIncidentStores,
  openIngestTokenStore,
  openPointStores,
  openPublisher,
  openRecordedSamples,
  openRecordingStore,
  openRequestLog,
  openRequestQueue,
  openResultsStore,
  openRunLog,
  openScalingLog,
  openSpendStore,
  openTopicSubscriptions,
} from '../stores.ts';

export interface LocalPortsOptions {
  /** Opened when a host is read for the first time. */
  readonly hostReader: HostReader;
  readonly signIn: () => SignInView;
  /** Epoch milliseconds. Default: the clock. */
  readonly now?: () => number;
  /** What nobody expected. */
  readonly onFault: ApiPorts['onFault'];
}

/** Throws `MissingVariableError` where the environment does not name the deployment. */
export async function openLocalPorts(
  { environment }: Pick<CommandContext, 'environment'>,
  { hostReader, signIn, now = Date.now, onFault }: LocalPortsOptions,
): Promise<ApiPorts> {
  const configs = openConfigStore(environment);
  const results = await openResultsStore(environment);
  const points = await openPointStores(environment);
  const stores: TenantPorts = {
    configs,
    results,
    ...points,
    hostReader,
    queryCheck: customQueryIssue,
    deleted: openDeletedTenants(environment),
    publisher: openPublisher(environment),
    subscriptions: openTopicSubscriptions(environment),
    ...openIncidentStores({ environment, now: now() }),
    recordings: openRecordingStore(environment),
    recorded: await openRecordedSamples(environment),
    health: openHealthStore(environment),
    spend: openSpendStore(environment),
    runs: openRunLog(environment),
    requests: openRequestLog(environment),
    scaling: openScalingLog(environment),
    queue: openRequestQueue(environment),
    ingestTokens: openIngestTokenStore(environment),
    audit: openAuditLog(environment),
  };
  return {
    forTenant: async () => stores,
    async *tenants() {
      for await (const { config } of configs.list()) yield { tenant: config.tenant, name: config.name ?? null };
    },
    access: openAccessStore(environment),
    signIn,
    now,
    newId: randomUUID,
    onFault,
  };
}

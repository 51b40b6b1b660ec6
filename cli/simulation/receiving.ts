/**
 * Receives samples of memory on this machine: the deployment of the simulation without its fleet, where what hosts send and what recordings keep is in a
 * folder and stays there. Incidents, marks and runs are in memory, and are made anew from the samples at the next start.
 */
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { createDeletedTenants } from '../../adapters/dynamodb/deleted-tenants.ts';
import { createFolderIngestTokenStore } from '../../adapters/folder/ingest-token-store.ts';
import { openFolder } from '../../adapters/folder/open-folder.ts';
import { createFolderRecordingStore } from '../../adapters/folder/recording-store.ts';
import type { Bucket } from '../../adapters/s3/bucket.ts';
import { recordedSamplesIn } from '../../adapters/s3/recorded-samples.ts';
import { sampleStoreIn } from '../../adapters/s3/sample-store.ts';
import { createPublisher } from '../../adapters/sns/publisher.ts';
import type { ApiPorts } from '../../api/ports.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import type { RecordedSamples, RecordingStore } from '../../core/ports/recording-store.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { CommandContext } from '../context.ts';
import { isolatedVariables } from '../environment.ts';
import { createLocalApi, VERSION } from '../local-api/app.ts';
import { openLocalPorts } from '../local-api/ports.ts';
import { newExternalId } from '../stores.ts';
import { commandEnvironment } from './command-environment.ts';
import { type Functions, openFunctions } from './functions.ts';
import { createKeeper } from './keeper.ts';
import { LOCAL } from './local-tenant.ts';
import { createSenders, type Senders } from './senders.ts';

/** What the folder holds, by the ports of a deployment. */
export interface FolderStores {
  readonly bucket: Bucket;
  readonly samples: SampleStore;
  readonly recorded: RecordedSamples;
  readonly recordings: RecordingStore;
  readonly ingestTokens: IngestTokenStore;
}

export interface Receiving extends AsyncDisposable {
  readonly api: Hono;
  readonly senders: Senders;
  readonly ingestTokens: IngestTokenStore;
  /** What a deployment does hourly: merges, archives, purges and inspects. Nothing is thrown: what failed is noted, and done the next time. */
  hourly(now: number): Promise<void>;
  /** Does what was requested by hand. */
  serveRequests(): Promise<void>;
}

type Context = Pick<CommandContext, 'terminal'>;

/** Throws `StoreError` where the folder cannot be used. While it is open, this process reaches no cloud but those on this machine. */
export async function openReceiving(folder: string, { terminal }: Context): Promise<Receiving> {
  await using stack = new AsyncDisposableStack();
  const { bucket } = stack.use(await openFolder(folder));
  const sandbox = stack.use(await startSandbox());
  const deployment = await deploy(sandbox);
  stack.use(isolatedVariables({ ...deployment.environment, POWERTOOLS_LOG_LEVEL: 'SILENT' }));
  const stores = storesIn(bucket);
  const configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  await putLocalTenant(configs, deployment);
  const functions = openFunctions(deployment, Date.now, { samples: stores.samples });
  const api = createLocalApi(await portsOf(deployment, { functions, stores, terminal }), { name: 'you' });
  const note = (text: string) => terminal.note(text);
  const keep = createKeeper({ ...stores, configs }, note);
  const kept = stack.move();
  return {
    api,
    senders: createSenders({ ...stores, configs }, note),
    ingestTokens: stores.ingestTokens,
    async hourly(now) {
      await keep(now);
      await inspect(functions, sandbox, now, note);
    },
    serveRequests: async () => {
      await functions.workThroughQueues();
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function storesIn(bucket: Bucket): FolderStores {
  return {
    bucket,
    samples: sampleStoreIn(bucket),
    recorded: recordedSamplesIn(bucket),
    recordings: createFolderRecordingStore(bucket),
    ingestTokens: createFolderIngestTokenStore(bucket),
  };
}

async function putLocalTenant(configs: ConfigStore, { dynamodb, sns, environment }: Deployment): Promise<void> {
  const config = {
    version: 1,
    tenant: LOCAL.tenant,
    name: 'This machine',
    accounts: [{ provider: 'otlp', account: LOCAL.account }],
  };
  const deleted = createDeletedTenants({ client: dynamodb, table: environment.CONFIGS_TABLE });
  const publisher = createPublisher({ client: sns, topicArnPrefix: environment.TOPIC_ARN_PREFIX });
  const by = { newExternalId: newExternalId(), now: Date.now(), putBy: 'plimsoll console' };
  await putTenant(config, { configs, publisher, deleted }, by);
}

interface Parts extends Context {
  readonly functions: Functions;
  readonly stores: FolderStores;
}

/** The API's ports over the deployment on this machine, but for what the folder has. */
async function portsOf(deployment: Deployment, { functions, stores, terminal }: Parts): Promise<ApiPorts> {
  const { recordings, recorded, ingestTokens } = stores;
  const ports = await openLocalPorts(
    { environment: commandEnvironment(deployment) },
    {
      hostReader: functions.hostReader,
      signIn: () => ({ mode: 'local', issuers: [], version: VERSION, stage: null, simulated: null }),
      onFault: (error, { route }) => terminal.note(`error: ${route} failed: ${messageOf(error)}`),
    },
  );
  return {
    ...ports,
    newId: randomUUID,
    async forTenant(tenant, use) {
      return { ...(await ports.forTenant(tenant, use)), recordings, recorded, ingestTokens };
    },
  };
}

async function inspect(functions: Functions, sandbox: Sandbox, now: number, note: (text: string) => void) {
  sandbox.now = now;
  // Nobody counts them here, and this may run for months.
  sandbox.calls.clear();
  try {
    await functions.inspect('otlp', { ...LOCAL, at: now });
  } catch (error) {
    note(`error: the hosts could not be inspected: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The clouds on localhost: starts everything, and returns how clients reach it. */
import { type Accounts, createAccounts } from './aws/accounts.ts';
import { answerCloudFormation, type Stacks } from './aws/cloudformation-endpoint.ts';
import { answerCloudWatch } from './aws/cloudwatch/endpoint.ts';
import { createCatalogues } from './aws/cloudwatch/metrics.ts';
import { type Emulators, startEmulators } from './aws/emulators.ts';
import { forward } from './aws/forward.ts';
import { inProcess, type RequestHandler } from './aws/in-process.ts';
import type { Incoming } from './aws/request.ts';
import { createRouter, type Handler, serve } from './aws/router.ts';
import { answerS3 } from './aws/s3-endpoint.ts';
import { answerScheduler, putGroup, type SandboxSchedule, type ScheduleGroups } from './aws/scheduler-endpoint.ts';
import { answerSns, type Email } from './aws/sns-endpoint.ts';
import { answerSqs } from './aws/sqs-endpoint.ts';
import { answerSts } from './aws/sts-endpoint.ts';
import { answerTagging } from './aws/tagging-endpoint.ts';
import { type Azure, startAzure } from './azure/cloud.ts';
import type { GcpServer, GcpServerParts } from './gcp/server.ts';
import { isScraped, worldsOf } from './prometheus/fleet-worlds.ts';
import type { Fleet } from './scenario/fleet.ts';
import { type CallLog, createCallLog } from './wire/call-log.ts';
import { createFaults, type Fault } from './wire/faults.ts';
import { close, listen } from './wire/listen.ts';
import { createWebIdentity, type WebIdentity } from './wire/web-identity.ts';

/** What an AWS SDK client needs to reach the sandbox. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Sandbox extends AsyncDisposable {
  /** For all AWS services: `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly azure: Azure;
  /** Of Cloud Monitoring, 127.0.0.1:PORT; undefined where the fleet has no host in Google Cloud. */
  readonly gcpEndpoint: string | undefined;
  /** Where the fleet's Prometheus servers answer, each below its name: `/NAME/api/v1/query`. Undefined where it has none. */
  readonly prometheusEndpoint: string | undefined;
  readonly calls: CallLog;
  /** What email subscribers read, oldest first. */
  readonly emails: readonly Email[];
  /** The time at which the metrics stand, epoch milliseconds: later samples do not exist yet. May be set. */
  now: number;
  /** With dummy credentials of the sandbox's own account. */
  clientConfig(region: string): ClientConfig;
  /** The same for a client in this process, without a connection: a request takes some 60 % of the time. */
  inProcess(region: string): ClientConfig & { readonly requestHandler: RequestHandler };
  /** Lets whoever shows the external id assume the role; undefined withdraws the trust, null requires no external id. */
  trust(roleArn: string, externalId: string | null | undefined): void;
  /** Deploys a stack with these outputs in every region of the sandbox's own account. */
  putStack(name: string, outputs: Readonly<Record<string, string>>): void;
  /** Makes a schedule group, and returns the schedules in it by name: empty at first, and from then on as they are. */
  putScheduleGroup(name: string): Map<string, SandboxSchedule>;
  /** Makes something go wrong from now on; returns the function that lifts it. */
  inject(fault: Fault): () => void;
  liftFaults(): void;
  close(): Promise<void>;
}

const EMPTY_FLEET: Fleet = { asOf: 0, tenants: [], hosts: [], refusing: [] };

/** Starts on ephemeral loopback ports. Without a fleet CloudWatch is empty and the other services work as ever. */
export async function startSandbox({ fleet = EMPTY_FLEET }: { readonly fleet?: Fleet } = {}): Promise<Sandbox> {
  const emulators = await startEmulators();
  const accounts = createAccounts();
  const faults = createFaults();
  const calls = createCallLog();
  const emails: Email[] = [];
  const state = { now: fleet.asOf };
  const stacks: Stacks = new Map();
  const schedules: ScheduleGroups = new Map();
  const webIdentity = createWebIdentity();
  const services = { accounts, webIdentity, emulators, emails, stacks, schedules };
  const handle = createHandler({ state, fleet, ...services });
  const answer = (incoming: Incoming) => serve(incoming, { accounts, faults, log: calls.add, handle });
  const router = createRouter(answer);
  const host = `127.0.0.1:${await listen(router)}`;
  const endpoint = `http://${host}`;
  const clientConfig = (region: string): ClientConfig => ({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  });
  const azure = await startAzure({ fleet, webIdentity, faults, log: calls.add, now: () => state.now });

  const gcp = await startGcp({ fleet, faults, state, log: calls.add });
  const prometheus = await startPrometheus({ fleet, faults, state, log: calls.add });

  async function stop(): Promise<void> {
    await gcp?.[Symbol.asyncDispose]();
    await prometheus?.[Symbol.asyncDispose]();
    await Promise.all([close(router), azure.close()]);
    await emulators[Symbol.asyncDispose]();
  }
  return {
    endpoint,
    azure,
    gcpEndpoint: gcp && `127.0.0.1:${gcp.port}`,
    prometheusEndpoint: prometheus && `http://127.0.0.1:${prometheus.port}`,
    calls,
    emails,
    get now() {
      return state.now;
    },
    set now(time) {
      state.now = time;
    },
    clientConfig,
    inProcess: (region) => ({ ...clientConfig(region), requestHandler: inProcess(host, answer) }),
    trust: accounts.trust,
    putStack: (name, outputs) => stacks.set(name, outputs),
    putScheduleGroup: (name) => putGroup(schedules, name),
    inject: faults.add,
    liftFaults: faults.clear,
    close: stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Loaded where it is needed alone: gRPC and its protos take a third of a second to come up. */
async function startGcp(parts: GcpServerParts): Promise<GcpServer | undefined> {
  const { hosts, pods = [] } = parts.fleet;
  const providers = [...hosts.map(({ resource }) => resource), ...pods].map(({ provider }) => provider);
  if (!providers.includes('gcp')) return undefined;
  const { startGcpServer } = await import('./gcp/server.ts');
  return startGcpServer(parts);
}

/** Loaded where it is needed alone, as its grammar is. */
async function startPrometheus({ fleet, faults, state, log }: GcpServerParts) {
  if (!fleet.hosts.some(isScraped)) return undefined;
  const { createPrometheusServer } = await import('./prometheus/server.ts');
  const server = createPrometheusServer({ worlds: worldsOf(fleet), faults, log, now: () => state.now });
  return { port: await listen(server), [Symbol.asyncDispose]: () => close(server) };
}

interface HandlerParts {
  readonly state: { readonly now: number };
  readonly fleet: Fleet;
  readonly accounts: Accounts;
  readonly webIdentity: WebIdentity;
  readonly emulators: Emulators;
  readonly emails: Email[];
  readonly stacks: Stacks;
  readonly schedules: ScheduleGroups;
}

/** Hands each request to its service. */
function createHandler(parts: HandlerParts): Handler {
  const { state, fleet, accounts, webIdentity, emulators, emails, stacks, schedules } = parts;
  const catalogueOf = createCatalogues(fleet);
  return (request, account, fault) => {
    const toMessaging = (body: string) => forward(request, emulators.messaging, body);
    switch (request.service) {
      case 'cloudformation':
        return answerCloudFormation(request, stacks);
      case 'cloudwatch':
        return answerCloudWatch(request, { catalogue: catalogueOf(account, request.region), now: state.now, fault });
      case 'tagging':
        return answerTagging(request, { fleet, account, now: state.now });
      case 'scheduler':
        return answerScheduler(request, schedules, state.now);
      case 'sts':
        return answerSts(request, accounts, webIdentity);
      case 'dynamodb':
        return forward(request, emulators.dynamodb);
      case 's3':
        return answerS3(request, (changed) => forward({ ...request, ...changed }, emulators.messaging));
      case 'sqs':
        return answerSqs(request, toMessaging);
      case 'sns':
        return answerSns(request, toMessaging, (email) => emails.push(email), fault);
    }
  };
}

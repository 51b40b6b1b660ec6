/**
 * `plimsoll demo`: the clouds on this machine, a simulated fleet in them, and the functions as they run in the cloud. No
 * other command plays the cloud; what this one shows is rendered elsewhere.
 */
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createRunLog } from '../../adapters/dynamodb/run-log.ts';
import { createRequestQueue } from '../../adapters/sqs/inspection-queue.ts';
import type { Inspected } from '../../core/model/inspected-host.ts';
import type { Notification } from '../../core/model/notification.ts';
import { ACCOUNT_PROVIDERS, type AccountProvider } from '../../core/model/series.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Fleet } from '../../sandbox/scenario/fleet.ts';
import { everywhereAt } from '../../sandbox/scenario/scenario.ts';
import type { CommandContext } from '../context.ts';
import { isolatedVariables } from '../environment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { putTenants, trustReaders } from '../simulation/tenants.ts';
import type { CloudAccess } from '../source/cloud-access.ts';
import { refuseNowhere, type Selection, type SourceOptions, tenantTargets } from '../source/targets.ts';
import { tableOptions } from '../terminal.ts';
import { compareWithExpected, mishapsOf } from './comparison.ts';
import { expectedContainers } from './expected-containers.ts';
import { leaksAmong, leaksReported, runsAt, verdictsAt } from './findings.ts';
import { type DemoInspection, type DemoReport, type DemoTenantReport, renderDemo } from './text.ts';

export interface DemoOptions {
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly seed?: number;
  readonly debug?: boolean;
}

/** A fixed time, so that everybody sees the same. */
const DEMO_TIME = Date.UTC(2026, 10, 20, 12);

/** The region of the sandbox's own account. */
const HOME_REGION = 'eu-west-1';

const HOUR = 3_600_000;

/** Milliseconds that a deployed function has. */
const FUNCTION_TIMEOUT_MS = 300_000;

/** Two inspections an hour apart. Exit code 0 when exactly what the fleet expects was found and published, else 1. */
export async function runDemo(options: DemoOptions, { terminal, signal }: CommandContext): Promise<ExitCode> {
  const began = performance.now();
  const fleet = fleetOf(options);
  terminal.progress('starting the clouds on this machine …');
  await using sandbox = await startSandbox({ fleet });
  const deployment = await deploy(sandbox);
  using _ = isolatedVariables({ ...deployment.environment, POWERTOOLS_LOG_LEVEL: options.debug ? 'INFO' : 'SILENT' });
  const tenants = await subscribedTenants(fleet, sandbox, deployment);

  terminal.progress(`inspecting ${fleet.hosts.length} hosts …`);
  const first = await inspectAll(fleet.asOf, tenants, sandbox, deployment, signal);
  const found = await evaluateAll(fleet, tenants, accessTo(sandbox), signal);
  terminal.progress(`inspecting ${fleet.hosts.length} hosts again …`);
  const second = await inspectAll(fleet.asOf + HOUR, tenants, sandbox, deployment, signal);

  const verdicts = found.flatMap(({ verdicts }) => verdicts);
  const hosts = [...fleet.hosts, ...expectedContainers(fleet)];
  const { expected, topConsumers, differences } = compareWithExpected(hosts, verdicts, leaksReported(first.events));
  const log = createRunLog({ client: deployment.dynamodb, table: deployment.environment.TABLE });
  const stored = tenants.map((tenant) => tenant.stored);
  const report: DemoReport = {
    hosts: hosts.length,
    tenants: found,
    inspections: [first, second],
    runs: await runsAt(stored, fleet.asOf, log),
    email: sandbox.emails[0],
    expected,
    topConsumers,
    differences: [...differences, ...mishapsOf([first, second])],
  };
  terminal.print(renderDemo(report, tableOptions(terminal)));
  // On stderr: what is on stdout is the same every time.
  terminal.note(`It took ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  return report.differences.length === 0 ? EXIT.clean : EXIT.error;
}

/** The demo's fleet for commands that read hosts: metrics and roles, without the functions. */
export async function openDemoSelection(options: SourceOptions & DemoOptions): Promise<Selection> {
  const fleet = fleetOf(options);
  const sandbox = await startSandbox({ fleet });
  const { endpoint, region, credentials } = sandbox.clientConfig(HOME_REGION);
  const variables = isolatedVariables({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  // No AsyncDisposableStack: node 22 has none.
  async function close(): Promise<void> {
    variables[Symbol.dispose]();
    await sandbox[Symbol.asyncDispose]();
  }
  try {
    const targets = fleet.tenants.flatMap((config) => {
      const stored: StoredTenant = { config, version: 1, externalId: `demo-${config.tenant}`, putAt: fleet.asOf };
      trustReaders(stored, fleet, sandbox);
      return tenantTargets(stored, options, fleet.asOf, accessTo(sandbox));
    });
    refuseNowhere(targets, 'The simulated fleet', options);
    return {
      targets,
      scheduledTime: fleet.asOf,
      end: options.at === undefined ? 'now' : 'given',
      now: fleet.asOf,
      hostIds: idsByName(fleet),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In AWS the metrics carry no names. A name that several hosts have is no id: the search by name goes to the clouds that know it. */
function idsByName({ hosts }: Fleet): ReadonlyMap<string, string> {
  const named = Map.groupBy(hosts, ({ resource: { name, id } }) => name ?? id);
  return new Map(
    [...named].flatMap(([name, [host, ...others]]) => (host && others.length === 0 ? [[name, host.resource.id]] : [])),
  );
}

/** Where the other clouds, and Prometheus servers, are on this machine. */
function accessTo({ gcpEndpoint, azure, prometheusEndpoint }: Sandbox): CloudAccess {
  const noCloud = () => {
    throw new Error('The demo signs in to no real cloud.');
  };
  return {
    gcpSession: noCloud,
    topicArnPrefix: noCloud,
    resultsBucket: noCloud,
    ...(gcpEndpoint !== undefined && { gcpEndpoint }),
    azureEndpoint: azure.endpoint,
    ...(prometheusEndpoint !== undefined && { prometheusEndpoint }),
  };
}

function fleetOf({ at = DEMO_TIME, seed }: DemoOptions): Fleet {
  return everywhereAt(at, seed);
}

interface DemoTenant {
  readonly stored: StoredTenant;
  /** The events that its topic has sent since the last call. */
  received(): Promise<readonly Notification[]>;
}

/** Each with a subscriber to its topic. */
async function subscribedTenants(fleet: Fleet, sandbox: Sandbox, deployment: Deployment): Promise<DemoTenant[]> {
  const tenants: DemoTenant[] = [];
  for (const { stored, topic } of await putTenants(fleet, sandbox, deployment))
    tenants.push({ stored, received: await deployment.subscribe(topic) });
  return tenants;
}

/**
 * Requests an inspection of every account, as the schedules do, and lets the functions work until their queues are empty.
 * @param at Epoch milliseconds: what the clouds hold then is what is inspected.
 */
async function inspectAll(
  at: number,
  tenants: readonly DemoTenant[],
  sandbox: Sandbox,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<DemoInspection> {
  sandbox.now = at;
  const scheduledTime = new Date(at).toISOString();
  const requests = createRequestQueue({ client: deployment.sqs, queueUrl: deployment.dispatch.requestQueueUrl });
  for (const { tenant, accounts } of tenants.map(({ stored }) => stored.config)) {
    for (const { provider, account } of accounts)
      await requests.send({ version: 1, tenant, provider, account, trigger: 'schedule', scheduledTime });
  }
  let [failed, rejected] = [0, 0];
  for (const worker of workersOf(deployment)) {
    const outcome = await workThrough(worker, deployment, signal);
    failed += outcome.failed;
    rejected += outcome.rejected;
  }
  const events = await Promise.all(tenants.map((tenant) => tenant.received()));
  return { at, events: events.flat(), failed, rejected };
}

/** A function with the queue that it works on. */
interface Worker {
  readonly environment: Readonly<Record<string, string>>;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  handler(): Promise<(event: unknown, context: ReturnType<typeof lambdaContext>) => Promise<object>>;
}

/** In the order in which a request passes them. */
function workersOf({ dispatch, environmentOf }: Deployment): Worker[] {
  const inspecting = ACCOUNT_PROVIDERS.map((provider): Worker => {
    const environment = environmentOf(provider);
    const { INSPECT_QUEUE_URL: queueUrl, DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl } = environment;
    return { environment, queueUrl, deadLetterQueueUrl, handler: HANDLERS[provider] };
  });
  const { environment, requestQueueUrl: queueUrl, deadLetterQueueUrl } = dispatch;
  return [{ environment, queueUrl, deadLetterQueueUrl, handler: HANDLERS.dispatch }, ...inspecting];
}

// Loaded when they are first called, because a function reads its environment when it starts.
const HANDLERS = {
  dispatch: async () => (await import('../../functions/dispatch.ts')).handler,
  aws: async () => (await import('../../functions/inspect-aws.ts')).handler,
  gcp: async () => (await import('../../functions/inspect-gcp.ts')).handler,
  azure: async () => (await import('../../functions/inspect-azure.ts')).handler,
  prometheus: async () => (await import('../../functions/inspect-prometheus.ts')).handler,
  otlp: async () => (await import('../../functions/inspect-otlp.ts')).handler,
} as const satisfies Record<AccountProvider | 'dispatch', Worker['handler']>;

/** Hands a function what is on its queue, in the environment that its deployment gives it. */
async function workThrough(worker: Worker, { receive }: Deployment, signal: AbortSignal) {
  const { environment, queueUrl, deadLetterQueueUrl } = worker;
  using _ = isolatedVariables(environment);
  const handler = await worker.handler();
  let failed = 0;
  for (let received = await receive(queueUrl); received.length > 0; received = await receive(queueUrl)) {
    for (const { message, done } of received) {
      signal.throwIfAborted();
      const { batchItemFailures } = batchResponse.parse(await handler(asLambdaEvent(message), lambdaContext()));
      if (batchItemFailures.length === 0) await done();
      else failed++;
    }
  }
  return { failed, rejected: (await receive(deadLetterQueueUrl)).length };
}

/** What each function returns for a batch. */
const batchResponse = z.object({ batchItemFailures: z.array(z.unknown()) });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html: the parts that a function of ours reads. */
function asLambdaEvent({ MessageId, ReceiptHandle, Body, Attributes }: Message): object {
  const received = { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes };
  return { Records: [{ ...received, eventSource: 'aws:sqs' }] };
}

function lambdaContext() {
  const began = performance.now();
  return { getRemainingTimeInMillis: () => Math.round(FUNCTION_TIMEOUT_MS - (performance.now() - began)) };
}

interface TenantVerdicts extends DemoTenantReport {
  readonly verdicts: readonly Inspected[];
}

async function evaluateAll(
  fleet: Fleet,
  tenants: readonly DemoTenant[],
  access: CloudAccess,
  signal: AbortSignal,
): Promise<TenantVerdicts[]> {
  const evaluated: TenantVerdicts[] = [];
  for (const { stored } of tenants) {
    const { tenant, name = tenant } = stored.config;
    const verdicts = await verdictsAt(stored, fleet.asOf, access, signal);
    evaluated.push({ name, verdicts, found: leaksAmong(tenant, verdicts, fleet.hosts) });
  }
  return evaluated;
}

/** The functions that run in the cloud, in this process: each with the ports that its own environment opens. */
import { randomUUID } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { ACCOUNT_PROVIDERS, type AccountProvider } from '../../core/model/series.ts';
import { createLocalHostReader } from '../../core/points/local-host-reader.ts';
import type { HostReader } from '../../core/ports/host-reader.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { openPorts as openDispatch } from '../../functions/dispatch.ts';
import { dispatchMessages } from '../../functions/dispatch-messages.ts';
import {
  dispatchVariables,
  inspectAwsVariables,
  inspectAzureVariables,
  inspectGcpVariables,
  inspectOtlpVariables,
  inspectPrometheusVariables,
} from '../../functions/environment.ts';
import { openPorts as openAws } from '../../functions/inspect-aws.ts';
import { openPorts as openAzure } from '../../functions/inspect-azure.ts';
import { inspectEvent } from '../../functions/inspect-event.ts';
import { openPorts as openGcp } from '../../functions/inspect-gcp.ts';
import { openPorts as openOtlp } from '../../functions/inspect-otlp.ts';
import { openPorts as openPrometheus } from '../../functions/inspect-prometheus.ts';
import { createLogger } from '../../functions/log.ts';
import type { Deployment } from '../../sandbox/deployment.ts';

/** Milliseconds that a deployed function has. */
const FUNCTION_TIMEOUT_MS = 300_000;

/** How often a message comes again before it is set aside, as the queues of a deployment have it. */
const ATTEMPTS = 3;

export interface Functions {
  /** Hands an inspect function the message of a scheduled run. Throws where it failed each time. */
  inspect(provider: AccountProvider, run: ScheduledRun): Promise<void>;
  /** Lets dispatch and the inspect functions work on what is in their queues. Returns how many messages there were. */
  workThroughQueues(): Promise<number>;
  readonly hostReader: HostReader;
}

export interface ScheduledRun {
  readonly tenant: string;
  readonly account: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** A job of the account that is inspected instead of memory. */
  readonly job?: string;
}

export interface FunctionsOptions {
  /** Where samples are that hosts send; by default the bucket of the deployment. */
  readonly samples?: SampleStore;
}

/** @param now The time of the simulation, epoch milliseconds. The variables of the SDK have to be set already. */
export function openFunctions(
  deployment: Deployment,
  now: () => number,
  { samples }: FunctionsOptions = {},
): Functions {
  const ports = {
    aws: openAws(inspectAwsVariables(deployment.environmentOf('aws'))),
    gcp: openGcp(inspectGcpVariables(deployment.environmentOf('gcp'))),
    azure: openAzure(inspectAzureVariables(deployment.environmentOf('azure'))),
    prometheus: openPrometheus(inspectPrometheusVariables(deployment.environmentOf('prometheus'))),
    otlp: openOtlp(inspectOtlpVariables(deployment.environmentOf('otlp')), samples),
  };
  const portsOf = (provider: AccountProvider) => ports[provider];
  const dispatch = openDispatch(dispatchVariables(deployment.dispatch.environment));
  const logger = createLogger({ logLevel: 'SILENT' });
  const inspectOne = (provider: AccountProvider, event: object) =>
    inspectEvent(event, { ports: portsOf(provider), logger, context: invocation(), now: now() });

  async function workThrough(queueUrl: string, handle: (event: object) => Promise<unknown>): Promise<number> {
    let worked = 0;
    for (const { message, done } of await deployment.receive(queueUrl)) {
      const { batchItemFailures } = batchResponse.parse(await handle(asLambdaEvent(message)));
      if (batchItemFailures.length === 0) await done();
      worked++;
    }
    return worked;
  }

  return {
    async inspect(provider, { tenant, account, at, job }) {
      const scheduledTime = new Date(at).toISOString();
      const Body = JSON.stringify({ version: 1, tenant, provider, account, trigger: 'schedule', scheduledTime, job });
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const answer = await inspectOne(provider, asLambdaEvent({ MessageId: randomUUID(), Body }));
        if (batchResponse.parse(answer).batchItemFailures.length === 0) return;
      }
      throw new Error(
        `The inspection of ${account}${job === undefined ? '' : `, job ${job},`} at ${scheduledTime} failed ${ATTEMPTS} times.`,
      );
    },
    async workThroughQueues() {
      let worked = await workThrough(deployment.dispatch.requestQueueUrl, (event) =>
        dispatchMessages(event, { ports: dispatch, logger, now: now() }),
      );
      if (worked === 0) return 0;
      for (const provider of ACCOUNT_PROVIDERS) {
        const queueUrl = deployment.environmentOf(provider).INSPECT_QUEUE_URL;
        worked += await workThrough(queueUrl, (event) => inspectOne(provider, event));
      }
      return worked;
    },
    hostReader: createLocalHostReader({
      portsOf,
      deadline: () => {
        const { getRemainingTimeInMillis: remainingMs } = invocation();
        return { now: now(), totalMs: FUNCTION_TIMEOUT_MS, remainingMs };
      },
    }),
  };
}

/** What each function returns for a batch. */
const batchResponse = z.object({ batchItemFailures: z.array(z.unknown()) });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html: the parts that a function of ours reads. */
function asLambdaEvent({ MessageId, ReceiptHandle, Body, Attributes }: Message): object {
  const received = { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes };
  return { Records: [{ ...received, eventSource: 'aws:sqs' }] };
}

function invocation() {
  const began = performance.now();
  return { getRemainingTimeInMillis: () => Math.round(FUNCTION_TIMEOUT_MS - (performance.now() - began)) };
}

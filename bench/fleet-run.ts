/**
 * One measurement of bench/fleet.ts: `node bench/fleet-run.ts URL FIRST REGIONS HOSTS` with a function's environment inspects so many accounts
 * with one region of so many hosts, one after the other, as one warm function would, continuations included.
 */
import { performance } from 'node:perf_hooks';
import { cloudwatchSource } from '../adapters/cloudwatch/source.ts';
import { isoText } from '../core/model/notation.ts';
import type { RunSummary } from '../core/model/run.ts';
import { inspectAwsVariables } from '../functions/environment.ts';
import { inspectMessages } from '../functions/inspect-messages.ts';
import { createPorts, type InspectPorts } from '../functions/inspection-ports.ts';
import { createLogger } from '../functions/log.ts';
import { accountOf, NOON, REGION, TENANT } from './fleet-clouds.ts';

/** What a function has. */
const INVOCATION_MS = 300_000;

const [first = 0, regions = 1, hosts = 1_000] = process.argv.slice(3).map(Number);
const endpoint = `${process.argv[2]}/${hosts}`;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };

const waiting: string[] = [];
const variables = inspectAwsVariables();
const ports: InspectPorts = {
  ...createPorts(variables, 'aws', (_, { account }, region) =>
    cloudwatchSource({ account, region, client: { endpoint, credentials } }),
  ),
  queue: {
    send: async (message) => void waiting.push(JSON.stringify(message)),
    reject: async (_, reason) => {
      throw new Error(reason);
    },
  },
};

/** Everything on the queue, until nothing is left. Returns the number of invocations; one that fails ends the bench. */
async function drain(): Promise<number> {
  let invocations = 0;
  for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
    const began = performance.now();
    const context = { getRemainingTimeInMillis: () => Math.floor(INVOCATION_MS - (performance.now() - began)) };
    const records = [{ messageId: String(invocations++), body, eventSource: 'aws:sqs' }];
    const logger = createLogger();
    const { batchItemFailures } = await inspectMessages(
      { Records: records },
      { ports, logger, context, now: Date.now() },
    );
    if (batchItemFailures.length > 0) throw new Error(`a message failed: ${body}`);
  }
  return invocations;
}

async function inspectAccount(index: number): Promise<{ readonly summary: RunSummary; readonly invocations: number }> {
  const account = accountOf(index);
  const scope = { provider: 'aws', account, region: REGION } as const;
  const message = { version: 1, tenant: TENANT, provider: 'aws', account, regions: [REGION] };
  waiting.push(JSON.stringify({ ...message, trigger: 'schedule', scheduledTime: isoText(NOON) }));
  const invocations = await drain();
  const [summary] = await ports.runs.newest(TENANT, scope, 1);
  if (summary?.hosts.inspected !== hosts)
    throw new Error(`${summary?.hosts.inspected} of ${hosts} hosts were inspected`);
  if (summary.outcome !== 'complete') throw new Error(summary.failures.join('; '));
  return { summary, invocations };
}

const began = performance.now();
const beganCpu = process.cpuUsage();
const total = { invocations: 0, listed: 0, requested: 0, metricsBilled: 0, usd: 0, leaking: 0 };
for (let index = first; index < first + regions; index++) {
  const { summary, invocations } = await inspectAccount(index);
  const { GetMetricData = 0, ...listings } = summary.calls;
  total.invocations += invocations;
  total.requested += GetMetricData;
  total.listed += Object.values(listings).reduce((sum, calls) => sum + calls, 0);
  total.metricsBilled += summary.metricsBilled;
  total.usd += summary.cost.perRun;
  total.leaking += summary.verdicts.confirmed + summary.verdicts.suspected;
}
const { user, system } = process.cpuUsage(beganCpu);
console.log(
  JSON.stringify({
    ...total,
    wallMs: performance.now() - began,
    cpuMs: (user + system) / 1_000,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
  }),
);
// Connections that are kept alive would keep the process too.
process.exit(0);

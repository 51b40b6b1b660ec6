/** One measurement of bench/pipeline.ts: `node bench/pipeline-run.ts CLOUD WHAT HOSTS` with a function's environment. */

import { performance } from 'node:perf_hooks';
import * as z from 'zod';
import type { InspectionPorts } from '../core/inspection/inspect-regions.ts';
import { runInspection } from '../core/inspection/run-inspection.ts';
import { createMeter } from '../core/inspection/run-summary.ts';
import { inspectionSpans } from '../core/inspection/window.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { CLOUD_PROVIDERS, type CloudProvider, MEMORY_UTILIZATION } from '../core/model/series.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { uniformFleet } from '../sandbox/scenario/uniform-fleet.ts';
import { BARE, type Calls } from './pipeline-bare.ts';
import { EXTERNAL_ID, NOON } from './pipeline-clouds.ts';
import { WHATS } from './pipeline-what.ts';

const FIVE_MINUTES = 300_000;

const [, , cloudName, whatName, hostsText] = process.argv;
const cloud = z.enum(CLOUD_PROVIDERS).parse(cloudName);
const what = z.enum(WHATS).parse(whatName);
const hosts = z.coerce.number().parse(hostsText);

async function openPorts(of: CloudProvider): Promise<InspectionPorts> {
  const environment = await import('../functions/environment.ts');
  switch (of) {
    case 'aws':
      return (await import('../functions/inspect-aws.ts')).openPorts(environment.inspectAwsVariables());
    case 'gcp':
      return (await import('../functions/inspect-gcp.ts')).openPorts(environment.inspectGcpVariables());
    case 'azure':
      return (await import('../functions/inspect-azure.ts')).openPorts(environment.inspectAzureVariables());
  }
}

function location() {
  const [config] = uniformFleet({ provider: cloud, hosts: 0, asOf: NOON }).tenants;
  const [account] = config?.accounts ?? [];
  const [region] = account?.regions ?? [];
  if (config === undefined || account === undefined || region === undefined)
    throw new Error('the fleet has no account');
  return { config, account, region };
}

/** The function's source, read to the end. */
async function read(ports: InspectionPorts): Promise<Calls> {
  const { config, account, region } = location();
  const source = ports.openSource({ config, version: 1, externalId: EXTERNAL_ID, putAt: NOON }, account, region);
  const { evaluated: span } = inspectionSpans(NOON, source, DEFAULT_POLICY);
  const meter = createMeter();
  let series = 0;
  for await (const reading of source.read({ metric: MEMORY_UTILIZATION, span, filters: [] }, meter)) {
    if (reading.kind === 'series') series++;
  }
  if (series !== hosts) throw new Error(`${series} of ${hosts} hosts were read`);
  return meter.calls;
}

/** Everything that the function does with a message, its table and topic included. */
async function inspectAll(ports: InspectionPorts): Promise<Calls> {
  const { config, account } = location();
  const scheduledTime = new Date(NOON).toISOString();
  const { tenant } = config;
  const message = { version: 1, tenant, provider: cloud, account: account.account, scheduledTime } as const;
  const outcome = await runInspection({ message, metric: MEMORY_UTILIZATION }, ports, {
    now: NOON,
    remainingMs: () => FIVE_MINUTES,
  });
  if (outcome.kind !== 'inspected') throw new Error(outcome.reason);
  const summary = outcome.regions[0]?.summary;
  if (summary?.hosts.inspected !== hosts) throw new Error(`${summary?.hosts.inspected} of ${hosts} were inspected`);
  return summary.calls;
}

/** Its series come without their samples, after the adapter completed them: the detector then has nothing to do. */
function emptied(source: MemorySource): MemorySource {
  const none = { times: new Float64Array(), values: new Float64Array() };
  return {
    ...source,
    async *read(request, meter, signal) {
      for await (const reading of source.read(request, meter, signal)) {
        yield reading.kind === 'series' ? { ...reading, ...none } : reading;
      }
    },
  };
}

async function run(ports: InspectionPorts | undefined): Promise<Calls> {
  if (ports === undefined) return BARE[cloud](location(), hosts);
  if (what === 'read') return read(ports);
  if (what === 'function') return inspectAll(ports);
  return inspectAll({ ...ports, openSource: (...of) => emptied(ports.openSource(...of)) });
}

const ports = what === 'bare' ? undefined : await openPorts(cloud);
const began = performance.now();
const beganCpu = process.cpuUsage();
const calls = await run(ports);
const { user, system } = process.cpuUsage(beganCpu);
console.log(
  JSON.stringify({
    wallMs: performance.now() - began,
    cpuMs: (user + system) / 1_000,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
    calls,
  }),
);
// Connections that are kept alive would keep the process too.
process.exit(0);

/** The same leak on a machine, in a container of GKE and in one of AKS: it has to be the same leak. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { loopbackClient } from '../../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../../adapters/gcp-monitoring/source.ts';
import { detect } from '../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series } from '../../core/model/series.ts';
import type { Leaking } from '../../core/model/verdict.ts';
import type { MemorySource } from '../../core/ports/memory-source.ts';
import { PROJECT } from '../../sandbox/scenario/gcp.ts';
import { allCloudsAt } from '../../sandbox/scenario/scenario.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import * as aks from './azure-monitor/containers/worlds.ts';
import * as gke from './gcp-monitoring/containers/worlds.ts';
import { REGION } from './gcp-monitoring/worlds.ts';

const TWIN = 'twin-leak';
const SPAN = {
  window: { start: NOON - DEFAULT_POLICY.lookBackHours * HOUR, end: NOON },
  periodMs: 15 * MINUTE,
  statistic: 'minimum',
} as const;

const { pods = [], hosts } = allCloudsAt(NOON);
const podsIn = (wanted: string) =>
  pods.filter(({ provider, controller }) => provider === wanted && controller.name === TWIN);

async function read(source: MemorySource): Promise<Series[]> {
  const request = { metric: MEMORY_UTILIZATION, span: SPAN, filters: [] };
  const readings = await Array.fromAsync(source.read(request, { count() {} }));
  return readings.filter((reading) => reading.kind === 'series');
}

async function machineAndContainerOfGoogle(): Promise<Series[]> {
  const machine = hosts.filter(({ resource }) => resource.provider === 'gcp' && resource.name === TWIN);
  const cluster = await gke.startCloudMonitoring(podsIn('gcp'), machine);
  const client = loopbackClient(cluster.endpoint);
  onTestFinished(() => client.close());
  return await read(
    cloudMonitoringSource({ project: PROJECT, region: REGION, client: async () => client, containers: true }),
  );
}

async function containerOfAzure(): Promise<Series[]> {
  const [pod] = podsIn('azure');
  const cluster = await aks.startCluster(...podsIn('azure'));
  return await read(aks.containersOf(cluster, { account: pod?.account ?? '' }));
}

/** Of the limit, an hour. */
function growthOf(series: Series | undefined): { readonly growth: number; readonly verdict: Leaking } {
  const verdict = series && detect(series, DEFAULT_POLICY);
  if (verdict?.state !== 'leaking') throw new Error(`${series?.resource.id} does not leak`);
  return { growth: verdict.evidence.growthPerHour.estimate / (series?.limit ?? 1), verdict };
}

describe('a leak in a container', () => {
  it('is that of a machine: one verdict, and growth of the limit within 1 %', async () => {
    const [machine, ofGke] = await machineAndContainerOfGoogle();
    const [ofAks] = await containerOfAzure();
    const expected = growthOf(machine);

    const found = [ofGke, ofAks].map(growthOf);

    expect(found.map(({ verdict }) => [verdict.grade, verdict.evidence.pattern?.name])).toEqual(
      [1, 2].map(() => [expected.verdict.grade, expected.verdict.evidence.pattern?.name]),
    );
    for (const { growth } of found) expect(Math.abs(growth / expected.growth - 1)).toBeLessThan(0.01);
  });
});

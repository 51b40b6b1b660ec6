/** An Azure on loopback that answers with bodies written by hand: answers that the sandbox, which is honest, never gives. */
import { text } from 'node:stream/consumers';
import { loopbackHttpClient } from '../../../adapters/azure/loopback.ts';
import { azureMonitorSource } from '../../../adapters/azure-monitor/source.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { listening } from '../../fixtures/listening.ts';
import { idOf, REGION, SUBSCRIPTION, WORKSPACE } from './worlds.ts';

export interface Script {
  /** The pages of the listing of machines. Instances of scale sets there are none. */
  readonly machines?: readonly unknown[];
  /** What metrics:getBatch answers, first for the percentage. */
  readonly batch?: readonly unknown[];
  readonly logs?: unknown;
}

/** A listing of machines with these names. */
export function listing(...names: readonly string[]): object {
  return { totalRecords: names.length, data: names.map((name) => ({ id: idOf(name), name })) };
}

/** metrics:getBatch for one machine and metric. Shape: MetricBatchExample of the Azure REST specification, 2024-02-01. */
export function result(name: string, data: unknown, others: object = {}): object {
  const metric = {
    id: `${idOf(name)}/providers/Microsoft.Insights/metrics/Available Memory Percentage`,
    type: 'Microsoft.Insights/metrics',
    name: { value: 'Available Memory Percentage', localizedValue: 'Available Memory Percentage' },
    unit: 'Percent',
    timeseries: [{ metadatavalues: [], data }],
    errorCode: 'Success',
    ...others,
  };
  return { starttime: '', endtime: '', interval: 'PT5M', resourceid: idOf(name), value: [metric] };
}

/** A source whose every request is answered by the next page of its script, the last one again and again. */
export async function scriptedSource({ machines = [listing('vm')], batch = [], logs }: Script): Promise<MemorySource> {
  const pages = { machines: [...machines], batch: [...batch], logs: [logs] };
  const origin = await listening(async (request, response) => {
    const body = await text(request);
    response.setHeader('content-type', 'application/json');
    const next = (of: unknown[]) => response.end(JSON.stringify(of.length > 1 ? of.shift() : of[0]));
    if (request.url?.includes('metrics:getBatch')) next(pages.batch);
    else if (request.url?.includes('/query')) next(pages.logs);
    else if (body.includes('computeresources')) response.end(JSON.stringify(listing()));
    else next(pages.machines);
  });
  const token = { token: 'a-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
  return azureMonitorSource({
    connection: {
      credential: { getToken: () => Promise.resolve(token) },
      httpClient: loopbackHttpClient(origin),
    },
    account: SUBSCRIPTION,
    region: REGION,
    workspace: WORKSPACE,
  });
}

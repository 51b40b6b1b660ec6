/**
 * A Cloud Monitoring on loopback that answers with messages written by hand: answers that the sandbox, which is honest,
 * never gives. Their form is that of ListTimeSeriesResponse in google/monitoring/v3/metric_service.proto, as the client
 * library ships it.
 */
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { loopbackClient } from '../../../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../../../adapters/gcp-monitoring/source.ts';
import { metricService } from '../../../sandbox/gcp/protocol.ts';
import { CPU, PROJECT, REGION } from './worlds.ts';

/** A request, as far as tests look at it. */
export interface Requested {
  readonly filter: string;
  readonly pageToken: string;
  readonly pageSize: number;
  readonly aggregation: {
    readonly perSeriesAligner: string;
    readonly crossSeriesReducer: string;
    readonly groupByFields: readonly string[];
  };
}

export interface Script {
  /** The pages of the inventory; default one instance, `1`. */
  readonly instances?: readonly object[];
  /** The pages of everything else, the last one again and again. */
  readonly pages: readonly object[];
}

/** A source over a script, and the requests that it made. */
export async function scriptedSource({ instances = [instancesPage('1')], pages }: Script) {
  const requested: Requested[] = [];
  const left = { inventory: [...instances], samples: [...pages] };

  function handle({ request }: ServerUnaryCall<Requested, unknown>, reply: sendUnaryData<unknown>): void {
    requested.push(request);
    const queue = request.filter.includes(CPU) ? left.inventory : left.samples;
    reply(null, queue.length > 1 ? queue.shift() : queue[0]);
  }

  return { requested, source: await sourceOver(handle) };
}

/** A source whose listings of time series this answers, for as long as the test runs. */
export async function sourceOver(
  listTimeSeries: handleUnaryCall<Requested, unknown>,
): Promise<ReturnType<typeof cloudMonitoringSource>> {
  const server = new Server();
  server.addService(metricService(), { listTimeSeries });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = loopbackClient(`127.0.0.1:${port}`);
  onTestFinished(async () => {
    await client.close();
    server.forceShutdown();
  });
  return cloudMonitoringSource({ project: PROJECT, region: REGION, client: async () => client });
}

export function instancesPage(...ids: readonly string[]): object {
  return { timeSeries: ids.map((id) => ({ ...of(id), metricKind: 'GAUGE', points: [point(0, 0.2)] })) };
}

/** One page's part of a machine's memory in percent; points are [seconds at which a period ends, percent]. */
export function seriesOf(id: string, points: readonly (readonly [number, number])[], others: object = {}): object {
  return {
    ...of(id),
    metricKind: 'GAUGE',
    valueType: 'DOUBLE',
    points: points.map(([end, value]) => point(end, value)),
    ...others,
  };
}

export function point(end: number, doubleValue: number): object {
  return { interval: { startTime: { seconds: end }, endTime: { seconds: end } }, value: { doubleValue } };
}

function of(instance_id: string): object {
  return {
    metric: { labels: { instance_name: `vm-${instance_id}` } },
    resource: { type: 'gce_instance', labels: { instance_id, zone: `${REGION}-b` } },
  };
}

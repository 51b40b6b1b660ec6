/** A source over a Cloud Monitoring whose answers are mutated, as messages and as the bytes of messages. */
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { loopbackClient } from '../adapters/gcp/loopback.ts';
import { cloudMonitoringSource } from '../adapters/gcp-monitoring/source.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { listTimeSeries, parseListRequest } from '../sandbox/gcp/list-time-series.ts';
import { metricService } from '../sandbox/gcp/protocol.ts';
import { createGcpCatalogue } from '../sandbox/gcp/series.ts';
import { aRetryClock } from '../sandbox/retry-clock.ts';
import { everyKindInGcp, GCP_SCOPE } from '../sandbox/scenario/every-kind.ts';
import { flipped, mutated } from './mutations.ts';
import { pickFrom, type Random } from './random.ts';

/** What is changed in the answers from now on. */
export interface Mutation {
  readonly random: Random;
  /** Of the parts of each answer, in [0, 1]. */
  readonly share: number;
}

export interface MutatedGcp extends AsyncDisposable {
  /** A source whose inventory is not yet listed. */
  source(mutation: Mutation): MemorySource;
}

/** Statuses that the client does not try again: a retry waits. */
const REFUSALS = [status.INVALID_ARGUMENT, status.INTERNAL, status.PERMISSION_DENIED, status.DATA_LOSS, 99 as status];

export async function startMutatedGcp(asOf: number): Promise<MutatedGcp> {
  let current: Mutation = { random: () => 1, share: 0 };
  const catalogueOf = createGcpCatalogue(everyKindInGcp(asOf));

  function answer({ request: message }: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>): void {
    const { random, share } = current;
    if (random() < share) {
      reply({ code: pickFrom(random, REFUSALS), details: pickFrom(random, ['', 'no', '\u0000']) });
      return;
    }
    const request = parseListRequest(message);
    const catalogue = catalogueOf(request.project);
    if (catalogue === undefined) throw new Error(`there is no project ${request.project}`);
    reply(null, mutated(listTimeSeries(request, { catalogue, now: asOf, fault: undefined }), random, share));
  }

  const server = await serve(answer, (bytes) => flipped(bytes, current.random, current.share));
  const client = loopbackClient(server.endpoint);
  return {
    source(mutation) {
      current = mutation;
      return cloudMonitoringSource({
        clock: aRetryClock(),
        project: GCP_SCOPE.account,
        region: GCP_SCOPE.region,
        client: async () => client,
      });
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      server.stop();
    },
  };
}

async function serve(answer: handleUnaryCall<unknown, unknown>, change: (bytes: Buffer) => Buffer) {
  const { ListTimeSeries: method, ...others } = metricService();
  if (method === undefined) throw new Error('the protos have no ListTimeSeries');
  const responseSerialize = (value: unknown) => change(method.responseSerialize(value));
  const server = new Server();
  server.addService({ ...others, ListTimeSeries: { ...method, responseSerialize } }, { ListTimeSeries: answer });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { endpoint: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

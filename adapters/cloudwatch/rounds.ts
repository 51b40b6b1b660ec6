/** The samples of many hosts: batches of queries, in as many rounds as the hosts' publications take. */
import type { Reading, Span } from '../../core/model/series.ts';
import type { SamplesRequest } from '../../core/ports/memory-source.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../reading/circuit-breaker.ts';
import { chunksOf, inFlight } from '../reading/in-flight.ts';
import type { Host, Publication } from './hosts.ts';
import type { RequestContext } from './pages.ts';
import { addSamples, evaluate, type HostRead, nextOf, startRead } from './readings.ts';
import { type BatchSamples, batchSize, fetchSamples, type Query, statOf } from './samples.ts';

/** GetMetricData requests under way: bounds memory (100,800 samples each) and stays far below 50 calls a second. */
export const REQUESTS_IN_FLIGHT = 4;

/** Requests in a row that fail before no more are sent: one or two may be bad luck. */
export const MAX_FAILURES = 4;

/** Whose samples a query is for. */
interface Requested {
  readonly read: HostRead;
  readonly publication: Publication;
}

/**
 * One round for nearly all hosts. Those whose best publication is out of use, or does not reach back to the start of the window,
 * take further ones: twice as many publications of a host in each, so that hosts with many of them do not take as many rounds.
 */
export async function* readHosts(
  context: RequestContext,
  hosts: readonly Host[],
  request: SamplesRequest,
): AsyncGenerator<Reading> {
  const { span } = request;
  const circuitBreaker = createCircuitBreaker(MAX_FAILURES);
  let reads = hosts.map(startRead);
  for (let round = 0; reads.length > 0; round++) {
    const count = 2 ** Math.max(0, round - 1);
    const requested = reads.flatMap((read) => nextOf(read, count).map((publication) => ({ read, publication })));
    const open: HostRead[] = [];
    const batches = chunksOf(requested, batchSize(span));
    const fetch = (batch: readonly Requested[]) => readBatch(context, batch, span, circuitBreaker);
    for await (const results of inFlight(batches, REQUESTS_IN_FLIGHT, fetch)) {
      for (const { of, samples } of results) {
        if (!addSamples(of.read, of.publication, samples)) continue;
        const reading = evaluate(of.read, request);
        if (reading) yield reading;
        else open.push(of.read);
      }
    }
    reads = open;
  }
}

async function readBatch(
  context: RequestContext,
  batch: readonly Requested[],
  span: Span,
  circuitBreaker: CircuitBreaker,
): Promise<BatchSamples<Requested>['results']> {
  const openedBy = circuitBreaker.openedBy();
  if (openedBy) return batch.map((of) => ({ of, samples: { kind: 'failed', failure: openedBy } }));
  const stat = statOf(span.statistic);
  const queries = batch.map((of): Query<Requested> => ({ ...of.publication, of, stat }));
  const { results, failure } = await fetchSamples(context, queries, span);
  circuitBreaker.record(failure);
  return results;
}

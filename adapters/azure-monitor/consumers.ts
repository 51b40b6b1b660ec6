/** The consumers of a host's memory: processes, or the pods of a node of AKS, as Log Analytics has recorded them. */
import type { Consumer, Reading, Resource } from '../../core/model/series.ts';
import { POD_MEMORY, PROCESS_MEMORY } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { failure } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { counterTableSchema, usageTableSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import { isNode, missingConsumersHint, NO_WORKSPACE, turnOn } from './consumer-hints.ts';
import { countersQuery, podsQuery, processesQuery } from './kql.ts';
import { queryRows, type Rows } from './logs.ts';
import { bytesOf, type Sizes } from './sizes.ts';

export interface ConsumersRequest {
  /** The id of the Log Analytics workspace; undefined where the config names none. */
  readonly workspace: string | undefined;
  readonly host: Resource;
  readonly span: MeanSpan;
  /** The memory of the region's sizes: the host's own is what the consumers' bytes are a part of. */
  readonly sizes: () => Promise<Sizes>;
}

/**
 * One series of bytes for each process name, or for each pod on a node of AKS. Where there are none, one reading explains
 * why: nothing is thrown, because what the host's memory does is known without it.
 */
export async function* readConsumers(
  clients: Clients,
  { workspace, host, span, sizes }: ConsumersRequest,
): AsyncGenerator<Reading> {
  if (workspace === undefined) {
    yield { kind: 'not_monitored', resource: host, reason: 'unsupported', hint: `${NO_WORKSPACE} ${turnOn(host)}` };
    return;
  }
  const kinds = isNode(host) ? (['pod', 'process'] as const) : (['process'] as const);
  for (const kind of kinds) {
    const answer = await requestUsage(clients, workspace, { kind, host, span });
    if (answer.kind === 'failed') {
      yield unreadable(host, answer.failure);
      return;
    }
    if (answer.rows.length > 0) {
      const limit = bytesOf(await sizes(), host.labels?.['host.type']);
      yield* seriesOf(answer.rows, { kind, host, span }, limit);
      return;
    }
  }
  yield await withoutConsumers(clients, workspace, host, span);
}

/**
 * An agent that is missing and a rule that collects something else need different advice: the counters that the
 * workspace has show which it is.
 */
async function withoutConsumers(clients: Clients, workspace: string, host: Resource, span: MeanSpan): Promise<Reading> {
  const answer = await queryRows(
    clients,
    workspace,
    { query: countersQuery(host, span), window: span.window },
    counterTableSchema,
  );
  if (answer.kind === 'failed') return unreadable(host, answer.failure);
  return {
    kind: 'not_monitored',
    resource: host,
    reason: 'not_reported',
    hint: missingConsumersHint(host, answer.rows),
  };
}

function unreadable(scope: Resource, { reason, detail }: Failure): Reading {
  return { kind: 'unreadable', scope, reason, detail };
}

/** Whose memory is requested: that of the processes of a machine, or of the pods of a node. */
interface UsageRequest {
  readonly kind: Consumer['kind'];
  readonly host: Resource;
  readonly span: MeanSpan;
}

/** Name, namespace, start of the period, bytes; ordered by all of them. */
type Row = readonly [name: string, namespace: string | null, time: Date, bytes: number];

function requestUsage(clients: Clients, workspace: string, { kind, host, span }: UsageRequest): Promise<Rows<Row>> {
  const query = kind === 'pod' ? podsQuery(host, span) : processesQuery(host, span);
  return queryRows(clients, workspace, { query, window: span.window }, usageTableSchema);
}

function* seriesOf(
  rows: readonly Row[],
  { kind, host, span }: UsageRequest,
  limit: number | undefined,
): Generator<Reading> {
  const { window, periodMs, statistic } = span;
  const metric = kind === 'pod' ? POD_MEMORY : PROCESS_MEMORY;
  for (const ofConsumer of Map.groupBy(rows, ([name, namespace]) => JSON.stringify([name, namespace])).values()) {
    const [name, namespace] = ofConsumer[0] ?? ['', null];
    const consumer: Consumer = { kind, name, ...(namespace && { namespace }) };
    const ordered = inOrder(
      ofConsumer.map(([, , time]) => time.getTime()),
      ofConsumer.map(([, , , bytes]) => bytes),
      window,
    );
    if (ordered.kind !== 'ordered') {
      yield unreadable(host, failure('malformed', `Log Analytics gave two values of ${name} for one period`));
      continue;
    }
    const { times, values } = ordered;
    const capacity = limit === undefined ? {} : { limit };
    yield {
      kind: 'series',
      resource: host,
      consumer,
      metric,
      unit: 'By',
      ...capacity,
      statistic,
      window,
      periodMs,
      times,
      values,
    };
  }
}

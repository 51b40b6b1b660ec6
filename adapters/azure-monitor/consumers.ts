/** The consumers of a host's memory: processes, or the pods of a node of AKS, as Log Analytics has recorded them. */
import { LogsQueryResultStatus } from '@azure/monitor-query';
import type { Consumer, Reading, Resource, Series } from '../../core/model/series.ts';
import { POD_MEMORY, PROCESS_MEMORY } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { failure, failureOf, refusalText } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { usageTableSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import { podsQuery, processesQuery } from './kql.ts';
import { bytesOf, type Sizes } from './sizes.ts';

/**
 * AKS tags the scale sets of its node pools with names that begin so, and their instances inherit the tags. Anybody may tag
 * a machine so: the tag decides what to request first, and the records decide what the host is.
 */
const AKS_TAG = 'aks-managed-';

/** Log Analytics' message about a table that nothing in the workspace ever wrote to. */
const NO_TABLE = 'Failed to resolve table';

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
      const { reason, detail } = answer.failure;
      yield { kind: 'unreadable', scope: host, reason, detail };
      return;
    }
    if (answer.rows.length > 0) {
      const limit = bytesOf(await sizes(), host.labels?.['host.type']);
      yield* seriesOf(answer.rows, { kind, host, span }, limit);
      return;
    }
  }
  yield { kind: 'not_monitored', resource: host, reason: 'not_reported', hint: `${nothingIn(host)} ${turnOn(host)}` };
}

/** Whose memory is requested: that of the processes of a machine, or of the pods of a node. */
interface UsageRequest {
  readonly kind: Consumer['kind'];
  readonly host: Resource;
  readonly span: MeanSpan;
}

/** Name, namespace, start of the period, bytes; ordered by all of them. */
type Row = readonly [name: string, namespace: string | null, time: Date, bytes: number];

type UsageRows =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

async function requestUsage(
  clients: Clients,
  workspace: string,
  { kind, host, span }: UsageRequest,
): Promise<UsageRows> {
  const { logs, limits } = clients;
  const query = kind === 'pod' ? podsQuery(host, span) : processesQuery(host, span);
  const timespan = { startTime: new Date(span.window.start), endTime: new Date(span.window.end) };
  try {
    const result = await logs.queryWorkspace(workspace, query, timespan, limits);
    if (result.status !== LogsQueryResultStatus.Success) {
      const { code, message } = result.partialError;
      return {
        kind: 'failed',
        failure: failure('truncated', `Log Analytics truncated its answer: ${code}: ${message}`),
      };
    }
    const table = usageTableSchema.safeParse(result.tables[0]);
    if (table.success) return { kind: 'rows', rows: table.data.rows };
    return { kind: 'failed', failure: failure('malformed', 'Log Analytics’ answer has other columns than the query') };
  } catch (error) {
    if (refusalText(error).includes(NO_TABLE)) return { kind: 'rows', rows: [] };
    return { kind: 'failed', failure: withAdvice(failureOf(error, limits.abortSignal), workspace) };
  }
}

function withAdvice({ reason, retryable, detail }: Failure, workspace: string): Failure {
  if (reason !== 'denied') return { reason, retryable, detail };
  const advice = `grant the application Plimsoll’s log reader role, or Log Analytics Reader, on the workspace ${workspace}`;
  return { reason, retryable, detail: `${detail}; ${advice}` };
}

function* seriesOf(
  rows: readonly Row[],
  { kind, host, span }: UsageRequest,
  limit: number | undefined,
): Generator<Series> {
  const { window, periodMs, statistic } = span;
  const metric = kind === 'pod' ? POD_MEMORY : PROCESS_MEMORY;
  for (const ofConsumer of Map.groupBy(rows, ([name, namespace]) => JSON.stringify([name, namespace])).values()) {
    const [name, namespace] = ofConsumer[0] ?? ['', null];
    const consumer: Consumer = { kind, name, ...(namespace && { namespace }) };
    const inside = ofConsumer
      .map(([, , time, bytes]) => ({ time: time.getTime(), bytes }))
      .filter(({ time }) => time >= window.start && time < window.end)
      .sort((a, b) => a.time - b.time);
    yield {
      kind: 'series',
      resource: host,
      consumer,
      metric,
      unit: 'By',
      ...(limit !== undefined && { limit }),
      statistic,
      window,
      periodMs,
      times: Float64Array.from(inside, ({ time }) => time),
      values: Float64Array.from(inside, ({ bytes }) => bytes),
    };
  }
}

function isNode({ labels = {} }: Resource): boolean {
  return Object.keys(labels).some((tag) => tag.toLowerCase().startsWith(AKS_TAG));
}

const NO_WORKSPACE =
  'Azure keeps what processes and pods use in Log Analytics, and the config of this subscription names no workspace: add it.';

function nothingIn(host: Resource): string {
  return isNode(host)
    ? 'The workspace has no Container insights records of this node in the window, and no "Process" counters of it.'
    : 'The workspace has no "Process" counters of this machine in the window.';
}

function turnOn(host: Resource): string {
  if (isNode(host)) {
    return (
      'Turn on Container insights, with Perf and KubePodInventory collected: ' +
      'az aks enable-addons --addons monitoring --name CLUSTER --resource-group GROUP --workspace-resource-id WORKSPACE'
    );
  }
  return (
    'Install the Azure Monitor agent and associate a data collection rule whose performance counters hold ' +
    '"\\\\Process(*)\\\\Working Set" (Windows) or "Process(*)\\\\Used Memory kBytes" (Linux), sent to Microsoft-Perf every 60 s: ' +
    'az monitor data-collection rule create --name plimsoll-processes --resource-group GROUP --location REGION --rule-file RULE.json'
  );
}

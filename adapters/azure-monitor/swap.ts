/** The used swap of one machine, as Log Analytics has recorded it: bytes of Linux beside the machine's memory, or the percent that are used. */
import { OVER_FULL, PAGING_USAGE, type Reading, type Resource } from '../../core/model/series.ts';
import type { MeanSpan } from '../../core/ports/memory-source.ts';
import { failure } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import { inOrder } from '../reading/in-order.ts';
import { swapTableSchema } from './answers.ts';
import type { Clients } from './clients.ts';
import type { ConsumersRequest } from './consumers.ts';
import { swapQuery } from './kql.ts';
import { queryRows } from './logs.ts';
import { bytesOf } from './sizes.ts';

/** Counter, start of the period, mean. */
type Row = readonly [counter: string, time: Date, value: number];

const MEBIBYTES = 'Used MBytes Swap Space';
const MEBIBYTE = 2 ** 20;
const PERCENT = 100;

/**
 * The agent of Linux records 0 where there is no swap, as it does where none is used: zeros throughout are no figure of swap. The size of
 * a machine states its memory.
 */
export async function readSwap(clients: Clients, { workspace, host, span, sizes }: ConsumersRequest): Promise<Reading> {
  if (workspace === undefined) {
    return { kind: 'not_monitored', resource: host, reason: 'unsupported', hint: NO_WORKSPACE };
  }
  const request = { query: swapQuery(host, span), window: span.window };
  const answer = await queryRows(clients, workspace, request, swapTableSchema);
  if (answer.kind === 'failed') return unreadable(host, answer.failure);
  const byCounter = Map.groupBy(answer.rows, ([counter]) => counter);
  const bytes = byCounter.get(MEBIBYTES);
  const [rows = []] = bytes ? [bytes] : [...byCounter.values()];
  if (rows.every(([, , value]) => value === 0)) return withoutSwap(host);
  if (bytes === undefined) return seriesOf(rows, host, span, { unit: '1', scale: 1 / PERCENT });
  const limit = bytesOf(await sizes(), host.labels?.['host.type']);
  return seriesOf(rows, host, span, { unit: 'By', scale: MEBIBYTE, ...(limit !== undefined && { limit }) });
}

interface Stated {
  readonly unit: 'By' | '1';
  /** What a value is multiplied by. */
  readonly scale: number;
  readonly limit?: number;
}

function seriesOf(rows: readonly Row[], resource: Resource, span: MeanSpan, { scale, ...stated }: Stated): Reading {
  const scaled = rows.map(([, , value]) => value * scale);
  if (stated.unit === '1' && scaled.some((value) => value > OVER_FULL)) {
    return unreadable(resource, failure('malformed', 'Log Analytics gave more than 100 % of its swap as used'));
  }
  const values = stated.unit === '1' ? scaled.map((value) => Math.min(1, value)) : scaled;
  const ordered = inOrder(
    rows.map(([, time]) => time.getTime()),
    values,
    span.window,
  );
  if (ordered.kind !== 'ordered') {
    return unreadable(resource, failure('malformed', 'Log Analytics gave two values for one period'));
  }
  const { times, values: used } = ordered;
  return { kind: 'series', resource, metric: PAGING_USAGE, ...stated, ...span, times, values: used };
}

export function unreadable(scope: Resource, { reason, detail }: Pick<Failure, 'reason' | 'detail'>): Reading {
  return { kind: 'unreadable', scope, reason, detail: `its swap could not be read: ${detail}` };
}

const NO_WORKSPACE =
  'Azure keeps the swap of machines in Log Analytics, and the config of this subscription names no workspace.';

function withoutSwap(resource: Resource): Reading {
  const hint =
    'The workspace has no used swap of this machine in the window. Where it has any, let a data collection rule hold ' +
    '"Memory(*)\\\\Used MBytes Swap Space" (Linux) or "\\\\Paging File(_Total)\\\\% Usage" (Windows), sent to Microsoft-Perf.';
  return { kind: 'not_monitored', resource, reason: 'not_reported', hint };
}

/** Queries of a Log Analytics workspace: tried again where that makes sense, and checked. */
import { LogsQueryResultStatus } from '@azure/monitor-query';
import type * as z from 'zod';
import type { Window } from '../../core/model/series.ts';
import { failure, failureOf, refusalText } from '../azure/errors.ts';
import type { Failure } from '../reading/failure.ts';
import type { Clients } from './clients.ts';

/** Log Analytics' message about a table that nothing in the workspace ever wrote to. */
const NO_TABLE = 'Failed to resolve table';

export type Rows<R> =
  | {
      readonly kind: 'rows';
      readonly rows: readonly R[];
      /** Whether there are none because nothing ever wrote to a table that the query names. */
      readonly hasNoTable?: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The rows of a query's one table; none where nothing ever wrote to the table that it reads. Nothing is thrown. */
export function queryRows<R>(
  clients: Clients,
  workspace: string,
  request: QueryRequest,
  schema: z.ZodType<{ readonly rows: readonly R[] }>,
): Promise<Rows<R>> {
  const { retries, limits } = clients;
  const failureIn = (rows: Rows<R>) => (rows.kind === 'failed' ? rows.failure : undefined);
  return retries.logs.attempt(() => tryQuery(clients, workspace, request, schema), failureIn, limits.abortSignal);
}

export interface QueryRequest {
  readonly query: string;
  readonly window: Window;
  /** Milliseconds in which the answer has to come. Default: what any answer of Azure may take. */
  readonly timeoutMs?: number;
}

async function tryQuery<R>(
  { logs, limits }: Clients,
  workspace: string,
  { query, window, timeoutMs }: QueryRequest,
  schema: z.ZodType<{ readonly rows: readonly R[] }>,
): Promise<Rows<R>> {
  const timespan = { startTime: new Date(window.start), endTime: new Date(window.end) };
  try {
    const result = await logs.queryWorkspace(workspace, query, timespan, optionsOf(limits, timeoutMs));
    if (result.status !== LogsQueryResultStatus.Success) {
      const { code, message } = result.partialError;
      return {
        kind: 'failed',
        failure: failure('truncated', `Log Analytics truncated its answer: ${code}: ${message}`),
      };
    }
    const table = schema.safeParse(result.tables[0]);
    if (table.success) return { kind: 'rows', rows: table.data.rows };
    return { kind: 'failed', failure: failure('malformed', 'Log Analytics’ answer has other columns than the query') };
  } catch (error) {
    if (refusalText(error).includes(NO_TABLE)) return { kind: 'rows', rows: [], hasNoTable: true };
    return { kind: 'failed', failure: withAdvice(failureOf(error, limits.abortSignal), workspace) };
  }
}

function withAdvice(why: Failure, workspace: string): Failure {
  const { reason, retryable, detail } = why;
  if (reason !== 'denied') return why;
  const advice =
    `grant the application Plimsoll’s log reader role, or Log Analytics Reader, on the workspace ${workspace} ` +
    '(a role that an earlier version made has fewer tables: run infra/onboarding/azure.sh once more)';
  return { reason, retryable, detail: `${detail}; ${advice}` };
}

/** The service gives up at the same time as we do, and not after its own three minutes. */
function optionsOf({ abortSignal, requestOptions }: Clients['limits'], timeoutMs: number | undefined) {
  const limits = { abortSignal, requestOptions: { ...requestOptions, shouldDeserialize: isRefusal } };
  if (timeoutMs === undefined) return limits;
  const timed = { ...limits.requestOptions, timeout: timeoutMs };
  return { ...limits, requestOptions: timed, serverTimeoutInSeconds: Math.floor(timeoutMs / 1000) };
}

/**
 * The client reads the rows of an answer from its JSON. What its serializer makes of them beside, an object with a property for each
 * character of each text, is thrown away, and takes longer than all the rest: some 50 ms for a row with a week of periods.
 */
function isRefusal({ status }: { readonly status: number }): boolean {
  return status >= 300;
}

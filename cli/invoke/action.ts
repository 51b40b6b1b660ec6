/** `plimsoll invoke`: sends one request to the deployed functions, and waits for the results where that is requested. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { resolveRequest } from '../../core/inspection/resolve-request.ts';
import { inspectionResultSchema } from '../../core/model/inspection-result.ts';
import { fieldIssues, parseInput } from '../../core/model/issues.ts';
import { type InspectionRequest, inspectionRequestSchema, requestDigest } from '../../core/model/message.ts';
import { encoded, isoText } from '../../core/model/notation.ts';
import type { AccountProvider } from '../../core/model/series.ts';
import { InvalidFieldsError } from '../../core/ports/errors.ts';
import type { RequestLog } from '../../core/ports/request-log.ts';
import type { CommandContext } from '../context.ts';
import type { CommandEnvironment } from '../environment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConfigStore, openRequestLog, openRequestQueue } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { renderResult, resultExitCode } from './report.ts';
import { type Pause, waitForResult } from './wait.ts';

export interface InvokeOptions {
  readonly provider?: AccountProvider;
  readonly regions?: readonly string[];
  readonly hosts?: readonly string[];
  readonly group?: string;
  readonly lookback?: number;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly id?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly wide?: boolean;
}

/** @param pause How long to wait between two looks; tests pass one that works meanwhile. */
export async function invokeInspection(
  target: string,
  options: InvokeOptions,
  { terminal, environment, signal, now }: CommandContext,
  pause: Pause = (ms) => setTimeout(ms, undefined, { signal }),
): Promise<ExitCode> {
  const id = options.id ?? `cli-${randomUUID()}`;
  const request = requestOf(target, options, id);
  // Opened first: whoever cannot wait for the results learns it before anything is requested.
  const log = options.wait ? openRequestLog(environment) : undefined;
  if (!(await isDispatched(request, id, log))) {
    await refuseUnknown(request, environment, now);
    if (options.id !== undefined && log !== undefined) terminal.note(`${id} is not known: it is requested anew.`);
    await openRequestQueue(environment).send(request);
  }
  if (log === undefined) {
    if (options.json) terminal.printJson(JSON.stringify({ id, tenant: request.tenant }));
    else terminal.print(`Requested as ${id}. The same command with --id ${id} --wait shows the results.`);
    return EXIT.clean;
  }
  const result = await waitForResult({ tenant: request.tenant, id }, log, terminal, pause);
  if (options.json) terminal.printJson(JSON.stringify(encoded(inspectionResultSchema, result)));
  else terminal.print(renderResult(result, terminal, options.wide ?? false));
  return resultExitCode(result);
}

/**
 * Whether the request was dispatched before: its results are only read then. Throws `InvalidFieldsError` where the id is that of
 * another request.
 */
async function isDispatched(request: InspectionRequest, id: string, log: RequestLog | undefined): Promise<boolean> {
  const known = (await log?.read({ tenant: request.tenant, id }))?.dispatched;
  if (known === undefined) return false;
  if (known.digest === (await requestDigest(request))) return true;
  const message = `${id} was the id of another request; use another one, or repeat that request as it was`;
  throw new InvalidFieldsError('The request', [{ path: ['id'], message }]);
}

/**
 * What the functions would refuse is refused here, where its author sees it, and not put aside for the operator. Throws `UsageError`.
 * Where the table of configs is not known the functions alone decide.
 */
async function refuseUnknown(request: InspectionRequest, environment: CommandEnvironment, now: number): Promise<void> {
  if (!environment.hasConfigsTable()) return;
  const tenant = await openConfigStore(environment).get(request.tenant);
  const resolved = resolveRequest(request, tenant, { sentAt: now, now });
  if (resolved.kind !== 'resolved') throw new UsageError(`Nothing was requested: ${resolved.reason}`);
}

/** Throws `InvalidFieldsError` with every wrong field: the functions would put the request aside. */
function requestOf(target: string, options: InvokeOptions, id: string): InspectionRequest {
  const slash = target.indexOf('/');
  const { provider, regions, hosts, group, lookback, from, to } = options;
  const request = {
    version: 1,
    id,
    tenant: slash < 0 ? target : target.slice(0, slash),
    provider,
    account: slash < 0 ? undefined : target.slice(slash + 1),
    trigger: 'on_demand',
    regions,
    hosts,
    group,
    lookBackHours: lookback,
    from: from === undefined ? undefined : isoText(from),
    to: to === undefined ? undefined : isoText(to),
  };
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const parsed = parseInput(inspectionRequestSchema, given);
  if (!parsed.success) throw new InvalidFieldsError('The request', fieldIssues(parsed.error));
  return parsed.data;
}

/** Prometheus servers on one loopback address: reads a request, applies faults, answers from the server's world, and logs the call. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../wire/answer.ts';
import type { Call } from '../wire/call-log.ts';
import type { Fault, Faults, PrometheusFaultKind } from '../wire/faults.ts';
import { type ApiRequest, answerApi, metricOfRequest } from './api.ts';
import { PromError } from './errors.ts';
import { type Flood, floodOf } from './floods.ts';
import { publishKubeState } from './kube-state.ts';
import { publishKubelets } from './kubelets.ts';
import { withLie } from './lies.ts';
import { publishMachines } from './machines.ts';
import { refusal, refusalOfFault } from './refusals.ts';
import { type Storage, storageUntil } from './series.ts';
import { type PrometheusWorld, storageOf } from './world.ts';

/** The server's `query.max-samples`. */
const MAX_SAMPLES = 50_000_000;

export interface PrometheusParts {
  /** Each answers below `/ACCOUNT`. */
  readonly worlds: readonly PrometheusWorld[];
  readonly faults: Faults;
  readonly log: (call: Call) => void;
  /** The time at which the metrics stand, epoch milliseconds. */
  readonly now: () => number;
  readonly maxSamples?: number;
}

export function createPrometheusServer(parts: PrometheusParts): Server {
  const storageOfAccount = createStorages(parts.worlds);
  return createServer((message, response) => {
    serve(message, response, { ...parts, storageOfAccount }).catch((error: unknown) => {
      // A fault of ours, or a client that hung up: it gets no answer that it could take for the server's.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

type StorageOf = (account: string) => Storage | undefined;

/** Every series of a world, made when it is first read. */
export function createStorages(worlds: readonly PrometheusWorld[]): StorageOf {
  const made = new Map<string, Storage>();
  return (account) => {
    const world = worlds.find((each) => each.account === account);
    if (world === undefined) return undefined;
    const storage = made.get(account) ?? storageOf(world, [publishMachines, publishKubelets, publishKubeState]);
    made.set(account, storage);
    return storage;
  };
}

interface Serving extends PrometheusParts {
  readonly storageOfAccount: StorageOf;
}

async function serve(message: IncomingMessage, response: ServerResponse, parts: Serving): Promise<void> {
  const { account, ...request } = await readRequest(message);
  const metric = metricOfRequest(request);
  const requested = {
    service: 'prometheus',
    action: request.path,
    region: 'global',
    ...(metric && { metric }),
  } as const;
  const struck = parts.faults.strike(requested, account);
  const fault = struck && isOfPrometheus(struck) ? struck : undefined;
  const call = { ...requested, account, metrics: 0, ...(fault && { fault: fault.kind }) };
  if (fault?.kind === 'unanswered' || fault?.kind === 'down') {
    parts.log(call);
    if (fault.kind === 'down') response.destroy();
    return;
  }
  const flood = fault && floodOf(fault.kind, request.path, parts.now());
  if (flood !== undefined) {
    parts.log({ ...call, status: 200 });
    return pour(flood, response);
  }
  const answer = answerTo(request, account, fault, parts);
  parts.log({ ...call, status: answer.status });
  send(answer, fault?.kind, message, response);
}

/** `/ACCOUNT/api/v1/PATH`, with parameters in the query, and in the form of a POST. */
async function readRequest(message: IncomingMessage): Promise<ApiRequest & { account: string }> {
  const url = new URL(message.url ?? '/', 'http://prometheus');
  const [, account = '', path = ''] = /^\/([^/]*)\/api\/v1\/(.*)$/.exec(url.pathname) ?? ['', '', url.pathname];
  const parameters = url.searchParams;
  if (message.method === 'POST') {
    for (const [name, value] of new URLSearchParams(await text(message))) parameters.append(name, value);
  }
  return { account, path, parameters, isForm: message.method === 'POST' };
}

type PrometheusFault = Extract<Fault, { service: 'prometheus' }>;

function isOfPrometheus(fault: Fault): fault is PrometheusFault {
  return fault.service === 'prometheus';
}

function answerTo(
  request: ApiRequest,
  account: string,
  fault: PrometheusFault | undefined,
  { storageOfAccount, now, maxSamples = MAX_SAMPLES }: Serving,
): Answer {
  const replaced = fault && refusalOfFault(fault.kind);
  if (replaced) return replaced;
  const storage = storageOfAccount(account);
  if (storage === undefined)
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' };
  try {
    const answer = answerApi(fault?.kind === 'aligning' ? aligned(request) : request, {
      storage: storageUntil(storage, now()),
      now: now(),
      maxSamples,
    });
    const sent = fault === undefined ? answer : withLie(answer, fault.kind, fault.only);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) };
  } catch (error) {
    if (error instanceof PromError) return refusal(error);
    throw error;
  }
}

/** As the front ends of Thanos, Mimir and VictoriaMetrics send a range on: https://thanos.io/tip/components/query-frontend.md */
function aligned(request: ApiRequest): ApiRequest {
  const parameters = new URLSearchParams(request.parameters);
  const step = Number(parameters.get('step'));
  for (const name of step > 0 ? ['start', 'end'] : []) {
    parameters.set(name, String(Math.floor(Number(parameters.get(name)) / step) * step));
  }
  return { ...request, parameters };
}

async function pour({ headers, body }: Flood, response: ServerResponse): Promise<void> {
  response.writeHead(200, headers);
  await pipeline(body, response);
}

/** Compressed where the client takes it, as the server does. */
function send(
  { status, headers, body }: Answer,
  fault: PrometheusFaultKind | undefined,
  { headers: { 'accept-encoding': encodings = '' } }: IncomingMessage,
  response: ServerResponse,
): void {
  const half = body.slice(0, body.length / 2);
  if (fault === 'stalled') {
    response.writeHead(status, headers).write(half);
  } else if (fault === 'truncated') {
    response.writeHead(status, headers).end(half);
  } else if (String(encodings).includes('gzip') && body.length > 1_024) {
    response.writeHead(status, { ...headers, 'content-encoding': 'gzip' }).end(gzipSync(body));
  } else {
    response.writeHead(status, headers).end(body);
  }
}

/** The memory of a host, read from its cloud by the function that may: kept for some minutes, because a read costs money and time. */
import { LRUCache } from 'lru-cache';
import type { HostMemory, HostReadRequest, ReadRefusal } from '../../core/model/host-memory.ts';
import { CLOCK_SKEW_MS } from '../../core/model/message.ts';
import { isoText } from '../../core/model/notation.ts';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import { type HostReader, HostReaderError, type HostReaderFailure } from '../../core/ports/host-reader.ts';
import type { Call, HandlersOf } from '../call.ts';
import type { HostMemoryView } from '../contract/hosts.ts';
import type { ApiPorts } from '../ports.ts';
import { notFound, ProblemError, type ProblemStatus } from '../problem.ts';
import { createRateLimit } from '../rate-limit.ts';
import { type HostName, hostOfRef, hostRef } from '../refs.ts';

/** Windows end at full five minutes, so that people who look at the same host share one read. */
export const STEP_MS = 5 * 60_000;
export const KEPT_SECONDS = 300;

/**
 * Reads of the cloud that a caller may cause for a tenant, in this process: each is paid for, and 360 an hour are more than a person
 * looks at. What is answered from what was read before does not count.
 */
export const READ_RATE = { burst: 30, perSecond: 0.1 };

/** Bytes of all views that are kept: some hundred hosts. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

export const hostMemoryHandlers: HandlersOf<'readHostMemory'> = {
  async readHostMemory(call) {
    const request = requestOf(call, hostOfRef(call.params.host));
    const view = await readOnce(call, request);
    // What could not be read may be readable a moment later.
    if (isComplete(view)) call.headers.set('Cache-Control', `private, max-age=${KEPT_SECONDS}`);
    return view;
  },
};

/** Throws a 400 of the future, and a 404 of a host that is in no account. */
function requestOf({ tenant, query, now }: Call<'readHostMemory'>, host: HostName): HostReadRequest {
  const { account, region, id } = host;
  const provider = ACCOUNT_PROVIDERS.find((one) => one === host.provider);
  if (provider === undefined || region === null) throw notFound('such host');
  const end = query.to === undefined ? now : Date.parse(query.to);
  if (end > now + CLOCK_SKEW_MS)
    throw new ProblemError(400, 'The window ends in the future. Let `to` be now at the latest, or leave it out.');
  return {
    version: 1,
    kind: 'read_host',
    tenant: tenant.id,
    provider,
    account,
    region,
    host: id,
    to: isoText(Math.floor(Math.min(end, now) / STEP_MS) * STEP_MS),
    ...(query.lookbackHours !== undefined && { lookbackHours: query.lookbackHours }),
  };
}

/** The reads of one API: those that are under way, and the last ones. */
interface Reads {
  readonly kept: LRUCache<string, HostMemoryView>;
  readonly underWay: Map<string, Promise<HostMemoryView>>;
  /** In how many seconds the caller may cause a further one. */
  readonly waitOf: ReturnType<typeof createRateLimit>;
}

const readsOf = new WeakMap<ApiPorts, Reads>();

function openReads(api: ApiPorts): Reads {
  const known = readsOf.get(api);
  if (known !== undefined) return known;
  const kept = new LRUCache<string, HostMemoryView>({
    maxSize: MOST_KEPT_BYTES,
    ttl: KEPT_SECONDS * 1000,
    sizeCalculation: (view) => JSON.stringify(view).length,
  });
  const reads = { kept, underWay: new Map(), waitOf: createRateLimit(READ_RATE) };
  readsOf.set(api, reads);
  return reads;
}

/** A config that was changed since decides anew what may be read, and how it is evaluated. Throws a 429. */
async function readOnce(
  { api, tenant, principal, now, id }: Call<'readHostMemory'>,
  request: HostReadRequest,
): Promise<HostMemoryView> {
  const { kept, underWay, waitOf } = openReads(api);
  const { version, defaultsPutAt = 0 } = tenant.stored;
  const key = JSON.stringify([request, version, defaultsPutAt]);
  const known = kept.get(key) ?? underWay.get(key);
  if (known !== undefined) return known;
  const wait = waitOf(JSON.stringify([tenant.id, principal.name]), now);
  if (wait > 0) throw tooManyReads(wait);
  const onFault = (error: unknown) => api.onFault(error, { request: id, route: 'readHostMemory' });
  const reading = read(tenant.ports.hostReader, request, onFault).finally(() => underWay.delete(key));
  underWay.set(key, reading);
  const view = await reading;
  if (isComplete(view)) kept.set(key, view);
  return view;
}

export function tooManyReads(wait: number): ProblemError {
  const detail = `You have had too many hosts read, and each read costs money. Try again in ${wait} s.`;
  return new ProblemError(429, detail, { kind: 'rate', headers: { 'Retry-After': String(wait) } });
}

async function read(
  reader: HostReader,
  request: HostReadRequest,
  onFault: (error: unknown) => void,
): Promise<HostMemoryView> {
  const answer = await reader.read(request).catch((error: unknown) => throwReaderProblem(error, onFault));
  if (answer.outcome === 'refused') throw refusal(answer.refusal, answer.reason);
  return hostMemoryView(answer.memory);
}

function hostMemoryView(memory: HostMemory): HostMemoryView {
  const withRef = (host: HostMemory['host']) => ({ ref: hostRef(host), ...host });
  const siblings = memory.siblings.map((sibling) => ({ ...sibling, host: withRef(sibling.host) }));
  return { ...memory, host: withRef(memory.host), siblings };
}

function isComplete({ verdict, unreadable }: HostMemoryView): boolean {
  return verdict !== 'unreadable' && unreadable.length === 0;
}

const STATUSES = {
  malformed: 400,
  not_configured: 404,
  excluded: 422,
  not_found: 404,
  over_cap: 429,
} as const satisfies Record<ReadRefusal, ProblemStatus>;

/** Above the cost cap no later try helps: it names no time for one. */
function refusal(kind: ReadRefusal, reason: string): ProblemError {
  const detail = `The host was not read. ${reason[0]?.toUpperCase()}${reason.slice(1)}`;
  return new ProblemError(STATUSES[kind], detail, { kind: kind.replace('_', '-') });
}

/** What the caller sees. Names of functions, roles and accounts, and what a function threw, are for the operator's log alone. */
const FAILURES = {
  throttled: 'Too many hosts are read at once. Try again in some seconds.',
  timeout: 'No answer came in time. Try again; a region with very many hosts may take too long.',
  denied: 'The deployment may not read hosts. Its operator has to mend that: the log of the API has the cause.',
  absent:
    'The deployment has no function that reads it. Its operator has to mend that: the log of the API has the cause.',
  failed: 'The read ended with an error. The log of the API has the cause.',
  malformed: 'The answer is not as it should be. Its operator has to deploy all functions in one version.',
  unavailable: 'The function that reads hosts could not be reached. Try again in some seconds.',
} as const satisfies Record<HostReaderFailure, string>;

/** @param onFault Takes the detail. */
export function throwReaderProblem(error: unknown, onFault: (error: unknown) => void): never {
  if (!(error instanceof HostReaderError)) throw error;
  const headers = error.retryable ? { 'Retry-After': '5' } : {};
  const status = error.reason === 'throttled' ? 429 : 503;
  // Of a 5xx the API reports the cause itself.
  if (status < 500) onFault(error);
  throw new ProblemError(status, `The host was not read. ${FAILURES[error.reason]}`, {
    kind: `host-reader-${error.reason}`,
    headers,
    cause: error,
  });
}

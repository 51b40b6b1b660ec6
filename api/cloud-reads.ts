/** What is read of hosts from their clouds by the function that may: kept for some minutes, because a read costs money and time. */
import { LRUCache } from 'lru-cache';
import { CLOCK_SKEW_MS } from '../core/model/message.ts';
import { isoText } from '../core/model/notation.ts';
import { ACCOUNT_PROVIDERS, type AccountProvider } from '../core/model/series.ts';
import { HostReaderError, type HostReaderFailure } from '../core/ports/host-reader.ts';
import type { Call } from './call.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, ProblemError } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { hostOfRef } from './refs.ts';

/** Windows end at full five minutes, so that people who look at the same host share one read. */
const STEP_MS = 5 * 60_000;
export const KEPT_SECONDS = 300;

/**
 * Reads of the cloud that a caller may cause for a tenant, in this process: each is paid for, and 360 an hour are more than a person
 * looks at. What is answered from what was read before does not count.
 */
const READ_RATE = { burst: 30, perSecond: 0.1 };

/** Where a host is in an account, as requests to the reader name it. Throws a 404 of a host that is in none. */
export function readableHost(ref: string) {
  const { account, region, id, provider: named } = hostOfRef(ref);
  const provider = ACCOUNT_PROVIDERS.find((one): one is AccountProvider => one === named);
  if (provider === undefined || region === null) throw notFound('such host');
  return { provider, account, region, host: id };
}

/** When a read ends, ISO 8601. Throws a 400 of the future, which names `what` ends there: a window, a span. */
export function readEnd(to: string | undefined, now: number, what: string): string {
  const end = to === undefined ? now : Date.parse(to);
  if (end > now + CLOCK_SKEW_MS)
    throw new ProblemError(400, `The ${what} ends in the future. Let \`to\` be now at the latest, or leave it out.`);
  return isoText(Math.floor(Math.min(end, now) / STEP_MS) * STEP_MS);
}

/** The reads of one API: those that are under way, and the last ones. */
interface Reads<View extends object> {
  readonly kept: LRUCache<string, View>;
  readonly underWay: Map<string, Promise<View>>;
  /** In how many seconds the caller may cause a further one. */
  readonly waitOf: ReturnType<typeof createRateLimit>;
}

export interface KeptReadsOptions<View> {
  /** Bytes of all views that are kept, by their JSON. */
  readonly mostBytes: number;
  /** Whether a view is kept: what could not be read may be readable a moment later. */
  isKept(view: View): boolean;
}

/** Equal requests share one read, and its view for some minutes. Each API has its own. Throws a 429. */
export function createKeptReads<View extends object>({ mostBytes, isKept }: KeptReadsOptions<View>) {
  const readsOf = new WeakMap<ApiPorts, Reads<View>>();

  function open(api: ApiPorts): Reads<View> {
    const known = readsOf.get(api);
    if (known !== undefined) return known;
    const kept = new LRUCache<string, View>({
      maxSize: mostBytes,
      ttl: KEPT_SECONDS * 1000,
      sizeCalculation: (view) => JSON.stringify(view).length,
    });
    const reads = { kept, underWay: new Map(), waitOf: createRateLimit(READ_RATE) };
    readsOf.set(api, reads);
    return reads;
  }

  /** A config that was changed since decides anew what may be read, and how it is evaluated. */
  return async (
    { api, tenant, principal, now }: Pick<Call<'readHostMemory'>, 'api' | 'tenant' | 'principal' | 'now'>,
    request: object,
    read: () => Promise<View>,
  ): Promise<View> => {
    const { kept, underWay, waitOf } = open(api);
    const { version, defaultsPutAt = 0 } = tenant.stored;
    const key = JSON.stringify([request, version, defaultsPutAt]);
    const known = kept.get(key) ?? underWay.get(key);
    if (known !== undefined) return known;
    const wait = waitOf(JSON.stringify([tenant.id, principal.name]), now);
    if (wait > 0) throw tooManyReads(wait);
    const reading = read().finally(() => underWay.delete(key));
    underWay.set(key, reading);
    const view = await reading;
    if (isKept(view)) kept.set(key, view);
    return view;
  };
}

function tooManyReads(wait: number): ProblemError {
  const detail = `You have had too many hosts read, and each read costs money. Try again in ${wait} s.`;
  return new ProblemError(429, detail, { kind: 'rate', headers: { 'Retry-After': String(wait) } });
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

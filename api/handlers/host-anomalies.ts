/** One metric of a host, read from its cloud by the function that may: kept for some minutes, because a read costs money and time. */
import { LRUCache } from 'lru-cache';
import { CLOCK_SKEW_MS } from '../../core/model/message.ts';
import { isoText } from '../../core/model/notation.ts';
import type { PointReadRefusal, PointReadRequest } from '../../core/model/point-read.ts';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import type { Call, HandlersOf } from '../call.ts';
import type { HostAnomalyView } from '../contract/anomalies.ts';
import type { ApiPorts } from '../ports.ts';
import { notFound, ProblemError, type ProblemStatus } from '../problem.ts';
import { createRateLimit } from '../rate-limit.ts';
import { hostOfRef, hostRef } from '../refs.ts';
import { KEPT_SECONDS, READ_RATE, STEP_MS, throwReaderProblem, tooManyReads } from './host-memory.ts';

/** Bytes of all views that are kept: some hundred series. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

export const hostAnomalyHandlers: HandlersOf<'readHostAnomalies'> = {
  async readHostAnomalies(call) {
    const view = await readOnce(call, requestOf(call));
    call.headers.set('Cache-Control', `private, max-age=${KEPT_SECONDS}`);
    return view;
  },
};

/** Throws a 400 of the future, and a 404 of a host that is in no account. */
function requestOf({ tenant, params, query, now }: Call<'readHostAnomalies'>): PointReadRequest {
  const { account, region, id, provider: named } = hostOfRef(params.host);
  const provider = ACCOUNT_PROVIDERS.find((one) => one === named);
  if (provider === undefined || region === null) throw notFound('such host');
  const end = query.to === undefined ? now : Date.parse(query.to);
  if (end > now + CLOCK_SKEW_MS)
    throw new ProblemError(400, 'The span ends in the future. Let `to` be now at the latest, or leave it out.');
  const { metric, part, job, from } = query;
  return {
    version: 1,
    kind: 'read_points',
    tenant: tenant.id,
    provider,
    account,
    region,
    host: id,
    metric,
    to: isoText(Math.floor(Math.min(end, now) / STEP_MS) * STEP_MS),
    ...(part !== undefined && { part }),
    ...(job !== undefined && { job }),
    ...(from !== undefined && { from }),
  };
}

/** The reads of one API: those that are under way, and the last ones. */
interface Reads {
  readonly kept: LRUCache<string, HostAnomalyView>;
  readonly underWay: Map<string, Promise<HostAnomalyView>>;
  readonly waitOf: ReturnType<typeof createRateLimit>;
}

const readsOf = new WeakMap<ApiPorts, Reads>();

function openReads(api: ApiPorts): Reads {
  const known = readsOf.get(api);
  if (known !== undefined) return known;
  const kept = new LRUCache<string, HostAnomalyView>({
    maxSize: MOST_KEPT_BYTES,
    ttl: KEPT_SECONDS * 1000,
    sizeCalculation: (view) => JSON.stringify(view).length,
  });
  const reads = { kept, underWay: new Map(), waitOf: createRateLimit(READ_RATE) };
  readsOf.set(api, reads);
  return reads;
}

/** A config that was changed since decides anew what may be read, and how it is inspected. Throws a 429. */
async function readOnce(call: Call<'readHostAnomalies'>, request: PointReadRequest): Promise<HostAnomalyView> {
  const { api, tenant, principal, now } = call;
  const { kept, underWay, waitOf } = openReads(api);
  const { version, defaultsPutAt = 0 } = tenant.stored;
  const key = JSON.stringify([request, version, defaultsPutAt]);
  const known = kept.get(key) ?? underWay.get(key);
  if (known !== undefined) return known;
  const wait = waitOf(JSON.stringify([tenant.id, principal.name]), now);
  if (wait > 0) throw tooManyReads(wait);
  const reading = read(call, request).finally(() => underWay.delete(key));
  underWay.set(key, reading);
  const view = await reading;
  kept.set(key, view);
  return view;
}

async function read(
  { api, tenant, id }: Call<'readHostAnomalies'>,
  request: PointReadRequest,
): Promise<HostAnomalyView> {
  const onFault = (error: unknown) => api.onFault(error, { request: id, route: 'readHostAnomalies' });
  const answer = await tenant.ports.hostReader
    .readPoints(request)
    .catch((error: unknown) => throwReaderProblem(error, onFault));
  if (answer.outcome === 'read') return { ...answer.view, host: viewOf(answer.view.host) };
  const { refusal, reason } = answer;
  const detail = `The metric was not read. ${reason[0]?.toUpperCase()}${reason.slice(1)}`;
  throw new ProblemError(STATUSES[refusal], detail, { kind: refusal.replace('_', '-') });
}

function viewOf(host: Omit<HostAnomalyView['host'], 'ref' | 'version'>): HostAnomalyView['host'] {
  return { ref: hostRef(host), ...host, version: null };
}

const STATUSES = {
  malformed: 400,
  not_configured: 404,
  excluded: 422,
  not_found: 404,
  not_monitored: 422,
  insufficient: 422,
  unreadable: 503,
  over_cap: 429,
} as const satisfies Record<PointReadRefusal, ProblemStatus>;

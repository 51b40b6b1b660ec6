/** One metric of a host, read from its cloud by the function that may. */
import type { PointReadRefusal, PointReadRequest } from '../../core/model/point-read.ts';
import type { Call, HandlersOf } from '../call.ts';
import { createKeptReads, KEPT_SECONDS, readableHost, readEnd, throwReaderProblem } from '../cloud-reads.ts';
import type { HostAnomalyView } from '../contract/anomalies.ts';
import { ProblemError, type ProblemStatus } from '../problem.ts';
import { hostRef } from '../refs.ts';

/** Bytes of all views that are kept: some hundred series. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;

const readOnce = createKeptReads<HostAnomalyView>({ mostBytes: MOST_KEPT_BYTES, isKept: () => true });

export const hostAnomalyHandlers: HandlersOf<'readHostAnomalies'> = {
  async readHostAnomalies(call) {
    const request = requestOf(call);
    const view = await readOnce(call, request, () => read(call, request));
    call.headers.set('Cache-Control', `private, max-age=${KEPT_SECONDS}`);
    return view;
  },
};

/** Throws a 400 of the future, and a 404 of a host that is in no account. */
function requestOf({ tenant, params, query, now }: Call<'readHostAnomalies'>): PointReadRequest {
  const { metric, part, job, from, to } = query;
  return {
    version: 1,
    kind: 'read_points',
    tenant: tenant.id,
    ...readableHost(params.host),
    metric,
    to: readEnd(to, now, 'span'),
    ...(part !== undefined && { part }),
    ...(job !== undefined && { job }),
    ...(from !== undefined && { from }),
  };
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

/** The memory of a host, read from its cloud by the function that may. */
import type { HostMemory, HostReadRequest, ReadRefusal } from '../../core/model/host-memory.ts';
import type { HostReader } from '../../core/ports/host-reader.ts';
import type { Call, HandlersOf } from '../call.ts';
import { createKeptReads, KEPT_SECONDS, readableHost, readEnd, throwReaderProblem } from '../cloud-reads.ts';
import type { HostMemoryView } from '../contract/hosts.ts';
import { ProblemError, type ProblemStatus } from '../problem.ts';
import { hostRef } from '../refs.ts';

/** Bytes of all views that are kept: some hundred hosts. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

const readOnce = createKeptReads<HostMemoryView>({ mostBytes: MOST_KEPT_BYTES, isKept: isComplete });

export const hostMemoryHandlers: HandlersOf<'readHostMemory'> = {
  async readHostMemory(call) {
    const { api, tenant, id } = call;
    const request = requestOf(call);
    const onFault = (error: unknown) => api.onFault(error, { request: id, route: 'readHostMemory' });
    const view = await readOnce(call, request, () => read(tenant.ports.hostReader, request, onFault));
    // What could not be read may be readable a moment later.
    if (isComplete(view)) call.headers.set('Cache-Control', `private, max-age=${KEPT_SECONDS}`);
    return view;
  },
};

/** Throws a 400 of the future, and a 404 of a host that is in no account. */
function requestOf({ tenant, params, query, now }: Call<'readHostMemory'>): HostReadRequest {
  const { to, lookbackHours } = query;
  return {
    version: 1,
    kind: 'read_host',
    tenant: tenant.id,
    ...readableHost(params.host),
    to: readEnd(to, now, 'window'),
    ...(lookbackHours !== undefined && { lookbackHours }),
  };
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

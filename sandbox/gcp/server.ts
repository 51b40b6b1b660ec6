/** Cloud Monitoring on loopback: reads the request, applies faults, answers from the fleet, and logs the call. */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Fleet } from '../scenario/fleet.ts';
import type { Call } from '../wire/call-log.ts';
import type { Fault, FaultKind, Faults } from '../wire/faults.ts';
import { type ListRequest, type ListResponse, listTimeSeries, parseListRequest } from './list-time-series.ts';
import { GARBAGE, GcpError, httpStatusOf, metricService } from './protocol.ts';
import { createGcpCatalogue } from './series.ts';

export interface GcpServerParts {
  readonly fleet: Fleet;
  readonly faults: Faults;
  readonly state: { readonly now: number };
  readonly log: (call: Call) => void;
}

export interface GcpServer extends AsyncDisposable {
  readonly port: number;
}

const SERVICE = { service: 'gcp', action: 'ListTimeSeries' } as const;

const DENIAL = 'Permission monitoring.timeSeries.list denied (or the resource may not exist).';

/** Faults that are a status. */
const REFUSALS: Partial<Record<FaultKind, { readonly code: status; readonly message: string }>> = {
  throttled: { code: status.RESOURCE_EXHAUSTED, message: "Quota exceeded for quota metric 'Time series queries'" },
  denied: { code: status.PERMISSION_DENIED, message: DENIAL },
  server_error: { code: status.INTERNAL, message: 'Internal error encountered.' },
  down: { code: status.UNAVAILABLE, message: 'The service is currently unavailable.' },
};

export async function startGcpServer({ fleet, faults, state, log }: GcpServerParts): Promise<GcpServer> {
  const catalogueOf = createGcpCatalogue(fleet);

  function answer(request: ListRequest, fault: Fault | undefined): ListResponse | typeof GARBAGE {
    refuse(fault);
    if (fault?.kind === 'garbage') return GARBAGE;
    const catalogue = fleet.refusing.includes(request.project) ? undefined : catalogueOf(request.project);
    if (catalogue === undefined) throw new GcpError(status.PERMISSION_DENIED, DENIAL);
    return listTimeSeries(request, { catalogue, now: state.now, fault });
  }

  function handle({ request: message }: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>): void {
    let call: Call = { ...SERVICE, account: '', region: '', metrics: 0 };
    try {
      const request = parseListRequest(message);
      call = { ...call, account: request.project, region: regionOf(request), metric: request.filter.metricType };
      const fault = faults.strike(call, request.project);
      if (fault) call = { ...call, fault: fault.kind };
      if (fault?.kind === 'unanswered') {
        log(call);
        return;
      }
      const response = answer(request, fault);
      log({ ...call, status: 200, metrics: response === GARBAGE ? 0 : response.timeSeries.length });
      reply(null, response);
    } catch (error) {
      const code = error instanceof GcpError ? error.code : status.INTERNAL;
      log({ ...call, status: httpStatusOf(code) });
      reply({ code, details: error instanceof Error ? error.message : String(error) });
    }
  }

  const server = new Server({ 'grpc.max_send_message_length': -1 });
  server.addService(metricService(), { listTimeSeries: handle });
  const port = await listenOn(server);
  return {
    port,
    async [Symbol.asyncDispose]() {
      // Connections that wait for an answer would keep a graceful shutdown waiting too.
      server.forceShutdown();
    },
  };
}

function refuse(fault: Fault | undefined): void {
  const refusal = fault && REFUSALS[fault.kind];
  if (refusal) throw new GcpError(refusal.code, refusal.message);
}

/** From the prefix of zones, or the pattern of locations, in the filter. */
function regionOf({ filter }: ListRequest): string {
  const prefix = filter.prefixOf('resource.labels.zone') ?? filter.prefixOf('resource.labels.location') ?? '';
  return prefix.replace(/(-|\(-\.\+\)\?)$/, '');
}

function listenOn(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

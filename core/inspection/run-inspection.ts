/** The inspection that a message on a queue requests: region by region, as far as time allows. */
import type { RegionResult } from '../model/inspection-result.ts';
import type { InspectionRequest, InspectMessage } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import { UnderWayError } from '../ports/errors.ts';
import type { RequestLog } from '../ports/request-log.ts';
import type { Deadline } from './deadline.ts';
import { type InspectionPorts, inspectRegions, type RegionsInspected } from './inspect-regions.ts';
import {
  type NotInspected,
  type RequestTimes,
  type Resolved,
  resolveRequest,
  type SetAside,
} from './resolve-request.ts';
import { notInspectedResult } from './results.ts';

/** What a run is to inspect. */
export interface InspectionTask {
  readonly message: InspectMessage;
  readonly metric: InspectedMetric;
}

export type InspectionOutcome =
  | (RegionsInspected & {
      readonly kind: 'inspected';
      /** Regions of the message that its account does not have. */
      readonly setAside: SetAside | undefined;
    })
  | NotInspected;

/**
 * Inspects what the message requests. Throws `StoreError` when a store fails, `DeliveryError` when the queue does, and
 * `UnderWayError` where other functions are at it: the message then goes back, and running it again is harmless. A source that fails
 * makes its run partial and is never thrown.
 */
export async function runInspection(
  { message, metric }: InspectionTask,
  ports: InspectionPorts,
  deadline: Deadline,
): Promise<InspectionOutcome> {
  const { now } = deadline;
  const resolution = await resolve(message, ports, { sentAt: now, now });
  if (resolution.kind !== 'resolved') {
    await answer(message, message.regions ?? [], resolution, ports.requests);
    return resolution;
  }
  const { setAside } = resolution;
  if (setAside) await answer(message, setAside.regions, { kind: 'refused', reason: setAside.reason }, ports.requests);
  const inspected = await inspectRegions({ request: message, resolution, id: message.id, metric }, ports, deadline);
  const underWay = inspected.open.find(({ kind }) => kind === 'under_way');
  if (underWay) throw new UnderWayError(`${message.account} ${underWay.region}: ${underWay.reason}`);
  return { kind: 'inspected', ...inspected, setAside };
}

/** What the request stands for. */
export async function resolve(
  request: InspectionRequest,
  { configs }: Pick<InspectionPorts, 'configs'>,
  times: RequestTimes,
): Promise<Resolved | NotInspected> {
  return resolveRequest(request, await configs.get(request.tenant), times);
}

/** Whoever waits for these regions learns why nothing comes. */
async function answer(
  { id, tenant, provider, account }: InspectMessage,
  regions: readonly string[],
  why: NotInspected,
  requests: RequestLog,
): Promise<void> {
  if (id === undefined) return;
  const results = regions.map((region): RegionResult => notInspectedResult({ provider, account, region }, why));
  await Promise.all(results.map((result) => requests.putResult({ tenant, id }, result)));
}

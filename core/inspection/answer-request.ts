/** Answers a request that a function was invoked with: inspects at once, and returns what was found. */
import { type InspectionResult, outcomeOfAll, type RegionResult, refusedResult } from '../model/inspection-result.ts';
import type { InspectionRequest, InspectMessage } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { Deadline } from './deadline.ts';
import { type InspectionPorts, inspectRegions, type RegionsInspected } from './inspect-regions.ts';
import type { SetAside } from './resolve-request.ts';
import { withinAnswer } from './results.ts';
import { resolve } from './run-inspection.ts';

export interface AnsweredRequest {
  readonly request: InspectionRequest;
  readonly metric: InspectedMetric;
  /** Stands in for the id of a request that has none: the same on every try of the invocation. */
  readonly invocationId: string | undefined;
}

export interface RequestAnswer {
  readonly result: InspectionResult;
  readonly inspected: RegionsInspected | undefined;
}

/** Throws `StoreError` when a store fails, and `DeliveryError` when the queue does not take a continuation. */
export async function answerRequest(
  { request, metric, invocationId }: AnsweredRequest,
  ports: InspectionPorts,
  deadline: Deadline,
): Promise<RequestAnswer> {
  const { tenant } = request;
  const id = request.id ?? invocationId;
  const identity = { id: id ?? null, tenant };
  const foreign = whyForeign(request, ports);
  if (foreign !== undefined) return { result: refusedResult(foreign, identity), inspected: undefined };
  const { now } = deadline;
  const resolution = await resolve({ ...request, provider: ports.provider }, ports, { sentAt: now, now });
  if (resolution.kind !== 'resolved') {
    const { reason, kind: outcome } = resolution;
    return { result: refusedResult(reason, { ...identity, outcome }), inspected: undefined };
  }
  const inspected = await inspectRegions({ request, resolution, id, metric }, ports, deadline);
  return { result: resultOf(identity, inspected, resolution.setAside), inspected };
}

function whyForeign({ provider }: InspectionRequest, ports: InspectionPorts): string | undefined {
  if (provider === undefined || provider === ports.provider) return undefined;
  return `provider: this function inspects accounts of ${ports.provider}. Invoke that of ${provider}, or send the request to the request queue.`;
}

function resultOf(
  identity: Pick<InspectionResult, 'id' | 'tenant'>,
  { results, waiting }: RegionsInspected,
  setAside: SetAside | undefined = undefined,
): InspectionResult {
  const regions = withinAnswer([...results, ...waiting.map(continuedResult)]);
  return {
    version: 1,
    ...identity,
    outcome: outcomeOfAll(regions, setAside ?? null),
    reason: null,
    setAside: setAside ?? null,
    regions,
  };
}

/** Of a region that was not begun. */
function continuedResult({ provider, account, regions, id }: InspectMessage): RegionResult {
  const again = id === undefined ? '' : ` Request it with the id ${id} again to get its result.`;
  const reason = `no time was left: a continuation inspects it.${again}`;
  const scope = { provider, account, region: regions?.[0] ?? null };
  return { scope, outcome: 'partial', reason, run: null, findings: [], found: 0, replay: null };
}

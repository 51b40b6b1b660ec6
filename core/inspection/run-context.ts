/** What everything that belongs to one run shares, computed once in each invocation. */
import { createRecorder, type Recorder } from '../incidents/recorder.ts';
import type { HostFilter } from '../model/host-filter.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import type { OpenRun } from '../model/open-run.ts';
import { type HostPolicies, overridden } from '../model/policy.ts';
import type { RunSummary } from '../model/run.ts';
import type { RunRef } from '../model/run-ref.ts';
import { ItemError } from '../ports/errors.ts';
import type { RunLog } from '../ports/run-log.ts';
import { hostPolicies } from '../tenants/host-policies.ts';
import { type Clock, clockOf, type Deadline, whenOnlyLeft } from './deadline.ts';
import { readsOfMonth } from './deep-moment.ts';
import type { RegionRequest, RunPorts } from './region-run.ts';
import { isSameRun } from './run-progress.ts';
import type { RunFacts } from './run-summary.ts';
import { type InspectionSpans, inspectionSpans } from './window.ts';

export interface RunContext extends RegionRequest {
  readonly run: RunRef;
  readonly facts: RunFacts;
  readonly policies: HostPolicies;
  readonly spans: InspectionSpans;
  /** Those of the config and of the request: all of them must admit a host. */
  readonly filters: readonly HostFilter[];
  readonly ports: RunPorts;
  readonly clock: Clock;
}

/**
 * @param open The record of the region's run of the same kind: of the schedule, or of the request. A request that is sent again joins
 * the run that it began, whatever time it is sent with; and a run keeps its window, though the config may have changed since it began.
 */
export function runContext(request: RegionRequest, ports: RunPorts, deadline: Deadline, open?: OpenRun): RunContext {
  const { account, source, trigger, runsPerMonth, only } = request;
  const { config } = request.tenant;
  const { tenant } = config;
  const { scope, price } = source;
  const isRepeated = open !== undefined && request.request !== null;
  const scheduledTime = isRepeated ? open.run.scheduledTime : request.scheduledTime;
  const run = { tenant, scope, trigger, scheduledTime, request: request.request };
  const policies = policiesOf(request);
  const spans = inspectionSpans(scheduledTime, source, policies.common);
  const window = open && isSameRun(open.run, run) ? open.window : spans.evaluated.window;
  const readsPerMonth =
    ports.weeks === undefined ? runsPerMonth : readsOfMonth(runsPerMonth, policies.common.deepReadDays);
  return {
    ...request,
    scheduledTime,
    run,
    facts: { tenant, scope, scheduledTime, window, runsPerMonth: readsPerMonth, ...(price && { price }) },
    policies,
    spans: { ...spans, evaluated: { ...spans.evaluated, window } },
    filters: [config.hosts, account.hosts, only].filter((filter) => filter !== undefined),
    ports,
    clock: clockOf(deadline),
  };
}

function policiesOf({ tenant: stored, account, metric, lookBackHours }: RegionRequest): HostPolicies {
  const policies = hostPolicies({ stored, account, metric });
  return overridden(policies, lookBackHours === undefined ? undefined : { lookBackHours });
}

/** Lists the open incidents of the region: once in an invocation. Undefined where a newer run was recorded before. */
export async function openRecorder({ run, facts, policies, ports, clock }: RunContext): Promise<Recorder | undefined> {
  const { tenant, scope, trigger } = run;
  const { now } = clock;
  const isSuperseded = () => hasNewerRun(ports.runs, { ...facts, now });
  if (await isSuperseded()) return undefined;
  const options = {
    tenant,
    scope,
    policyOf: policies.of,
    endsIncidents: trigger === 'schedule',
    asOf: facts.window.end,
    now,
  };
  return createRecorder(options, ports.incidents, isSuperseded, whenOnlyLeft(clock, 'recordUntil'));
}

/**
 * Whether a newer window of the scope was recorded already. A run from the future, which a clock that was wrong has made, does
 * not count: it would stop all records of its account until then. Nor does it hide the newest of the others. A log entry that
 * cannot be read back does not count either.
 */
async function hasNewerRun(
  runs: RunLog,
  { tenant, scope, window, now }: Pick<RunSummary, 'tenant' | 'scope' | 'window'> & { readonly now: number },
): Promise<boolean> {
  try {
    const [newest] = await runs.newest(tenant, scope, 1, now + CLOCK_SKEW_MS);
    return newest !== undefined && newest.window.end > window.end;
  } catch (error) {
    if (error instanceof ItemError) return false;
    throw error;
  }
}

/** Inspects the regions of a request one after the other, keeps their results, and leaves to a continuation what time does not allow. */
import type { Delivery } from '../incidents/outbox.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { RegionResult } from '../model/inspection-result.ts';
import { type InspectionRequest, type InspectMessage, requestDigest } from '../model/message.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { RunSummary } from '../model/run.ts';
import type { AccountProvider, InRegion, Scope } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { InspectionQueue } from '../ports/inspection-queue.ts';
import type { MemorySource } from '../ports/memory-source.ts';
import type { RequestKey, RequestLog } from '../ports/request-log.ts';
import { runsPerMonth } from '../tenants/tenant-config.ts';
import { type Deadline, reserveMs } from './deadline.ts';
import { compareNewHosts } from './early-comparison.ts';
import { inspectRegion } from './inspect-region.ts';
import {
  progressText,
  type RegionOutcome,
  type RegionRun,
  type RunPorts,
  type RunProgress,
  requireProgress,
} from './region-run.ts';
import { type ReplayRegion, replayResultOf } from './replay.ts';
import { messagesOf, type RequestedAccount, type Resolved } from './resolve-request.ts';
import { notInspectedResult, runResult, storedResult, unfinishedResult } from './results.ts';
import { sendAll } from './send-all.ts';

export interface InspectionPorts extends RunPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly queue: InspectionQueue;
  readonly requests: RequestLog;
  /** Of the accounts that are inspected here. */
  readonly provider: AccountProvider;
  /** Makes the source of an account's region. Credentials are resolved on the first read. */
  openSource(tenant: StoredTenant, account: Account, region: string): MemorySource;
  /** Replays a past window: core/backtest knows how. */
  readonly replay: ReplayRegion;
}

export interface RegionsRequest {
  readonly request: InspectionRequest;
  readonly resolution: Resolved;
  /** Under which results are kept; undefined where they are not. */
  readonly id: string | undefined;
  readonly metric: InspectedMetric;
}

export interface RegionsInspected {
  /** Of the regions that were inspected now, and not answered or replayed. */
  readonly regions: readonly RegionRun[];
  /** Of all regions but those that are left to a continuation without being begun. */
  readonly results: readonly RegionResult[];
  /** Of regions that were not begun, and of those whose findings could not all be recorded: continuations that were sent. */
  readonly waiting: readonly InspectMessage[];
  readonly unrecorded: readonly InspectMessage[];
  /** Regions whose runs go on in other invocations, or have to wait for another run. */
  readonly open: readonly OpenRegion[];
  /** Earlier runs without progress, which were closed so that these could begin. */
  readonly gaveWay: readonly RunSummary[];
}

/** A region that this invocation did not finish. */
export interface OpenRegion {
  readonly region: string;
  /** `under_way`: the message has to come again, because whoever inspects the region may be killed. */
  readonly kind: Exclude<RegionOutcome['kind'], 'closed'>;
  readonly reason: string;
  readonly progress?: RunProgress;
  readonly delivery?: Delivery;
  readonly recorded?: number;
}

interface RegionTask extends RegionsRequest {
  readonly message: InspectMessage;
  readonly requested: RequestedAccount;
  readonly region: string;
  readonly runsPerMonth: number;
}

/** Throws as `runInspection`. */
export async function inspectRegions(
  request: RegionsRequest,
  ports: InspectionPorts,
  deadline: Deadline,
): Promise<RegionsInspected> {
  const regions: RegionRun[] = [];
  const results: RegionResult[] = [];
  const waiting: InspectMessage[] = [];
  const unrecorded: InspectMessage[] = [];
  const open: OpenRegion[] = [];
  const gaveWay: RunSummary[] = [];
  for (const task of tasksOf(request)) {
    if (results.length > 0 && deadline.remainingMs() < reserveMs(deadline, 'region')) {
      waiting.push(task.message);
      continue;
    }
    const { result, run, left, gaveWay: other } = await answerRegion(task, ports, deadline);
    results.push(result);
    if (other) gaveWay.push(other);
    if (left) open.push(left);
    if (run) regions.push(run);
    if (run && run.unrecorded > 0) unrecorded.push(task.message);
  }
  await sendAll([...unrecorded, ...waiting], (message) => ports.queue.send(message));
  return { regions, results, waiting, unrecorded, open, gaveWay };
}

function* tasksOf(request: RegionsRequest): Generator<RegionTask> {
  const { resolution, id } = request;
  for (const requested of resolution.accounts) {
    const perMonth = runsPerMonth(requested.account, requested.scheduledTime);
    const messages = messagesOf(request.request, { ...resolution, accounts: [requested] }, id);
    for (const [index, region] of requested.regions.entries()) {
      const message = messages[index];
      if (message) yield { ...request, message, requested, region, runsPerMonth: perMonth };
    }
  }
}

interface Answered {
  readonly result: RegionResult;
  /** Of a run that was closed now. */
  readonly run?: RegionRun;
  /** Of one that was not. */
  readonly left?: OpenRegion;
  /** An earlier run that was closed for it. */
  readonly gaveWay?: RunSummary;
}

/** The stored answer where the same request was answered before; else inspects the region and keeps the answer. */
async function answerRegion(task: RegionTask, ports: InspectionPorts, deadline: Deadline): Promise<Answered> {
  const { message, requested, region, id } = task;
  const { tenant, provider } = message;
  const key = id === undefined ? undefined : { tenant, id };
  const scope = { provider, account: requested.account.account, region };
  const stored = key && (await ports.requests.result(key, scope));
  if (stored) return { result: stored };
  const answered = await inspectTask(task, ports, deadline);
  if (answered.run && answered.run.unrecorded > 0) {
    requireProgress(scope, answered.run);
    return answered;
  }
  if (key && answered.left === undefined) await keep(key, answered.result, ports.requests);
  return answered;
}

function keep(key: RequestKey, result: RegionResult, requests: RequestLog): Promise<void> {
  return requests.putResult(key, storedResult(result));
}

async function inspectTask(task: RegionTask, ports: InspectionPorts, deadline: Deadline): Promise<Answered> {
  const { resolution, requested, region, metric } = task;
  const { tenant, trigger } = resolution;
  const { account, scheduledTime } = requested;
  const { hosts, group, lookBackHours, from, scaling } = task.message;
  const source = ports.openSource(tenant, account, region);
  const only = onlyHosts({ hosts, group });
  const inspected = {
    tenant,
    account,
    source,
    metric,
    ...(only && { only }),
    ...(lookBackHours !== undefined && { lookBackHours }),
  };
  if (from !== undefined) {
    const window = { start: Date.parse(from), end: scheduledTime };
    return { result: await replayResultOf({ ...inspected, window }, ports.replay, deadline) };
  }
  const request = { ...inspected, trigger, scheduledTime, runsPerMonth: task.runsPerMonth };
  if (scaling) {
    const run = await compareNewHosts({ ...request, scaling }, ports, deadline);
    return { result: runResult(run), run };
  }
  const { message } = task;
  const named = trigger === 'schedule' ? null : (task.id ?? (await requestDigest(message)));
  const outcome = await inspectRegion({ ...request, message, request: named }, ports, deadline);
  const answered = answeredOf(outcome, { provider: account.provider, account: account.account, region });
  return outcome.gaveWay ? { ...answered, gaveWay: outcome.gaveWay } : answered;
}

function answeredOf(outcome: RegionOutcome, scope: InRegion<Scope>): Answered {
  const { region } = scope;
  switch (outcome.kind) {
    case 'closed':
      return { result: runResult(outcome.run), run: outcome.run };
    case 'continued': {
      const { progress, recorded } = outcome;
      const reason = `${progressText(progress)}: other invocations go on with it`;
      return {
        result: unfinishedResult(scope, reason),
        left: { region, kind: 'continued', reason, progress, recorded },
      };
    }
    case 'skipped': {
      const { kind, reason, delivery } = outcome;
      const left = { region, kind, reason, ...(delivery && { delivery }) };
      return { result: notInspectedResult(scope, { kind, reason }), left };
    }
    case 'under_way':
    case 'overrun': {
      const { kind, reason } = outcome;
      return { result: unfinishedResult(scope, reason), left: { region, kind, reason } };
    }
  }
}

/** The filter that a request adds to those of the config; undefined where it adds none. */
function onlyHosts({ hosts, group }: Pick<InspectMessage, 'hosts' | 'group'>): HostFilter | undefined {
  const ofGroup = group === undefined ? {} : { group };
  if (hosts !== undefined) return { include: hosts.map((id) => ({ id, ...ofGroup })) };
  return group === undefined ? undefined : { include: [ofGroup] };
}

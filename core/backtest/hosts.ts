/** Reads the hosts of one source once, over the entire time of a backtest, and replays each: a stream in, a stream out. */

import { CONSUMED, EVALUATED, spanEndingBefore } from '../inspection/window.ts';
import type { HostFilter } from '../model/host-filter.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { HostPolicies } from '../model/policy.ts';
import type { NotMonitored, Resource, Series, Span, Unreadable, Window } from '../model/series.ts';
import { SourceError } from '../ports/errors.ts';
import type { MemorySource, Meter } from '../ports/memory-source.ts';
import { backtest, dueTimes, type PolicyReplay, type Replay, type ReplayedPolicy } from './backtest.ts';
import { type KnownOfHost, siblingsOfGroup } from './known.ts';

export type BacktestRequest = BacktestSource & ReplayPlan;

/** Everything but what the source states, and the host. */
type ReplayPlan = DistributiveOmit<Replay, 'ingestionDelayMs' | 'policies'> & {
  /** Each is replayed, a host with its own policy of each. */
  readonly policies: readonly ReplayedPolicies[];
};

/** The policies of hosts, and the cadence under which they are replayed: absent where every slot inspects every host. */
export type ReplayedPolicies = HostPolicies & Pick<ReplayedPolicy, 'quietHours'>;

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

interface BacktestSource {
  readonly source: MemorySource;
  readonly metric: InspectedMetric;
  readonly filters: readonly HostFilter[];
  readonly meter: Meter;
}

/** A host with its replays, one per policy. */
export interface Replayed {
  readonly kind: 'replayed';
  /** All samples that were read. */
  readonly series: Series;
  readonly replays: readonly PolicyReplay[];
}

export type Backtested = Replayed | Unreadable | NotMonitored;

/** Hosts with a group that are kept until all of their siblings were read: 10 kB each. Others are replayed without siblings. */
const MOST_KEPT = 20_000;

/**
 * Yields one result per host in scope. Hosts of groups come last, group by group, because they are compared with each other; others are not
 * kept, so that memory does not grow with the fleet. A source that fails becomes an unreadable scope, so that the hosts before it still count.
 */
export async function* backtestHosts(
  { source, metric, filters, meter, ...plan }: BacktestRequest,
  signal?: AbortSignal,
): AsyncGenerator<Backtested, void, undefined> {
  const { policies, ...times } = { ...plan, ingestionDelayMs: source.ingestionDelayMs };
  const span = spanOf({ ...times, policies: policies.map(({ common }) => common) });
  if (span === undefined) return;
  const replaying: Replaying = { source, meter, policies, times, window: span.window };
  const kept: Series[] = [];
  try {
    for await (const reading of source.read({ metric, span, filters }, meter, signal)) {
      if (reading.kind !== 'series') yield reading;
      else if (reading.resource.group !== undefined && kept.length < MOST_KEPT) kept.push(reading);
      else yield await replayed(reading, replaying, {}, signal);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    yield { kind: 'unreadable', scope: source.scope, reason: error.reason, detail: error.message };
  }
  for (const members of Map.groupBy(kept, ({ resource }) => groupOf(resource)).values()) {
    const siblingsOf = siblingsOfGroup(members);
    for (const member of members) yield await replayed(member, replaying, { siblingsOf }, signal);
  }
}

interface Replaying {
  readonly source: MemorySource;
  readonly meter: Meter;
  readonly policies: readonly ReplayedPolicies[];
  readonly times: DistributiveOmit<Replay, 'policies'>;
  readonly window: Window;
}

/** Consumers are read where they may change a verdict, and reading them costs nothing. */
async function replayed(
  series: Series,
  { source, meter, policies, times, window }: Replaying,
  known: KnownOfHost,
  signal: AbortSignal | undefined,
): Promise<Replayed> {
  const { resource } = series;
  const replay = { ...times, policies: policies.map((policy) => policyOf(policy, resource)) };
  const deployments = source.deployments?.(resource);
  const own: KnownOfHost = { ...known, ...(deployments && { deployments }) };
  let areMissed = false;
  const missConsumers = () => {
    areMissed = true;
  };
  const replays = backtest(series, replay, { ...own, missConsumers });
  if (!areMissed || source.consumers === undefined || source.price !== undefined) {
    return { kind: 'replayed', series, replays };
  }
  const consumers = await Array.fromAsync(source.consumers(resource, { ...CONSUMED, window }, meter, signal));
  return { kind: 'replayed', series, replays: backtest(series, replay, { ...own, consumers }) };
}

function groupOf({ account, region, group }: Resource): string {
  return JSON.stringify([account, region, group]);
}

function policyOf({ quietHours = 0, of }: ReplayedPolicies, host: Resource): ReplayedPolicy {
  return quietHours === 0 ? of(host) : { ...of(host), quietHours };
}

/** From the start of the first inspection's longest window to the end of the last inspection's; undefined where none is due. */
export function spanOf(replay: DistributiveOmit<Replay, 'tenant'>): Span | undefined {
  const { ingestionDelayMs, policies } = replay;
  const due = [...dueTimes(replay)];
  const [first, last = first] = [due[0], due.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const hours = Math.max(...policies.map(({ lookBackHours }) => lookBackHours));
  const { window, ...resolution } = spanEndingBefore(last, ingestionDelayMs, hours, EVALUATED);
  const { start } = spanEndingBefore(first, ingestionDelayMs, hours, EVALUATED).window;
  return { ...resolution, window: { start, end: window.end } };
}

/**
 * Verdicts of hosts that were read together, hour by hour, with the evidence that a run would have: the curves of siblings, the consumers of
 * candidates, and what was deployed.
 */
import { detect } from '../core/detector/detect.ts';
import { fullHostOf } from '../core/detector/full-host.ts';
import type { Knowledge } from '../core/detector/knowledge.ts';
import { compareSiblings, isCandidate } from '../core/inspection/compare-siblings.ts';
import { mayNeedConsumers } from '../core/inspection/consumer-evidence.ts';
import { truncatedTo } from '../core/inspection/window.ts';
import { effectivePolicy } from '../core/model/policy.ts';
import { CONTAINER_MEMORY, PROCESS_MEMORY, type Series } from '../core/model/series.ts';
import type { Verdict } from '../core/model/verdict.ts';
import { type BenchConsumer, type BenchSeries, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { learnedFor } from './replay.ts';

export interface GroupMember {
  readonly series: BenchSeries;
  readonly half: Half;
}

/** Which evidence is given beside a host's own curve. */
export interface Evidence {
  readonly siblings: boolean;
  readonly consumers: boolean;
}

export const ALL_EVIDENCE: Evidence = { siblings: true, consumers: true };

const POLICY = effectivePolicy();
const SECOND_MS = 1000;
const CELL_S = 900;

/** Verdicts by a host's own curve, by host and hour: they are the same whatever the evidence beside it. */
export type OwnVerdicts = Map<string, Verdict>;

/**
 * The verdicts of each member for each of its `windowEnds`.
 *
 * @param own Those of an earlier call for the same members; what it lacks is added to it.
 */
export function groupVerdicts(
  members: readonly GroupMember[],
  evidence: Evidence,
  own: OwnVerdicts = new Map(),
): Verdict[][] {
  const hosts = members.map(hostOf);
  const verdicts = hosts.map((): Verdict[] => []);
  const times = new Set(hosts.flatMap(({ ends }) => ends));
  for (const now of [...times].sort((a, b) => a - b)) {
    const due = [...hosts.entries()].filter(([, { ends }]) => ends.includes(now));
    const found = verdictsAt(
      now,
      due.map(([, host]) => host),
      evidence,
      own,
    );
    for (const [order, [index]] of due.entries()) {
      const verdict = found[order];
      if (verdict !== undefined) verdicts[index]?.push(verdict);
    }
  }
  return verdicts;
}

function hostOf({ series, half }: GroupMember) {
  return {
    series,
    ends: windowEnds(series),
    given: feedable(series, AS_ADAPTERS),
    learned: learnedFor(half),
    consumers: (series.consumers ?? []).map((consumer) => consumerSeries(series, consumer)),
    deployments: deploymentsOf(series),
  };
}

type Host = ReturnType<typeof hostOf>;

/** The members of one hour: each by itself, then candidates with their siblings, then those of them that may need it with their consumers. */
function verdictsAt(now: number, hosts: readonly Host[], evidence: Evidence, own: OwnVerdicts): Verdict[] {
  const comparison = compareSiblings();
  const first = hosts.map((host) => {
    const { series, given, learned, deployments } = host;
    const window = windowOf(given, now, AS_ADAPTERS.hours);
    const resource = series.group === undefined ? window.resource : { ...window.resource, group: series.group };
    const read: Series = { ...window, resource };
    const knowledge: Knowledge = { learned, ...(deployments.length > 0 && { deployments }) };
    const key = `${series.id} at ${now}`;
    const verdict = own.get(key) ?? detect(read, POLICY, knowledge);
    own.set(key, verdict);
    if (evidence.siblings) comparison.add(read, verdict);
    return { host, read, knowledge, verdict };
  });
  return first.map(({ host, read, knowledge, verdict }) => {
    const siblings = evidence.siblings && isCandidate(verdict) ? comparison.of(read.resource) : undefined;
    const compared = siblings === undefined ? knowledge : { ...knowledge, siblings };
    const second = siblings === undefined ? verdict : detect(read, POLICY, compared);
    const hasConsumers = evidence.consumers && host.consumers.length > 0;
    if (!hasConsumers || !mayNeedConsumers(second, fullHostOf(read, second))) return second;
    const consumers = host.consumers.map((one) => truncatedTo(one, read.window));
    return detect(read, POLICY, { ...compared, consumers });
  });
}

/** Means of 15 minutes, as fractions of the host's capacity. */
function consumerSeries({ id, step, v: host }: BenchSeries, { name, kind, v }: BenchConsumer): Series {
  const perCell = CELL_S / step;
  const cells = Array.from({ length: Math.floor(v.length / perCell) }, (_, cell) => {
    const known = v.slice(cell * perCell, (cell + 1) * perCell).filter((value) => value !== null);
    return { cell, mean: known.reduce((sum, value) => sum + value, 0) / known.length };
  }).filter(({ mean }) => !Number.isNaN(mean));
  return {
    kind: 'series',
    resource: { provider: 'local', account: 'bench', region: 'bench', id },
    consumer: { kind, name },
    metric: kind === 'process' ? PROCESS_MEMORY : CONTAINER_MEMORY,
    unit: '1',
    limit: 1,
    statistic: 'average',
    window: { start: 0, end: host.length * step * SECOND_MS },
    periodMs: CELL_S * SECOND_MS,
    times: Float64Array.from(cells, ({ cell }) => cell * CELL_S * SECOND_MS),
    values: Float64Array.from(cells, ({ mean }) => mean / 100),
  };
}

/** On the bench's clock, which begins with the series. */
function deploymentsOf({ start, deployments = [] }: BenchSeries) {
  if (start === undefined) return [];
  return deployments.map(({ time, version }) => ({ time: Date.parse(time) - Date.parse(start), version }));
}

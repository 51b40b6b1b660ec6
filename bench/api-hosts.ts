/** Hosts of the fleet of bench/api-fleet.ts: real verdicts of the detector, of a dozen series. */
import { detect } from '../core/detector/detect.ts';
import type { Attribution, Contribution } from '../core/model/attribution.ts';
import { type Evaluated, isLeaking, type LeakingHost } from '../core/model/inspected-host.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Resource, type Series } from '../core/model/series.ts';
import type { Verdict } from '../core/model/verdict.ts';

const CELL_MS = 900_000;
const CELLS = 400;
const RECENT_MS = 300_000;
const MIB = 2 ** 20;

/** Growth of a cell: hosts that are full within hours, days and weeks. */
const SLOPES = [0.0026, 0.0022, 0.0018, 0.0015, 0.0012, 0.001];
const LEVELS = [0.31, 0.38, 0.44, 0.52, 0.58, 0.67];

/** @param at Its number, by which it is more or less urgent. */
export function leakingHost(resource: Resource, asOf: number, at: number): LeakingHost {
  const host: Evaluated = {
    ...evaluated(resource, asOf, SLOPES[at % SLOPES.length] ?? 0, 0.3),
    recent: recentOf(resource, asOf),
    attribution: attributionOf(asOf, at),
  };
  if (!isLeaking(host)) throw new Error('a host of the bench that should leak does not');
  return host;
}

export function steadyHost(resource: Resource, asOf: number, at: number): Evaluated {
  return evaluated(resource, asOf, 0, LEVELS[at % LEVELS.length] ?? 0);
}

/** By what they follow from: the detector takes a millisecond for each, and there are 100,000. */
const known = new Map<string, { readonly series: Series; readonly verdict: Verdict }>();

function evaluated(resource: Resource, asOf: number, slope: number, level: number): Evaluated {
  const key = `${asOf} ${slope} ${level}`;
  const found = known.get(key) ?? verdictOf(resource, asOf, slope, level);
  known.set(key, found);
  return { kind: 'evaluated', series: { ...found.series, resource }, verdict: found.verdict };
}

function verdictOf(resource: Resource, asOf: number, slope: number, level: number) {
  const start = asOf - CELLS * CELL_MS;
  const times = Float64Array.from({ length: CELLS }, (_, index) => start + index * CELL_MS);
  const values = times.map((_, index) => level + Math.max(0, index - 150) * slope + 0.003 * Math.sin(index * index));
  const series = seriesOf(resource, { start, end: asOf, periodMs: CELL_MS, times, values });
  return { series, verdict: detect(series, DEFAULT_POLICY) };
}

/** Six hours at five minutes, as a finding carries them. */
function recentOf(resource: Resource, asOf: number): Series {
  const start = asOf - 72 * RECENT_MS;
  const times = Float64Array.from({ length: 72 }, (_, index) => start + index * RECENT_MS);
  const values = times.map((_, index) => 0.7 + index * 0.0005 + 0.002 * Math.sin(index * index));
  return seriesOf(resource, { start, end: asOf, periodMs: RECENT_MS, times, values });
}

interface Samples extends Pick<Series, 'periodMs' | 'times' | 'values'> {
  readonly start: number;
  readonly end: number;
}

function seriesOf(resource: Resource, { start, end, ...samples }: Samples): Series {
  const facts = { metric: MEMORY_UTILIZATION, unit: '1', statistic: 'minimum' } as const;
  return { kind: 'series', resource, ...facts, window: { start, end }, ...samples };
}

const PROCESSES = ['java', 'node', 'postgres', 'nginx', 'redis', 'fluentd', 'dockerd', 'sshd', 'cron', 'systemd'];

/** Ten processes that grew, the first by most of it. */
function attributionOf(asOf: number, at: number): Attribution {
  const grown = PROCESSES.map((_, index) => contribution(PROCESSES[(index + at) % 10] ?? '', 900 / (index + 1) ** 2));
  return {
    kind: 'attributed',
    window: { start: asOf - 48 * 3_600_000, end: asOf },
    basis: 'host',
    rise: interval(1400 * MIB),
    consumers: 120,
    grown,
    largest: grown,
    unexplained: { rise: interval(40 * MIB), share: interval(0.04), remainder: 'not_collected' },
  };
}

function contribution(name: string, mebibytes: number): Contribution {
  const rise = mebibytes * MIB;
  const facts = { since: null, restarts: [], collectedFrom: null, collectedUntil: null };
  const [before, after] = [100 * MIB, 100 * MIB + rise];
  return {
    consumer: { kind: 'process', name },
    before,
    after,
    rise: interval(rise),
    share: interval(mebibytes / 1400),
    ...facts,
  };
}

function interval(estimate: number) {
  return { low: estimate * 0.95, estimate, high: estimate * 1.05 };
}

/**
 * `node bench/exhaustion-full-hosts.ts --data DIR` counts full hosts among unmodified and injected ones, and the missed leaks that are found
 * as such, and measures what they cost. It writes bench/results/full-hosts.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fullHostOf } from '../core/detector/full-host.ts';
import { FULL_FROM, FULL_KINDS, type FullKind } from '../core/model/full-host.ts';
import type { Series } from '../core/model/series.ts';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S, isLeak, leaksAt, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import { figure, markdownTable, percent, rounded } from './markdown.ts';
import { evaluate, learnedFor } from './replay.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/exhaustion-full-hosts.ts --data DIR');
  process.exit(2);
}

/** A finding that comes back after so many hours counts again. */
const SILENCE_HOURS = 6;
const WEEK_HOURS = 168;
const UNMODIFIED = ['real-bitbrains', 'real-bitbrains-long', 'real-alibaba'];

/** What was found in a series, hour by hour. */
interface Found {
  readonly series: BenchSeries;
  readonly hours: readonly { readonly now: number; readonly kind: FullKind | null; readonly isFlagged: boolean }[];
}

const { sets, halfOf } = readCorpus(values.data, ['injected', ...UNMODIFIED]);
const found = sets.map((set) => ({ name: set.name, all: set.series.map(foundIn) }));
const [injected, ...unmodified] = found;
const leaks = (injected?.all ?? []).filter(({ series }) =>
  windowEnds(series).some((now) => isLeak(series, now) === true),
);
const healthy = (injected?.all ?? []).filter(({ series }) => series.label === 'healthy');
const missed = leaks.filter((one) => !one.hours.some(({ now, isFlagged }) => isFlagged && leaksAt(one.series, now)));
const cost = costs();

const report = `# Full hosts

Written by \`node bench/exhaustion-full-hosts.ts --data DIR\`: do not edit.

Each host hour by hour. A finding that comes back after ${SILENCE_HOURS} h counts again. Only the first two kinds are findings by default: a host of the
third was full before too, always or on and off.

${markdownTable(
  ['findings per 100 host-weeks', 'hosts', 'host-weeks', ...FULL_KINDS, 'hosts with a finding'],
  [
    ...unmodified.map(({ name, all }) => rowOf(name, all)),
    rowOf(
      'unmodified, all',
      unmodified.flatMap(({ all }) => all),
    ),
    rowOf('injected, healthy', healthy),
    rowOf('injected, leaks', leaks),
  ],
)}

Of ${leaks.length} injected leaks the detector misses ${missed.length} as leaks. Of these ${atTop(missed)} have a sample at the top while they leak, and ${missed.filter(isFound).length} are found as full hosts.
${missed.filter(isFound).length + leaks.length - missed.length} of ${leaks.length} are found as one or the other.

A verdict of 100 hours of minima takes ${rounded(cost.verdict)} ms, and looking for a full host ${rounded(cost.full)} ms more (${percent(cost.full / cost.verdict, 1)}).
`;
writeFileSync(new URL('results/full-hosts.md', import.meta.url), report);
console.log(report);

function foundIn(series: BenchSeries): Found {
  const given = feedable(series, AS_ADAPTERS);
  const hours = windowEnds(series).map((now) => {
    const window = windowOf(given, now, AS_ADAPTERS.hours);
    const touches = window.values.some((value) => value >= FULL_FROM);
    if (!touches && series.label === 'healthy') return { now, kind: null, isFlagged: false };
    const verdict = evaluate(window, learnedFor(halfOf(series)));
    return { now, kind: fullHostOf(window, verdict)?.kind ?? null, isFlagged: verdict.state === 'leaking' };
  });
  return { series, hours };
}

function isFinding(kind: FullKind | null): boolean {
  return kind !== null && kind !== 'steady_full';
}

function isFound({ series, hours }: Found): boolean {
  return hours.some(({ now, kind }) => isFinding(kind) && leaksAt(series, now));
}

function atTop(some: readonly Found[]): number {
  return some.filter(({ series }) =>
    series.v.some((value, index) => (value ?? 0) >= 100 * FULL_FROM && leaksAt(series, index * series.step)),
  ).length;
}

function rowOf(name: string, all: readonly Found[]): string[] {
  const weeks = all.reduce((sum, { hours }) => sum + hours.length, 0) / WEEK_HOURS;
  const counts = FULL_KINDS.map((kind) => all.reduce((sum, one) => sum + episodesOf(one, kind), 0));
  const hosts = all.filter(({ hours }) => hours.some(({ kind }) => isFinding(kind))).length;
  return [
    name,
    String(all.length),
    figure(weeks, 0),
    ...counts.map((count) => figure((100 * count) / weeks, 1)),
    String(hosts),
  ];
}

function episodesOf({ hours }: Found, wanted: FullKind): number {
  let [episodes, last] = [0, Number.NEGATIVE_INFINITY];
  for (const { now, kind } of hours) {
    if (kind !== wanted) continue;
    if (now - last > SILENCE_HOURS * HOUR_S) episodes++;
    last = now;
  }
  return episodes;
}

/** Milliseconds a window, the fastest of some rounds, on unmodified hosts. */
function costs(): { readonly verdict: number; readonly full: number } {
  const hosts = (unmodified[0]?.all ?? []).slice(0, 100);
  const windows = hosts.map(({ series }) =>
    windowOf(feedable(series, AS_ADAPTERS), series.v.length * series.step, AS_ADAPTERS.hours),
  );
  const verdicts = windows.map((window) => ({ window, verdict: evaluate(window) }));
  return {
    verdict: fastest(windows, (window: Series) => evaluate(window)),
    full: fastest(verdicts, ({ window, verdict }) => fullHostOf(window, verdict)),
  };
}

function fastest<T>(given: readonly T[], run: (one: T) => unknown): number {
  const rounds = Array.from({ length: 12 }, () => {
    const started = performance.now();
    for (const one of given) run(one);
    return (performance.now() - started) / given.length;
  });
  return Math.min(...rounds);
}

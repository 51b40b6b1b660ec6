/**
 * `node bench/weeks.ts --data DIR` measures the evidence of weeks: the slow evaluator on made hosts of 30 to 60 days, steady rises of quiet
 * hosts, and recorded hosts hour by hour with and without what their deep reads teach. It writes bench/results/weeks.md. Seeds and hosts
 * are others than those that the table was fitted on.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { detect } from '../core/detector/detect.ts';
import { weeksOutlookOf } from '../core/detector/weeks.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S, isLeak, leaksAt, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import { figure, markdownTable, percent } from './markdown.ts';
import { replayPath } from './path-replay.ts';
import { learnedFor } from './replay.ts';
import { recorded } from './train/bases.ts';
import { ageingRuns } from './weeks-ageing.ts';
import { minimaOf, PER_DAY } from './weeks-bases.ts';
import { weeksVerdicts } from './weeks-replay.ts';
import { weeksSeries } from './weeks-series.ts';
import { dailyEnds, deepReadAt, hourlyMinima, leaksWeeks } from './weeks-windows.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/weeks.ts --data DIR');
  process.exit(2);
}
const directory = values.data;

const DAY_S = 24 * HOUR_S;
const THRESHOLD = DEFAULT_POLICY.threshold;
const PAGES = 0.9;
const SEEDS = [211, 212, 213];
const HOSTS = { leaks: 100, healthy: 300 };
const HOURLY = { seed: 221, hosts: { leaks: 40, healthy: 40 } };
const AGEING = { seeds: [231, 232, 233], count: 100 };
/** Days without a flag after which the next one is a new alarm. */
const SILENCE_DAYS = 2;
/** The same hour by hour, as in detector.md. */
const ALARM_SILENCE_S = 6 * HOUR_S;

const { sets, halfOf } = readCorpus(directory, ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba']);
const pool = sets
  .slice(1)
  .flatMap(({ series }) => series)
  .filter((one) => halfOf(one) === 'held back')
  .map((one) => minimaOf(recorded(one)))
  .filter((base) => base.values.length >= 5 * PER_DAY);
const heldBack = learnedFor('held back');

interface Evaluated {
  readonly series: BenchSeries;
  /** Ends of daily deep reads, and the confidence at each. */
  readonly days: readonly { readonly now: number; readonly confidence: number }[];
}

let milliseconds = 0;
let reads = 0;

function evaluated(series: BenchSeries): Evaluated {
  const minima = hourlyMinima(series);
  const days = dailyEnds(series).map((now) => {
    const read = deepReadAt(minima, now);
    const started = performance.now();
    const confidence = weeksOutlookOf(read)?.confidence ?? 0;
    milliseconds += performance.now() - started;
    reads++;
    return { now, confidence };
  });
  return { series, days };
}

function foundAfter({ series, days }: Evaluated, threshold: number): number {
  const hit = days.find(({ now, confidence }) => confidence >= threshold && leaksAt(series, now));
  return hit === undefined ? Infinity : (hit.now - (series.onset ?? 0)) / DAY_S;
}

interface Alarms {
  readonly alarms: number;
  readonly months: number;
}

function alarmsOf({ series, days }: Evaluated, threshold: number): Alarms {
  const healthy = days.filter(({ now }) => leaksWeeks(series, now) === false);
  const flagged = healthy.filter(({ confidence }) => confidence >= threshold);
  const alarms = flagged.filter(
    ({ now }, index) => now - (flagged[index - 1]?.now ?? -Infinity) > SILENCE_DAYS * DAY_S,
  );
  return { alarms: alarms.length, months: healthy.length / 30 };
}

function weeksRow(name: string, hosts: readonly Evaluated[], threshold: number): string[] {
  const leaks = hosts.filter(({ series }) => series.label === 'leak');
  const delays = leaks.map((one) => foundAfter(one, threshold)).sort((a, b) => a - b);
  const found = delays.filter((delay) => delay < Infinity);
  const alarms = hosts.map((one) => alarmsOf(one, threshold));
  const sum = alarms.reduce((total, one) => total + one.alarms, 0);
  const months = alarms.reduce((total, one) => total + one.months, 0);
  return [
    name,
    `${found.length} of ${leaks.length}`,
    percent(found.length / leaks.length, 0),
    figure(found[found.length >> 1] ?? Number.NaN, 1),
    `${sum} in ${months.toFixed(0)}`,
    figure((sum / months) * 100, 2),
  ];
}

const bySeed = SEEDS.map((seed) =>
  Object.values(weeksSeries(pool, HOSTS, seed))
    .flat()
    .map(evaluated),
);
const all = bySeed.flat();
const shapes = [
  ...new Set(all.filter(({ series }) => series.label === 'leak').map(({ series }) => series.shape)),
].sort();
const BANDS = [
  [0.0, 0.04],
  [0.04, 0.08],
  [0.08, 1],
] as const;
const leaking = all.filter(({ series }) => series.label === 'leak');
const WEEKS_HEAD = ['', 'leaks found', 'share', 'days to the first', 'false in host-months', 'per 100'];

function calibrationRows(): string[][] {
  const windows = all.flatMap(({ series, days }) =>
    days.flatMap(({ now, confidence }) => {
      const leak = leaksWeeks(series, now);
      return leak === null ? [] : [{ leak, confidence }];
    }),
  );
  const leaks = windows.filter(({ leak }) => leak).length;
  const prior = leaks / windows.length;
  // The confidence is meant at the policy's prior: windows are weighed as if so many of them leaked.
  const weight = (leak: boolean) => (leak ? DEFAULT_POLICY.prior / prior : (1 - DEFAULT_POLICY.prior) / (1 - prior));
  const bounds = [0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.01];
  return bounds.slice(1).map((to, index) => {
    const from = bounds[index] ?? 0;
    const some = windows.filter(({ confidence }) => confidence >= from && confidence < to);
    const total = some.reduce((sum, { leak }) => sum + weight(leak), 0);
    const stated = some.reduce((sum, { leak, confidence }) => sum + weight(leak) * confidence, 0) / total;
    const leaky = some.filter(({ leak }) => leak).length * weight(true);
    return [`${from} to ${Math.min(1, to)}`, String(some.length), figure(stated, 2), figure(leaky / total, 2)];
  });
}

interface Paged {
  readonly series: BenchSeries;
  readonly alone: readonly boolean[];
  readonly informed: readonly boolean[];
  readonly pagesAlone: number;
  readonly pagesInformed: number;
}

function hourByHour(series: BenchSeries): Paged {
  const { alone, informed } = weeksVerdicts(series, heldBack);
  const pages = (verdicts: typeof alone) => {
    const received = replayPath(series, verdicts, { recoverAfter: DEFAULT_POLICY.recoverAfter });
    return received.filter(({ pages }) => pages).length;
  };
  const flags = (verdicts: typeof alone) => verdicts.map(({ state }) => state === 'leaking');
  return {
    series,
    alone: flags(alone),
    informed: flags(informed),
    pagesAlone: pages(alone),
    pagesInformed: pages(informed),
  };
}

function lines(name: string): BenchSeries[] {
  const text = gunzipSync(readFileSync(join(directory, `${name}.ndjson.gz`))).toString('utf8');
  const unknown = {
    base: '',
    baseKind: 'recorded',
    label: 'healthy',
    shape: 'none',
    tier: 'none',
    overlays: [],
    onset: null,
  } as const;
  const none = { stop: null, active: [], sat: [], resets: [], evalFrom: DAY_S } as const;
  return text
    .trim()
    .split('\n')
    .map((line): BenchSeries => ({ ...unknown, ...none, ...JSON.parse(line) }));
}

function share(flags: readonly boolean[]): string {
  return percent(flags.filter((flag) => flag).length / flags.length);
}

const recordedWeeks = lines('weeks').map(hourByHour);
const quietSets = ['real-bitbrains-long', 'real-bitbrains'].map((name) => ({
  name,
  hosts: lines(name).map(hourByHour),
}));
const made = Object.values(weeksSeries(pool, HOURLY.hosts, HOURLY.seed))
  .flat()
  .map(hourByHour);
const total = (hosts: readonly Paged[], of: (host: Paged) => number) => hosts.reduce((sum, host) => sum + of(host), 0);

interface Hours {
  leaking: number;
  flagged: number;
  healthy: number;
  alarms: number;
}

/** Adds the hours of one host. */
function count({ series }: Paged, flags: readonly boolean[], hours: Hours): void {
  let last = -Infinity;
  for (const [hour, now] of windowEnds(series).entries()) {
    const leak = leaksWeeks(series, now);
    const flag = flags[hour] === true;
    if (leak === true) hours.leaking++;
    if (leak === true && flag) hours.flagged++;
    if (leak !== false) continue;
    hours.healthy++;
    if (flag && now - last > ALARM_SILENCE_S) hours.alarms++;
    if (flag) last = now;
  }
}

function madeRow(name: string, of: (host: Paged) => readonly boolean[]): string[] {
  const leaks = made.filter(({ series }) => series.label === 'leak');
  const isHit = (host: Paged) =>
    windowEnds(host.series).some((now, hour) => of(host)[hour] === true && leaksAt(host.series, now));
  const hours: Hours = { leaking: 0, flagged: 0, healthy: 0, alarms: 0 };
  for (const host of made) count(host, of(host), hours);
  return [
    name,
    `${leaks.filter(isHit).length} of ${leaks.length}`,
    percent(hours.flagged / hours.leaking),
    figure((hours.alarms / hours.healthy) * 24_000, 1),
  ];
}

function ageingRow(name: string, label: BenchSeries['label'], runs: readonly BenchSeries[]): string[] {
  const some = runs.filter((run) => run.label === label);
  const flagged = some.map((run) => {
    const given = feedable(run, AS_ADAPTERS);
    const verdicts = windowEnds(run)
      .filter((now) => isLeak(run, now) === (label === 'leak'))
      .map((now) => detect(windowOf(given, now, AS_ADAPTERS.hours), DEFAULT_POLICY));
    const own = verdicts.some(
      (one) => one.state !== 'insufficient_data' && (one.evidence.votes[0]?.confidence ?? 0) >= THRESHOLD,
    );
    return { own, voted: verdicts.some(({ state }) => state === 'leaking') };
  });
  return [
    name,
    String(some.length),
    String(flagged.filter(({ own }) => own).length),
    String(flagged.filter(({ voted }) => voted).length),
  ];
}

const ageing = AGEING.seeds.map((seed) => ({ seed, runs: ageingRuns(AGEING.count, seed) }));

const report = `# Growth of weeks

Written by \`node bench/weeks.ts --data DIR\`: do not edit.

## The slow evaluator by itself

Made hosts of 30 to 60 days on recorded hosts that were held back, and on invented ones: weekly habits, monthly jobs, deployments, restarts with
refills, fills, bulges, drifts, nightly batches; in a quarter of them a leak of .02 to .2 percentage points an hour over 10 to 40 days, in
eight shapes. One deep read a day, ${reads} in all. A leak is found when the confidence reaches ${THRESHOLD} while it leaks; days are counted from
its onset. False are alarms (a new one after ${SILENCE_DAYS} days without) where nothing leaks, or where a leak was stopped ten days before.

${markdownTable(WEEKS_HEAD, [
  ...bySeed.map((hosts, index) => weeksRow(`seed ${SEEDS[index]}`, hosts, THRESHOLD)),
  weeksRow(`all, from ${THRESHOLD} on`, all, THRESHOLD),
  weeksRow(`all, from ${PAGES} on`, all, PAGES),
])}

${markdownTable(
  WEEKS_HEAD.slice(0, 4),
  [
    ...BANDS.map(([from, to]) => ({
      name: to > 0.2 ? `${from} points an hour and more` : `${from} to ${to} points an hour`,
      is: (rate: number) => rate >= from && rate < to,
    })).map(({ name, is }) =>
      weeksRow(
        name,
        leaking.filter(({ series }) => is(series.rate ?? 0)),
        THRESHOLD,
      ),
    ),
    ...shapes.map((shape) =>
      weeksRow(
        shape,
        leaking.filter(({ series }) => series.shape === shape),
        THRESHOLD,
      ),
    ),
  ].map((row) => row.slice(0, 4)),
)}

How often it is right, with windows weighed as if ${percent(DEFAULT_POLICY.prior, 0)} of them leaked, which is the policy's prior:

${markdownTable(['confidence', 'windows', 'stated', 'leaking'], calibrationRows())}

A deep read takes ${figure(milliseconds / reads, 2)} ms.

## Hour by hour

Verdicts of each hour as a run has them, without and with what deep reads teach: the outlook of the day before, and a baseline that is
refreshed each week. ${made.length} made hosts of seed ${HOURLY.seed}, half of them leaking for weeks; alarms are counted as in detector.md.

${markdownTable(['', 'leaks found', 'hours flagged while it leaks', 'false alarms per 1,000 host-days'], [madeRow('100 hours alone', ({ alone }) => alone), madeRow('with weeks and baseline', ({ informed }) => informed)])}

Recorded hosts of weeks: m1-6 climbs twice, for 13 and 18 days; the others do not leak. Pages are those of a tenant that sets nothing.

${markdownTable(
  ['', 'pages alone', 'pages with weeks', 'hours flagged alone', 'with weeks'],
  recordedWeeks.map(({ series, alone, informed, pagesAlone, pagesInformed }) => [
    series.id,
    String(pagesAlone),
    String(pagesInformed),
    share(alone),
    share(informed),
  ]),
)}

Unmodified hosts, which are healthy:

${markdownTable(
  ['', 'hosts', 'pages alone', 'pages with weeks', 'hours flagged alone', 'with weeks'],
  quietSets.map(({ name, hosts }) => [
    name,
    String(hosts.length),
    String(total(hosts, ({ pagesAlone }) => pagesAlone)),
    String(total(hosts, ({ pagesInformed }) => pagesInformed)),
    share(hosts.flatMap(({ alone }) => alone)),
    share(hosts.flatMap(({ informed }) => informed)),
  ]),
)}

## Quiet hosts that age

Invented quiet hosts of 50 to 85 hours. Half of them rise by 1 to 3.5 percentage points from their beginning on; something else happens to the
others. No deep read: the vote is that of a steady rise within the window of a run.

${markdownTable(
  ['', 'runs', 'found by the curve', 'with the vote'],
  ageing.flatMap(({ seed, runs }) => [
    ageingRow(`ageing, seed ${seed}`, 'leak', runs),
    ageingRow(`healthy, seed ${seed}`, 'healthy', runs),
  ]),
)}
`;
writeFileSync(new URL('results/weeks.md', import.meta.url), report);
console.log(report);

/**
 * `node bench/cadence.ts --data DIR` measures what an adaptive cadence saves and what it costs, on every labelled series: inspections
 * against those of every hour, how much later findings and pages come, and which are lost. It writes bench/results/cadence.md.
 * `--files a,b` takes other files of the same form, and prints alone.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Kept } from '../core/backtest/compare-cadence.ts';
import { isWatched } from '../core/inspection/cadence.ts';
import type { Evaluated } from '../core/model/inspected-host.ts';
import type { Evidence } from '../core/model/verdict.ts';
import { type Comparison, compare, type EvaluatedHours, evaluateHours, type Rule } from './cadence-replay.ts';
import { MEASURED_ON, readCorpus } from './corpus.ts';
import { figure, markdownTable, percent } from './markdown.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, files: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/cadence.ts --data DIR [--files NAME,NAME]');
  process.exit(2);
}

const HOUR_MS = 3_600_000;

const corpus = readCorpus(values.data, values.files === undefined ? MEASURED_ON : values.files.split(','));
const evaluated = corpus.sets.flatMap(({ name, series }) =>
  series.map((one) => evaluateHours(one, name, corpus.halfOf(one))),
);
const tuning = evaluated.filter(({ half }) => half === 'tuning');
const heldBack = evaluated.filter(({ half }) => half === 'held back');

/** The rule of the product, with other hours. */
function ruleOf(hours: number, name = `every ${hours} h`): Rule {
  return { name, hours, isWatched };
}

/** The rule of the product at four hours, with a condition that is another. */
function variant(
  name: string,
  { confidence = 0.05, level = 0.9, soonHours = 24 }: { confidence?: number; level?: number; soonHours?: number },
): Rule {
  const isSteadyWatched = ({ confidence: found, level: floor, exhaustion }: Evidence, end: number) =>
    found >= confidence ||
    floor >= level ||
    (exhaustion.kind === 'expected' && exhaustion.earliest - end <= soonHours * HOUR_MS);
  const isVariantWatched = ({ series, verdict }: Evaluated) =>
    verdict.state !== 'steady' || isSteadyWatched(verdict.evidence, series.window.end);
  return { name, hours: 4, isWatched: isVariantWatched };
}

const NEVER = Number.POSITIVE_INFINITY;

const VARIANTS: readonly Rule[] = [
  ruleOf(4, 'as it is'),
  variant('watch only what is not steady', { confidence: NEVER, level: NEVER, soonHours: 0 }),
  ...[0.2, 0.1, 0.02, 0.01].map((confidence) => variant(`confidence from ${confidence}`, { confidence })),
  ...[0.8, 0.85, 0.95].map((level) => variant(`full from ${percent(level, 0)}`, { level })),
  variant('no condition of fullness', { level: NEVER }),
  ...[6, 72, 168].map((soonHours) => variant(`full within ${soonHours} h`, { soonHours })),
];

const HEAD = [
  'price of hourly',
  'of healthy hosts',
  'findings',
  'lost',
  'later: median',
  'mean',
  'greatest',
  'pages',
  'lost',
  'gained',
  'later: median',
  'greatest',
  'ends earlier',
  'later',
];

function row(name: string, some: readonly EvaluatedHours[], rule: Rule): string[] {
  const all = compare(some, rule);
  const healthy = compare(
    some.filter(({ series }) => series.label === 'healthy'),
    rule,
  );
  // Every series was replayed once for each hour at which its turn may come.
  const count = (total: number) => figure(total / rule.hours, Number.isInteger(total / rule.hours) ? 0 : 2);
  const events = ({ kept, lost }: Kept) => count(kept + lost);
  const { findings, pages, ends } = all;
  return [
    name,
    price(all),
    price(healthy),
    events(findings),
    count(findings.lost),
    ...[findings.delay?.median, findings.delay?.mean, findings.delay?.greatest].map(hours),
    events(pages),
    count(pages.lost),
    count(pages.gained),
    ...[pages.delay?.median, pages.delay?.greatest].map(hours),
    count(ends.earlier),
    count(ends.later),
  ];
}

function price({ inspections }: Comparison): string {
  return percent(inspections.adaptive / inspections.schedule, 0);
}

function hours(ms: number | undefined): string {
  return ms === undefined ? '–' : `${Number((ms / HOUR_MS).toFixed(2))} h`;
}

function table(first: string, rows: readonly string[][]): string {
  return markdownTable([first, ...HEAD], rows);
}

function byFile(rule: Rule): string {
  const rows = corpus.sets.map(({ name, series }) => {
    const leaks = series.filter(({ label }) => label === 'leak').length;
    const some = evaluated.filter(({ set }) => set === name);
    return row(`${name} (${leaks} leaks + ${series.length - leaks} healthy)`, some, rule);
  });
  return table(rule.name, [...rows, row('all', evaluated, rule)]);
}

const report = `# An adaptive cadence

Written by \`node bench/cadence.ts --data DIR\`: do not edit.

Every series is inspected at each full hour, and again as an adaptive cadence would: a host that its last inspection found steady, clearly
so, and far from its limit is inspected every so many hours; every other host, and one with an open incident, every hour. Figures are means
over all hours at which the turn of a quiet host may come. A finding is the first report of an episode; a page is an \`opened\`. A page is
lost when no page of the cadence is of the same time. Half of the price with nothing lost, and less than an hour later in the median,
was the aim.

The price is the share of inspections. Of these series more leak than of a fleet, and leaking hosts are inspected every hour: the price of
healthy hosts is nearer to a fleet's. The processes are recorded for 18 hours, half of which are too short a history for a verdict.

## By file

\`cadence: adaptive\`, and what a cost cap leads to at last:

${byFile(ruleOf(4))}

What a cost cap leads to at first:

${byFile(ruleOf(2))}

## The held-back half

Hosts that the conditions were not chosen on, evaluated by a table that was learned without them:

${table(
  'quiet hosts',
  [2, 4].map((every) => row(`every ${every} h`, heldBack, ruleOf(every))),
)}

## How the conditions were chosen

On the tuning half, quiet hosts every 4 hours:

${table(
  'watched',
  VARIANTS.map((rule) => row(rule.name, tuning, rule)),
)}

## Price against delay

On the tuning half. More than four hours are not offered: each hour saves less than the one before, and findings are lost.

${table(
  'quiet hosts',
  [1, 2, 3, 4, 6, 8, 12].map((every) => row(`every ${every} h`, tuning, ruleOf(every))),
)}

## Series

${markdownTable(
  ['file', 'series', 'hours', 'sha256'],
  corpus.sets.map(({ name, series, sha256 }) => [
    name,
    String(series.length),
    String(evaluated.filter(({ set }) => set === name).reduce((sum, one) => sum + one.hours.length, 0)),
    sha256.slice(0, 12),
  ]),
)}
`;
if (values.files === undefined) writeFileSync(new URL('results/cadence.md', import.meta.url), report);
console.log(report);

/**
 * `node bench/exhaustion.ts --data DIR` asks how often memory is used up within the times that the detector gives: of each flagged
 * window whose leak goes on for some hours more, as if the capacity were where its floor stands then. It writes
 * bench/results/exhaustion.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clean } from '../detector/clean.ts';
import { exhaustionOf, type Outlook, outlookOf } from '../detector/exhaustion.ts';
import { gridOf } from '../detector/floors.ts';
import { growthOf, LEAST_GROWTH_HOURS } from '../detector/growth.ts';
import { judgeOf } from '../detector/judge.ts';
import { patternOf } from '../detector/pattern.ts';
import { lastStretch } from '../detector/stretch.ts';
import type { Series } from '../model/series.ts';
import { readCorpus } from './corpus.ts';
import { type BenchSeries, HOUR_S, isLeak, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { markdownTable, percent } from './markdown.ts';
import { judge, learnedFor } from './replay.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (values.data === undefined) {
  console.error('usage: node bench/exhaustion.ts --data DIR');
  process.exit(2);
}

const HOURS_AHEAD = [6, 12, 24, 48];
/** What is pinned at the top no longer says how far it would have grown. */
const PINNED = 97;

/** What came after a window in which a leak was told. */
interface Outcome {
  readonly half: Half;
  readonly hours: number;
  readonly fell: 'before the earliest' | 'between' | 'after the latest';
  /** Windows of one series count as one. */
  readonly weight: number;
}

const { sets, halfOf } = readCorpus(values.data, ['injected']);
const outcomes = (sets[0]?.series ?? []).filter(({ label }) => label === 'leak').flatMap(outcomesOf);
const parts: readonly [string, (half: Half) => boolean][] = [
  ['held back', (half) => half === 'held back'],
  ['the others', (half) => half !== 'held back'],
];
const report = `# When memory is used up

Written by \`node bench/exhaustion.ts --data DIR\`: do not edit.

Leaks of injected.ndjson.gz (sha256 ${sets[0]?.sha256.slice(0, 12)}) that were told and went on for some hours more, as if the capacity were
where the floor stood then. By the earliest time one in ten should be used up, by the latest nine in ten. Each series counts as one. How wide
the bounds are was fitted on the others.

${markdownTable(
  ['hours ahead', 'hosts', 'windows', 'before the earliest', 'between', 'after the latest'].flatMap((title, index) =>
    index === 0 ? ['part', title] : [title],
  ),
  parts.flatMap(([name, isIn]) => HOURS_AHEAD.map((hours) => rowOf(name, hours, (one) => isIn(one.half)))),
)}
`;
writeFileSync(new URL('results/exhaustion.md', import.meta.url), report);
console.log(report);

function outcomesOf(series: BenchSeries): Outcome[] {
  const half = halfOf(series);
  const given = feedable(series, AS_ADAPTERS);
  const at = (now: number) => windowOf(given, now, AS_ADAPTERS.hours);
  const told = windowEnds(series).filter((now) => {
    return isLeak(series, now) === true && judge(at(now), learnedFor(half)).state === 'leaking';
  });
  return HOURS_AHEAD.flatMap((hours) => {
    const found = told.flatMap((now) => {
      const then = now + hours * HOUR_S;
      if (!goesOn(series, now, then)) return [];
      const level = outlookAt(at(then), half).level;
      return level > PINNED ? [] : [fellOf(outlookAt(at(now), half), level, hours)];
    });
    return found.map((fell) => ({ half, hours, fell, weight: 1 / found.length }));
  });
}

function goesOn(series: BenchSeries, now: number, then: number): boolean {
  if (then > series.v.length * series.step) return false;
  for (let time = now; time <= then; time += HOUR_S) if (isLeak(series, time) !== true) return false;
  return true;
}

/** What the detector looks at when it says when memory is used up. */
function outlookAt(window: Series, half: Half): Outlook {
  const samples = clean(window);
  if (samples === undefined) throw new Error(`${window.resource.id} cannot be judged`);
  const grid = gridOf(samples, window.window.end);
  const { now } = judgeOf(grid, lastStretch(grid).start, learnedFor(half).model);
  const hours = now.hinge === null ? 0 : now.hourly.length - 1 - now.hinge.knee;
  const growth = growthOf(now.hourly, Math.max(LEAST_GROWTH_HOURS, hours));
  return outlookOf(now, growth, patternOf(now, grid, hours));
}

/** Where it fell that the floor stood at `level` after so many hours. */
function fellOf(outlook: Outlook, level: number, hours: number): Outcome['fell'] {
  const room = level - outlook.level;
  if (room <= 0) return 'after the latest';
  const exhaustion = exhaustionOf({ ...outlook, level: 100 - room }, true, 0);
  if (exhaustion.kind === 'cannot_say') return 'between';
  const after = hours * HOUR_S * 1000;
  if (after < exhaustion.earliest) return 'before the earliest';
  return after > (exhaustion.latest ?? Infinity) ? 'after the latest' : 'between';
}

function rowOf(name: string, hours: number, isIn: (one: Outcome) => boolean): string[] {
  const some = outcomes.filter((one) => isIn(one) && one.hours === hours);
  const all = some.reduce((sum, { weight }) => sum + weight, 0);
  const share = (fell: Outcome['fell']) =>
    percent(some.reduce((sum, one) => sum + (one.fell === fell ? one.weight : 0), 0) / all, 0);
  const falls = (['before the earliest', 'between', 'after the latest'] as const).map(share);
  return [name, String(hours), all.toFixed(0), String(some.length), ...falls];
}

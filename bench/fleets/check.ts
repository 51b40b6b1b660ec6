/** What the detector makes of generated fleets: whether they are as hard as they are to be. */
import { type BenchConsumer, type BenchSeries, isLeak, windowEnds } from '../data.ts';
import { fleetWideEpisodes, isFound } from '../evidence-scores.ts';
import { AS_ADAPTERS } from '../feeds.ts';
import { figure, markdownTable } from '../markdown.ts';
import { learnedFor, replay } from '../replay.ts';
import { type Flags, scoreOf } from '../score.ts';
import type { Fleets } from './fleets.ts';

type FlagsOf = (series: BenchSeries) => readonly boolean[];

/** One row for each way to look at a host. */
export function checkReport({ series, halfOf }: Fleets): string {
  const flagsOfCurve = (one: BenchSeries, v: BenchSeries['v']) =>
    replay({ ...one, v }, AS_ADAPTERS, learnedFor(halfOf(one))).flags;
  const alone = new Map(series.map((one) => [one, flagsOfCurve(one, one.v)]));
  const aloneOf: FlagsOf = (one) => alone.get(one) ?? [];
  const withConsumers = series.filter(({ consumers }) => consumers !== undefined);
  const grouped = series.filter(({ group }) => group !== undefined);
  const byGroup = Map.groupBy(grouped, ({ group = '' }) => group);
  const consumerFlags = new Map(
    withConsumers.map((one) => [
      one,
      (one.consumers ?? []).map((consumer) => ({ consumer, flags: flagsOfCurve(one, consumer.v) })),
    ]),
  );
  const anyOf = (one: BenchSeries, admits: (consumer: BenchConsumer) => boolean) => {
    const own = (consumerFlags.get(one) ?? []).filter(({ consumer }) => admits(consumer));
    return windowEnds(one).map((_, hour) => own.some(({ flags }) => flags[hour] === true));
  };
  const rows: [string, readonly BenchSeries[], FlagsOf][] = [
    ['single hosts', series.filter(({ group }) => group === undefined), aloneOf],
    ['hosts of groups, alone', grouped, aloneOf],
    ['with consumers, host alone', withConsumers, aloneOf],
    ['any consumer', withConsumers, (one) => anyOf(one, () => true)],
    ['the leaker', withConsumers, (one) => anyOf(one, ({ name }) => name === one.leaker)],
    [
      'less the siblings’ median',
      grouped,
      (one) => flagsOfCurve(one, lessMedian(one, byGroup.get(one.group ?? '') ?? [])),
    ],
  ];
  return markdownTable(
    ['', 'leaks / hosts', 'sP', 'sR', 'sF1', 'wF1', 'FA', 'delay h', 'fleet-wide', 'shared found'],
    rows.map(([title, some, flagsOf]) => rowOf(title, some, flagsOf)),
  );
}

function rowOf(title: string, some: readonly BenchSeries[], flagsOf: FlagsOf): string[] {
  const evaluated = some.map((series): Flags => ({ series, ends: windowEnds(series), flags: flagsOf(series) }));
  const score = scoreOf(evaluated);
  const leaks = some.filter(({ label }) => label === 'leak').length;
  const shared = evaluated.filter(
    ({ series, ends }) => series.shared === true && ends.some((now) => isLeak(series, now) === true),
  );
  return [
    title,
    `${leaks} / ${some.length}`,
    figure(score.precision, 2),
    figure(score.recall, 2),
    figure(score.f1, 3),
    figure(score.windowF1, 3),
    figure(score.falseAlarms, 1),
    figure(score.delay, 1),
    String(evaluated.reduce((sum, one) => sum + fleetWideEpisodes(one), 0)),
    `${shared.filter(isFound).length} of ${shared.length}`,
  ];
}

/** The host's curve less the median of its siblings' at each sample, at its own usual level. */
function lessMedian({ v }: BenchSeries, group: readonly BenchSeries[]): (number | null)[] {
  const others = group.filter((one) => one.v !== v);
  const level = 50;
  return v.map((value, index) => {
    const theirs = others.flatMap((one) => one.v[index] ?? []).sort((a, b) => a - b);
    const upper = theirs[theirs.length >> 1];
    const lower = theirs[(theirs.length - 1) >> 1];
    if (value === null || upper === undefined || lower === undefined) return null;
    return Math.min(100, Math.max(0, level + value - (upper + lower) / 2));
  });
}

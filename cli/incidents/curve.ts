/** The curve of an incident, from the facts that its changes keep: what was measured, and when the memory is expected to be full. */

import type { NotificationData, NotificationLeak } from '../../core/model/notification.ts';
import { MEMORY_UTILIZATION, type Series } from '../../core/model/series.ts';
import type { ChartEvent, ChartOptions, Forecast } from '../render/chart.ts';
import type { Described, Story } from './story.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What is older than so much before the newest sample would press the newest growth into a few columns. */
const LONGEST_PAST = 14 * DAY;

export interface Curve {
  readonly series: Series;
  readonly marks: Pick<ChartOptions, 'evaluated' | 'onset' | 'restarts' | 'events' | 'forecast'>;
}

/** Undefined where no change states a leak. */
export function curveOf({ described }: Story): Curve | undefined {
  const newest = described.find(({ body }) => body.data.leak !== undefined);
  const leak = newest?.body.data.leak;
  if (newest === undefined || leak === undefined) return undefined;
  const samples = samplesOf(described, leak);
  const last = samples.at(-1)?.[0] ?? Date.parse(leak.evaluated.end);
  const start = Math.max(
    last - LONGEST_PAST,
    Math.min(Date.parse(leak.evaluated.start), samples[0]?.[0] ?? Number.POSITIVE_INFINITY),
  );
  const isOver = described[0] !== newest && ENDS.has(described[0]?.change.kind ?? '');
  const forecast = isOver ? undefined : forecastOf(leak);
  const end = endOf({ start, last }, forecast);
  const shown = samples.filter(([at]) => at >= start);
  return {
    series: {
      kind: 'series',
      resource: newest.body.data.host,
      metric: MEMORY_UTILIZATION,
      unit: leak.unit,
      statistic: 'average',
      periodMs: periodOf(described),
      window: { start, end },
      times: Float64Array.from(shown, ([at]) => at),
      values: Float64Array.from(shown, ([, value]) => value),
    },
    marks: {
      evaluated: { start: Date.parse(leak.evaluated.start), end: Date.parse(leak.evaluated.end) },
      onset: leak.onset && { start: Date.parse(leak.onset.earliest), end: Date.parse(leak.onset.latest) },
      restarts: (newest.body.data.context?.restarts ?? []).map((at) => Date.parse(at)),
      events: eventsOf(described, newest.body.data, { start, end }),
      ...(forecast && { forecast }),
    },
  };
}

const ENDS: ReadonlySet<string> = new Set(['recovered', 'cleared', 'host_gone']);

/** Samples of all changes in the order of time: each states its last hours, and the level at its end. */
function samplesOf(described: readonly Described[], { unit }: NotificationLeak): [number, number][] {
  const samples = new Map<number, number>();
  for (const { body } of described) {
    const { leak } = body.data;
    if (leak?.unit !== unit) continue;
    const { curve } = leak;
    if (curve === undefined) samples.set(Date.parse(leak.evaluated.end), leak.level);
    curve?.values.forEach((value, index) => {
      if (value !== null) samples.set(Date.parse(curve.start) + index * curve.periodSeconds * 1000, value);
    });
  }
  return [...samples].sort(([a], [b]) => a - b);
}

function periodOf(described: readonly Described[]): number {
  const periods = described.flatMap(({ body }) => body.data.leak?.curve?.periodSeconds ?? []);
  return (periods.length === 0 ? 3600 : Math.max(...periods)) * 1000;
}

/** Only of a share of the limit it is known where it ends. */
function forecastOf({ exhaustion, unit, level, evaluated }: NotificationLeak): Forecast | undefined {
  if (unit !== '1' || exhaustion.kind !== 'expected') return undefined;
  const { earliest, latest } = exhaustion;
  return {
    from: Date.parse(evaluated.end),
    level,
    limit: 1,
    earliest: Date.parse(earliest),
    latest: latest === null ? null : Date.parse(latest),
  };
}

/** The future has at most as much room as the past. */
function endOf({ start, last }: { start: number; last: number }, forecast: Forecast | undefined): number {
  const least = last + 1;
  if (forecast === undefined) return least;
  return Math.max(least, Math.min(last + (last - start), forecast.latest ?? forecast.earliest + DAY));
}

/** What happened, each below the axis; deployments and scaling where the newest message states them. */
function eventsOf(
  described: readonly Described[],
  { leak, context }: NotificationData,
  { start, end }: { readonly start: number; readonly end: number },
): ChartEvent[] {
  const of = (events: readonly { readonly at: string }[] | undefined, sign: string, message: string) =>
    (events ?? []).map(({ at }) => ({ at: Date.parse(at), sign, message }));
  const changes = described.flatMap(({ change: { kind, at } }) => {
    const mark = MARKS[kind];
    return mark === undefined ? [] : [{ at, ...mark }];
  });
  const likely = leak?.exhaustion.kind === 'expected' ? [{ at: leak.exhaustion.likely }] : [];
  const isOver = ENDS.has(described[0]?.change.kind ?? '');
  return [
    ...of(context?.deployments, 'D', 'deployment'),
    ...of(context?.scaling, 'S', 'scaling'),
    ...changes.toReversed(),
    ...(isOver ? [] : of(likely, '◆', 'likely full')),
  ].filter(({ at }) => at >= start && at <= end);
}

const MARKS: Readonly<Record<string, { readonly sign: string; readonly message: string }>> = {
  suspected: { sign: '?', message: 'suspected' },
  opened: { sign: '!', message: 'cycle confirmed' },
  worse: { sign: '+', message: 'worse' },
  recovered: { sign: '○', message: 'cycle ended' },
  cleared: { sign: '○', message: 'cycle ended' },
};

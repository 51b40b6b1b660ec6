/** The curve of an incident as the options of a chart. */
import { curveOf, type IncidentCurve } from '../../core/incidents/curve.ts';
import type { Described, Story } from '../../core/incidents/incident-story.ts';
import { MEMORY_UTILIZATION, type Series } from '../../core/model/series.ts';
import type { ChartEvent, ChartOptions, Forecast } from '../render/chart.ts';

const DAY = 24 * 3_600_000;

export interface ChartedCurve {
  readonly series: Series;
  readonly marks: Pick<ChartOptions, 'evaluated' | 'onset' | 'restarts' | 'events' | 'forecast'>;
}

/** Undefined where no change states a leak. */
export function chartedCurve(story: Story): ChartedCurve | undefined {
  const curve = curveOf(story);
  if (curve === undefined) return undefined;
  const { host, unit, periodMs, start, samples, evaluated, onset, data } = curve;
  const forecast = forecastOf(curve);
  const end = endOf(curve, forecast);
  return {
    series: {
      kind: 'series',
      resource: host,
      metric: MEMORY_UTILIZATION,
      unit,
      statistic: 'average',
      periodMs,
      window: { start, end },
      times: Float64Array.from(samples, ([at]) => at),
      values: Float64Array.from(samples, ([, value]) => value),
    },
    marks: {
      evaluated,
      onset,
      restarts: (data.context?.restarts ?? []).map((at) => Date.parse(at)),
      events: eventsOf(story.described, curve, { start, end }),
      ...(forecast && { forecast }),
    },
  };
}

/** Only of a share of the limit it is known where it ends. */
function forecastOf({ exhaustion, unit, level, evaluated }: IncidentCurve): Forecast | undefined {
  if (unit !== '1' || exhaustion === null) return undefined;
  const { earliest, latest } = exhaustion;
  return { from: evaluated.end, level, limit: 1, earliest, latest };
}

/** The future has at most as much room as the past. */
function endOf({ start, last }: IncidentCurve, forecast: Forecast | undefined): number {
  const least = last + 1;
  if (forecast === undefined) return least;
  return Math.max(least, Math.min(last + (last - start), forecast.latest ?? forecast.earliest + DAY));
}

/** What happened, each below the axis; deployments and scaling where the newest message states them. */
function eventsOf(
  described: readonly Described[],
  { data: { leak, context }, isOver }: IncidentCurve,
  { start, end }: { readonly start: number; readonly end: number },
): ChartEvent[] {
  const of = (events: readonly { readonly at: string }[] | undefined, sign: string, message: string) =>
    (events ?? []).map(({ at }) => ({ at: Date.parse(at), sign, message }));
  const changes = described.flatMap(({ change: { kind, at } }) => {
    const mark = MARKS[kind];
    return mark === undefined ? [] : [{ at, ...mark }];
  });
  const likely = leak?.exhaustion.kind === 'expected' ? [{ at: leak.exhaustion.likely }] : [];
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

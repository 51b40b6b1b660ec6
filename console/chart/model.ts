/** What the chart of a host's memory shows, as numbers: seconds since the epoch, levels in one unit. Nothing here draws. */
import type { HostMemoryView } from '../../api/contract/hosts.ts';
import type { IncidentView } from '../../api/contract/incidents.ts';
import type { CurveView } from '../../api/contract/places.ts';
import type { Unit } from '../../core/model/series.ts';
import { restartByOf } from '../forecast.ts';
import type { LeakFacts } from '../incident-facts.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

export type MarkKind = IncidentView['marks'][number]['kind'];

export interface Mark {
  readonly at: number;
  readonly kind: MarkKind;
  readonly text: string;
}

/** Growth as it was fitted: a line through `level` at `end`. Levels per hour. */
export interface Fit {
  readonly start: number;
  readonly end: number;
  readonly level: number;
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

/** When the limit is reached; null beyond the horizon of a year. */
export interface Forecast {
  readonly earliest: number;
  readonly likely: number | null;
  readonly latest: number | null;
}

export interface ChartModel {
  /** `message`: what the incident's messages kept. `read`: the samples as its cloud has them. */
  readonly source: 'message' | 'read';
  readonly unit: Unit;
  readonly samples: Samples;
  /** Finer samples of the last hours. */
  readonly recent: Samples | null;
  /** All that there is to see, without what is expected. */
  readonly history: Range;
  readonly evaluated: Range | null;
  readonly onset: (Range & { readonly leftCensored: boolean }) | null;
  readonly fit: Fit | null;
  readonly forecast: Forecast | null;
  /** The level at which the memory is full; null where nobody knows it. */
  readonly limit: number | null;
  readonly restartBy: { readonly at: number; readonly window: Range | null } | null;
  readonly cycles: readonly (Range & { readonly cycle: number; readonly ended: string | null })[];
  readonly marks: readonly Mark[];
}

const HOUR_S = 3600;

/** @param memory What was read of the cloud; undefined while that goes on, and where it failed. */
export function chartModel(
  incident: IncidentView,
  leak: LeakFacts | undefined,
  memory: HostMemoryView | undefined,
): ChartModel | undefined {
  const measured = memory !== undefined && memory.samples.times.length > 0 ? ofRead(memory) : ofMessages(incident);
  if (measured === undefined) return undefined;
  const isSameUnit = leak?.unit === measured.unit;
  const isOver = incident.endedAt !== null && incident.status !== 'open' && incident.status !== 'suspected';
  const restartBy = restartByOf(incident, leak);
  return {
    ...measured,
    evaluated: leak === undefined ? null : rangeOf(leak.evaluated),
    onset: leak?.onset ? { ...rangeOf(leak.onset), leftCensored: leak.onset.leftCensored } : null,
    fit: leak !== undefined && isSameUnit ? fitOf(leak) : null,
    forecast: leak?.exhaustion && !isOver ? forecastOf(leak.exhaustion) : null,
    limit: measured.unit === '1' ? 1 : (memory?.limit ?? null),
    restartBy: restartBy && { at: seconds(restartBy.at), window: restartBy.window && rangeOf(restartBy.window) },
    cycles: incident.cycles.map(({ cycle, startedAt, endedAt, ended }) => ({
      cycle,
      ended,
      from: seconds(startedAt),
      to: endedAt === null ? measured.history.to : seconds(endedAt),
    })),
    marks: marksOf(incident, memory),
  };
}

type Measured = Pick<ChartModel, 'source' | 'unit' | 'samples' | 'recent' | 'history'>;

function ofRead({ unit, samples, recent, window, periodSeconds }: HostMemoryView): Measured {
  return {
    source: 'read',
    unit,
    samples: withGaps(samples, periodSeconds),
    recent: recent && withGaps(recent, null),
    history: rangeOf(window),
  };
}

function ofMessages({ curve }: IncidentView): Measured | undefined {
  if (curve === null) return undefined;
  const samples = samplesOfCurve(curve.curve);
  const [first = 0] = samples.times;
  const last = samples.times.at(-1) ?? first;
  const evaluated = curve.evaluated && rangeOf(curve.evaluated);
  const history = { from: Math.min(first, evaluated?.from ?? first), to: Math.max(last, evaluated?.to ?? last) };
  return { source: 'message', unit: curve.unit, samples: joined(samples), recent: null, history };
}

/** A grid keeps what was sent with single messages: between two of them nothing was kept, and the line goes straight. */
function joined({ times, values }: Samples): Samples {
  const known = values.map((value) => value !== null);
  return { times: times.filter((_, index) => known[index]), values: values.filter((value) => value !== null) };
}

export function samplesOfCurve({ start, periodSeconds, values }: CurveView): Samples {
  const from = seconds(start);
  return { times: values.map((_, index) => from + index * periodSeconds), values };
}

/** Samples that are further apart than this many periods are not joined. */
const GAP_PERIODS = 4;

/** @param period Seconds; null: the median distance of the samples. */
export function withGaps({ times, values }: Samples, period: number | null): Samples {
  const step = period ?? medianStep(times);
  const out: { times: number[]; values: (number | null)[] } = { times: [], values: [] };
  times.forEach((time, index) => {
    const before = times[index - 1];
    if (before !== undefined && time - before > GAP_PERIODS * step) {
      out.times.push(before + step);
      out.values.push(null);
    }
    out.times.push(time);
    out.values.push(values[index] ?? null);
  });
  return out;
}

function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? HOUR_S;
}

function fitOf({ asOf, growth, growthHours, evaluated, onset, level }: LeakFacts): Fit {
  const end = seconds(asOf);
  const measuredFrom = growthHours === null ? seconds(onset?.end ?? evaluated.start) : end - growthHours * HOUR_S;
  return { start: Math.min(measuredFrom, end), end, level, ...growth };
}

function forecastOf({ earliest, likely, latest }: NonNullable<LeakFacts['exhaustion']>): Forecast {
  return {
    earliest: seconds(earliest),
    likely: likely === null ? null : seconds(likely),
    latest: latest === null ? null : seconds(latest),
  };
}

function marksOf({ marks }: IncidentView, memory: HostMemoryView | undefined): Mark[] {
  const known = marks.map(({ at, kind, text }) => ({ at: seconds(at), kind, text }));
  const isKnown = (at: number) => known.some((mark) => mark.kind === 'restart' && Math.abs(mark.at - at) < HOUR_S / 2);
  const restarts = (memory?.restarts ?? []).map(seconds).filter((at) => !isKnown(at));
  const found = restarts.map((at): Mark => ({ at, kind: 'restart', text: 'restarted, by its memory' }));
  return [...known, ...found].sort((a, b) => a.at - b.at);
}

export function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

function rangeOf({ start, end }: { readonly start: string; readonly end: string }): Range {
  return { from: seconds(start), to: seconds(end) };
}

/** So much of the past is shown beside what is expected, at the least: a limit in ten days does not press the growth into a corner. */
const MOST_AHEAD = 0.75;

/** What is shown at first: the history, and what is expected as far as it leaves the history readable. */
export function defaultRange({ history, forecast, restartBy, fit }: ChartModel): Range {
  const length = history.to - history.from;
  const expected = Math.max(forecast?.latest ?? forecast?.likely ?? 0, restartBy?.at ?? 0);
  const start = fit?.end ?? history.to;
  const ahead = expected <= start ? 0 : Math.min(expected - start, MOST_AHEAD * length);
  return { from: history.from, to: Math.max(history.to, start + ahead) + length * 0.02 };
}

/** Up to the limit, however far that is. */
export function rangeToLimit({ history, forecast }: ChartModel): Range | undefined {
  const end = forecast?.latest ?? forecast?.likely ?? forecast?.earliest;
  return end === undefined ? undefined : { from: history.from, to: end + (end - history.from) * 0.03 };
}

/** Levels that the vertical axis spans: of the samples within the range, and the limit where growth leads to it or all is shown. */
export function levelRange(model: ChartModel, range: Range, isZoomed: boolean): [low: number, high: number] {
  const shown = valuesWithin(model.samples, range).concat(model.recent ? valuesWithin(model.recent, range) : []);
  const low = shown.length === 0 ? 0 : Math.min(...shown);
  const high = shown.length === 0 ? 1 : Math.max(...shown);
  const reachesLimit = model.forecast !== null && (model.forecast.earliest ?? Number.POSITIVE_INFINITY) < range.to;
  const withLimit = model.limit !== null && (!isZoomed || reachesLimit || high > 0.85 * model.limit);
  const top = withLimit && model.limit !== null ? Math.max(model.limit, high) : high;
  const least = model.unit === '1' ? 0.01 : top * 0.01;
  const room = Math.max(top - low, least) * 0.08;
  return [Math.max(0, low - room), top + room];
}

function valuesWithin({ times, values }: Samples, { from, to }: Range): number[] {
  return values.filter((value, index): value is number => {
    const at = times[index] ?? 0;
    return value !== null && at >= from && at <= to;
  });
}

/** Faults inside an answer that looks good. */
import type { PrometheusFaultKind } from '../wire/faults.ts';
import type { ApiAnswer, Point, QueriedSeries } from './api.ts';

/** A result of series with points, as far as a fault changes it. */
interface Result {
  readonly resultType: 'matrix' | 'vector';
  readonly result: readonly QueriedSeries[];
}

type ChangePoints = (points: readonly Point[]) => readonly Point[];

const onValues = (change: (value: number) => string): ChangePoints => {
  return (points) => points.map(([time, value]) => [time, change(Number(value))]);
};

/** How a fault changes the points of each series that it strikes. */
const POINTS: Partial<Record<PrometheusFaultKind, ChangePoints>> = {
  unordered: (points) => points.toReversed(),
  duplicate_points: (points) => points.flatMap((point) => [point, point]),
  misaligned: (points) => points.map(([time, value]) => [time + 7, value]),
  nan_values: onValues(() => 'NaN'),
  text_values: onValues(() => 'plenty'),
  absurd: onValues((value) => String(10 * value)),
  negative: onValues((value) => String(-1 - value)),
};

/** @param only Values of labels; the series that have one of them are struck. Default: all. */
export function withLie(answer: ApiAnswer, kind: PrometheusFaultKind, only?: readonly string[]): ApiAnswer {
  if (kind === 'wrong_type') return { ...answer, data: { resultType: 'string', result: [0, 'what you requested'] } };
  if (kind === 'partial') return partial(answer);
  const { data } = answer;
  if (!isResult(data)) return answer;
  const isStruck = ({ metric }: QueriedSeries) =>
    only === undefined || Object.values(metric).some((value) => only.includes(value));
  return { ...answer, data: { ...data, result: lied(data.result, kind, isStruck) } };
}

function lied(
  result: readonly QueriedSeries[],
  kind: PrometheusFaultKind,
  isStruck: (series: QueriedSeries) => boolean,
): readonly QueriedSeries[] {
  switch (kind) {
    case 'foreign_series':
      return [...result, ...result.slice(0, 1).map(foreign)];
    case 'duplicate_series':
      return result.flatMap((series) => (isStruck(series) ? [series, series] : [series]));
    default: {
      const change = POINTS[kind];
      return change === undefined
        ? result
        : result.map((series) => (isStruck(series) ? changed(series, change) : series));
    }
  }
}

/** Another host's series, which no selector selects. */
function foreign(series: QueriedSeries): QueriedSeries {
  const metric = Object.fromEntries(Object.keys(series.metric).map((label) => [label, 'foreign']));
  return { ...series, metric: { ...metric, instance: '192.0.2.66:9100' } };
}

function changed({ metric, value, values }: QueriedSeries, change: ChangePoints): QueriedSeries {
  const [single] = value === undefined ? [] : change([value]);
  return { metric, ...(single && { value: single }), ...(values && { values: change(values) }) };
}

/** As Thanos and others answer where a store did not. */
function partial(answer: ApiAnswer): ApiAnswer {
  const { data } = answer;
  const warnings = ['receive series from Addr: 10.0.0.9:10901: rpc error: code = Unavailable'];
  const half = <Entry>(entries: readonly Entry[]) => entries.filter((_, index) => index % 2 === 0);
  if (isResult(data)) return { ...answer, data: { ...data, result: half(data.result) }, warnings };
  return Array.isArray(data) ? { ...answer, data: half(data), warnings } : { ...answer, warnings };
}

function isResult(data: unknown): data is Result {
  return (
    typeof data === 'object' &&
    data !== null &&
    'resultType' in data &&
    (data.resultType === 'matrix' || data.resultType === 'vector')
  );
}

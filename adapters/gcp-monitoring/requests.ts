/** Requests to ListTimeSeries, made from queries: pure. https://cloud.google.com/monitoring/api/v3/filters */
import type { protos } from '@google-cloud/monitoring';
import type { Scope, Span, Statistic, Window } from '../../core/model/series.ts';

type Request = protos.google.monitoring.v3.IListTimeSeriesRequest;
type Aligner = 'ALIGN_MIN' | 'ALIGN_MEAN' | 'ALIGN_MAX' | 'ALIGN_SUM' | 'ALIGN_COUNT' | 'ALIGN_DELTA';

/** A condition of a filter, for example `metric.labels.state = "used"`. */
export type Condition = string;

export interface Query {
  readonly metricType: string;
  /** Absent of a tenant’s own metric, which may be of any. */
  readonly resourceType?: string;
  /** The metric's, as Google documents it: where an answer names a unit, it has to be this one. Absent where any will do. */
  readonly unit?: MetricUnit;
  readonly conditions: readonly Condition[];
  readonly span: Span;
  /** For a counter: what was added in each period, where a counter that was reset adds what it has. Instead of the span's statistic. */
  readonly isDelta?: boolean;
  /** How series with the same fields become one, and which fields stay. Metadata is shown of fields that are named alone. */
  readonly reduction?: { readonly reducer: 'REDUCE_SUM' | 'REDUCE_MEAN'; readonly groupBy: readonly string[] };
  /**
   * Series are reduced minute by minute, and what that gives is then folded over each period: summed, or counted. For
   * series shorter than a period, which a reduction of entire periods would count as if they had lasted throughout.
   */
  readonly minutes?: 'summed' | 'counted';
}

/** UCUM, as Cloud Monitoring writes it; `10^2.%` is a fraction. */
export type MetricUnit = '%' | '10^2.%' | '1' | 'By';

/** Points in one page: the service's limit, and its default. */
export const MAX_POINTS = 100_000;

/** Texts in one `one_of`: the service's limit. */
export const MAX_ALTERNATIVES = 100;

const ALIGNERS: Readonly<Record<Statistic, Aligner>> = {
  average: 'ALIGN_MEAN',
  minimum: 'ALIGN_MIN',
  maximum: 'ALIGN_MAX',
};

/** The shortest period that the service aligns to, and how often agents and clusters sample. */
const MINUTE_SECONDS = 60;

const FOLDS: Readonly<Record<NonNullable<Query['minutes']>, Aligner>> = { summed: 'ALIGN_SUM', counted: 'ALIGN_COUNT' };

export function requestFor({ account }: Scope, query: Query): Request {
  const { metricType, resourceType, conditions, span, reduction, minutes, isDelta = false } = query;
  const period = { seconds: span.periodMs / 1000 };
  const filter = [
    is('metric.type', metricType),
    ...(resourceType === undefined ? [] : [is('resource.type', resourceType)]),
    // A project's metrics scope may show other projects too: they are accounts of their own.
    is('project', account),
    ...conditions,
  ];
  return {
    name: `projects/${account}`,
    filter: filter.join(' AND '),
    interval: intervalOf(span.window),
    aggregation: {
      alignmentPeriod: minutes ? { seconds: MINUTE_SECONDS } : period,
      perSeriesAligner: isDelta ? 'ALIGN_DELTA' : ALIGNERS[span.statistic],
      ...(reduction && { crossSeriesReducer: reduction.reducer, groupByFields: [...reduction.groupBy] }),
    },
    ...(minutes && { secondaryAggregation: { alignmentPeriod: period, perSeriesAligner: FOLDS[minutes] } }),
    view: 'FULL',
    pageSize: MAX_POINTS,
  };
}

export function is(selector: string, text: string): Condition {
  return `${selector} = ${quoted(text)}`;
}

export function isOneOf(selector: string, texts: readonly string[]): Condition {
  return `${selector} = one_of(${texts.map(quoted).join(',')})`;
}

/** @param pattern A regular expression of RE2, which the entire text has to match. */
export function isMatch(selector: string, pattern: string): Condition {
  return `${selector} = monitoring.regex.full_match(${quoted(pattern)})`;
}

export function isNot(selector: string, text: string): Condition {
  return `NOT ${is(selector, text)}`;
}

/** Of clusters, which are in a region or in one of its zones. */
export function isLocatedIn(region: string): Condition {
  return isMatch('resource.labels.location', `${region}(-.+)?`);
}

/** A zone's name is its region's, a dash and one more character: the dash keeps europe-west1 apart from europe-west10. */
export function isInRegion(region: string): Condition {
  return `resource.labels.zone = starts_with(${quoted(`${region}-`)})`;
}

/**
 * Cloud Monitoring's intervals hold their end and not their start, so that a period is known by its end. A sample at the very
 * start of a period is counted to the one before: no matter, as agents sample every minute.
 */
function intervalOf({ start, end }: Window) {
  return { startTime: { seconds: start / 1000 }, endTime: { seconds: end / 1000 } };
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

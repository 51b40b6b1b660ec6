/** The series that one query gives, page after page, each with the labels of its host. */

import { parseInput } from '../../core/model/issues.ts';
import type { Failure } from '../reading/failure.ts';
import type { FailedPage } from '../reading/paginate.ts';
import { type Head, headSchema, type SeriesPage } from './answers.ts';
import { incompleteness, malformed, pagesOf, type RequestContext, undocumented } from './pages.ts';
import type { Query } from './requests.ts';

/** One page's part of a series, of which only the labels are checked, or why the listing is not complete. */
export type ListedSeries = { readonly kind: 'series'; readonly head: Head; readonly series: unknown } | FailedPage;

/** A failure does not mean the end: what else there is still comes. */
export async function* listSeries(context: RequestContext, query: Query): AsyncGenerator<ListedSeries> {
  for await (const answer of pagesOf(context, query)) {
    if (answer.kind === 'failed') yield answer;
    else yield* seriesIn(answer.page, query);
  }
}

/** The series of one page, and why there may be others. */
export function* seriesIn(page: SeriesPage, query: Query): Generator<ListedSeries> {
  const incomplete = incompleteness(page);
  if (incomplete) yield { kind: 'failed', failure: incomplete };
  const wrongUnit = unitFault(page, query);
  if (wrongUnit) {
    yield { kind: 'failed', failure: wrongUnit };
    return;
  }
  for (const series of page.timeSeries) {
    const head = parseInput(headSchema, series);
    yield head.success
      ? { kind: 'series', head: head.data, series }
      : { kind: 'failed', failure: malformed(head.error) };
  }
}

/** The units of an answer that names none. */
const UNREPORTED: readonly string[] = ['', '{not_a_unit}'];

function unitFault({ unit }: SeriesPage, { unit: expected, minutes }: Query): Failure | undefined {
  const isAny = minutes === 'counted' || expected === undefined;
  return isAny || unit === expected || UNREPORTED.includes(unit)
    ? undefined
    : undocumented(`the values are in ${unit} and not in ${expected}`);
}

/** The same listing without the failure that no agent has written the metric yet: until then a project does not have it. */
export async function* listSeriesIfAny(context: RequestContext, query: Query): AsyncGenerator<ListedSeries> {
  for await (const listed of listSeries(context, query)) {
    if (listed.kind === 'series' || listed.failure.reason !== 'not_found') yield listed;
  }
}

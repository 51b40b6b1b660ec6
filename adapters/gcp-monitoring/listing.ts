/** The series of one question to Cloud Monitoring, page after page, each with whose it is. */
import type { Failure } from '../reading/failure.ts';
import { type Head, headSchema, type Page } from './answers.ts';
import { incompleteness, malformed, pagesOf, type RequestContext, undocumented } from './pages.ts';
import type { Query } from './requests.ts';

/** One page's part of a series, not looked at but for its labels, or why the listing is not whole. */
export type Listed =
  | { readonly kind: 'series'; readonly head: Head; readonly series: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause?: unknown };

/** A failure does not mean the end: what else there is still comes. */
export async function* listSeries(context: RequestContext, query: Query): AsyncGenerator<Listed> {
  for await (const answer of pagesOf(context, query)) {
    if (answer.kind === 'failed') {
      yield answer;
      continue;
    }
    const incomplete = incompleteness(answer.page);
    if (incomplete) yield { kind: 'failed', failure: incomplete };
    const wrongUnit = unitFault(answer.page, query);
    if (wrongUnit) {
      yield { kind: 'failed', failure: wrongUnit };
      continue;
    }
    for (const series of answer.page.timeSeries) {
      const head = headSchema.safeParse(series);
      yield head.success
        ? { kind: 'series', head: head.data, series }
        : { kind: 'failed', failure: malformed(head.error) };
    }
  }
}

/** How an answer says that it tells no unit. */
const UNREPORTED: readonly string[] = ['', '{not_a_unit}'];

function unitFault({ unit }: Page, { unit: expected, minutes }: Query): Failure | undefined {
  const counted = minutes === 'counted';
  return counted || unit === expected || UNREPORTED.includes(unit)
    ? undefined
    : undocumented(`the values are in ${unit} and not in ${expected}`);
}

/** The same listing without the failure that no agent has written the metric yet: until then a project does not have it. */
export async function* listSeriesIfAny(context: RequestContext, query: Query): AsyncGenerator<Listed> {
  for await (const listed of listSeries(context, query)) {
    if (listed.kind === 'series' || listed.failure.reason !== 'not_found') yield listed;
  }
}

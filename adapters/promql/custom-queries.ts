/**
 * Expressions of an owner's own, instead of those for known exporters: checked before they are sent, and read as they are. `$period`
 * stands for the period (`15m`), and `$statistic` for how it is folded (`min`, `avg` or `max`):
 * `$statistic_over_time(app_memory_bytes[$period])`. A range of `[$period]` is moved by the millisecond that makes it the period.
 */
import type { Resource, Scope, Span, Statistic } from '../../core/model/series.ts';
import { SourceError } from '../../core/ports/errors.ts';
import type { QueryCheck } from '../../core/ports/query-check.ts';
import type { Labels } from './answers.ts';
import { duration, range } from './expressions.ts';
import { isId, isName, type KnownHost, keyOf, valuesOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';
import { vectorIssue } from './syntax.ts';

export interface CustomQuery {
  readonly kind: 'machine' | 'container';
  /** Used memory in bytes. */
  readonly used: string;
  /** Its limit in bytes, with the same labels. */
  readonly limit?: string | undefined;
  readonly labels: {
    /** Those that make the id of a host, in this order. */
    readonly id: readonly string[];
    readonly name?: string | undefined;
    readonly group?: string | undefined;
    /** Further labels that a host keeps. */
    readonly keep?: readonly string[] | undefined;
  };
}

const FOLDS: Readonly<Record<Statistic, string>> = { minimum: 'min', average: 'avg', maximum: 'max' };

/** What hosts are listed by: the period of an evaluation, and any fold. */
const LISTED = { periodMs: 900_000, statistic: 'average' } as const;

export function customSamples({ used }: CustomQuery, span: Pick<Span, 'periodMs' | 'statistic'>): string {
  return filledIn(used, span);
}

export function customListed(expression: string): string {
  return filledIn(expression, LISTED);
}

function filledIn(expression: string, { periodMs, statistic }: Pick<Span, 'periodMs' | 'statistic'>): string {
  return withPeriod(expression, periodMs, FOLDS[statistic]);
}

/** @param fold What `$statistic` stands for: `min`. */
export function withPeriod(expression: string, periodMs: number, fold: string): string {
  return expression
    .replaceAll(/\[\s*\$period\s*\](?!\s*(?:offset|@))/g, range(periodMs))
    .replaceAll('$period', duration(periodMs))
    .replaceAll('$statistic', fold);
}

/** The first word of the names of sources and lists that are a config's own. */
export const CUSTOM_SOURCE = 'query';

function customKey(index: number): string {
  return `${CUSTOM_SOURCE} ${index}`;
}

/** For whoever accepts a config. */
export const customQueryIssue: QueryCheck = ({ used, limit }) => {
  const issue = vectorIssue(customListed(used));
  if (issue !== undefined) return { field: 'used', message: issue };
  const ofLimit = limit === undefined ? undefined : vectorIssue(customListed(limit));
  return ofLimit === undefined ? undefined : { field: 'limit', message: ofLimit };
};

/** Throws `SourceError` for a query that no server would take. */
export function requireSyntax(queries: readonly CustomQuery[]): void {
  for (const [index, query] of queries.entries()) {
    const issue = customQueryIssue(query);
    if (issue === undefined) continue;
    const { field, message } = issue;
    throw new SourceError(`queries[${index}].${field} ${message}`, { reason: 'malformed', retryable: false });
  }
}

/** What was listed of one query: its series in the window, and their limits. */
export interface CustomListed {
  readonly index: number;
  readonly query: CustomQuery;
  readonly used: readonly SeriesEntry[];
  readonly limits: readonly SeriesEntry[];
}

/** Points in which hosts are looked for over the window. */
const LOOKS = 8;

/**
 * The window of these points, and the milliseconds between two of them, a multiple of the period. They go backwards from the end, so that
 * the last is what is live.
 */
export function looksOf({ start, end }: Span['window']): { readonly window: Span['window']; readonly everyMs: number } {
  const everyMs = Math.max(1, Math.ceil((end - start) / LOOKS / LISTED.periodMs)) * LISTED.periodMs;
  return { window: { start: end - Math.ceil((end - start) / everyMs) * everyMs, end }, everyMs };
}

/** Pure. Nobody knows whether what stopped is gone, so that all of it is expected to report. */
export function customHosts(listed: CustomListed, scope: Scope): KnownHost[] {
  const { index, query, used, limits } = listed;
  const limitOf = new Map(
    limits.flatMap(({ labels, value = 0 }) =>
      value > 0 ? [[keyOf(valuesOf(labels, query.labels.id)), value] as const] : [],
    ),
  );
  const hosts = new Map<string, KnownHost>();
  for (const { labels } of used) {
    const at = valuesOf(labels, query.labels.id);
    const resource = resourceOf(query, labels, scope);
    const limit = limitOf.get(keyOf(at));
    if (!isId(resource.id)) continue;
    const source = customKey(index);
    hosts.set(resource.id, { resource, source, at, names: [''], state: 'live', ...(limit !== undefined && { limit }) });
  }
  return [...hosts.values()];
}

function resourceOf({ kind, labels: names }: CustomQuery, labels: Labels, scope: Scope): Resource {
  const name = names.name === undefined ? undefined : labels[names.name];
  const group = names.group === undefined ? undefined : labels[names.group];
  const kept = [...names.id, ...(names.keep ?? [])].filter((label) => isName(labels[label]));
  return {
    ...scope,
    id: valuesOf(labels, names.id).filter(Boolean).join('/'),
    ...(kind === 'container' && { kind }),
    ...(isName(name) && { name }),
    ...(isName(group) && { group }),
    labels: Object.fromEntries(kept.map((label) => [label, (labels[label] ?? '').slice(0, 128)])),
  };
}

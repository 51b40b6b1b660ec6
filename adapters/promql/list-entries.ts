/** The entries of lists: series as JSON that another invocation reads back, and what could not be read of them. */
import * as z from 'zod';
import { parseInput } from '../../core/model/issues.ts';
import type { Failure } from '../reading/failure.ts';
import type { ListedEntries } from '../reading/host-list.ts';
import { instantSchema, rangeSchema } from './answers.ts';
import { undocumented } from './errors.ts';
import { parseNumber } from './points.ts';
import { seriesFault } from './series-text.ts';

/** A series: its labels, and its value where one is of interest and finite. */
const seriesEntrySchema = z.strictObject({
  labels: z.record(z.string(), z.string()).readonly(),
  value: z.number().exactOptional(),
});

/** Or what is wrong with one that was listed. */
export const listedEntrySchema = z.union([
  seriesEntrySchema.readonly(),
  z.strictObject({ malformed: z.string() }).readonly(),
]);

export type ListedEntry = z.output<typeof listedEntrySchema>;
export type SeriesEntry = Readonly<z.output<typeof seriesEntrySchema>>;

/** Of an instant query. */
export function valueEntry(series: unknown): ListedEntry {
  const { data, error } = parseInput(instantSchema, series);
  if (error) return malformed(series, error);
  const value = parseNumber(data.value[1]);
  if (value === undefined) return { malformed: undocumented('a value is no number').detail };
  return { labels: data.metric, ...(Number.isFinite(value) && { value }) };
}

/** Of a range query, whose points are of no interest. */
export function rangeEntry(series: unknown): ListedEntry {
  const { data, error } = parseInput(rangeSchema, series);
  return error ? malformed(series, error) : { labels: data.metric };
}

function malformed(series: unknown, error: z.ZodError): ListedEntry {
  return { malformed: undocumented(seriesFault(series, error)).detail };
}

export type ListedLists = ReadonlyMap<string, ListedEntries<ListedEntry>>;

/** The series of a list; none where it was not listed. */
export function seriesOf(lists: ListedLists, name: string): readonly SeriesEntry[] {
  return (lists.get(name)?.entries ?? []).filter((entry) => 'labels' in entry);
}

/** Why a list may lack some: it ended early, or an entry of it is malformed. Undefined where it is complete. */
export function faultOf(lists: ListedLists, name: string): Pick<Failure, 'reason' | 'detail'> | undefined {
  const list = lists.get(name);
  if (list?.failure !== undefined) return list.failure;
  const found = list?.entries.flatMap((entry) => ('malformed' in entry ? [entry.malformed] : [])) ?? [];
  const [first] = found.sort();
  return first === undefined ? undefined : { reason: 'malformed', detail: first };
}

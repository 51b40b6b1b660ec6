/** Lists by time: entries of the index `incidents`, and pages of them with cursors. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { hashOf } from './keys.ts';
import type { RawItem, Table } from './table.ts';

/** Entries that one answer has. */
const PAGE_SIZE = 200;

/** Entries that a page looks at: with a filter that matches nothing it has to end as well. */
const MOST_LOOKED_AT = 2_000;

/** The latest time that a date has. */
const LAST = 8.64e15;

/** Where an entry stands in its list: its time, and what is the same for the same entry. */
export function positionOf(at: number, id: string): string {
  return `${timeText(at)}#${hashOf(id)}`;
}

/** What positions from this time on are not before. */
function timeText(at: number): string {
  return new Date(Math.min(LAST, Math.max(0, at)) || 0).toISOString();
}

const cursorSchema = z
  .string()
  .max(100)
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .pipe(z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{32}$/, 'must be the cursor of a page'));

/** The position that a cursor names; of no tenant. Throws `InvalidInputError`. */
export function positionAt(cursor: string): string {
  const parsed = parseInput(cursorSchema, cursor);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError('The cursor', describeIssues(parsed.error));
}

export interface Bounds {
  /** Epoch milliseconds: from the first on, and before the second. */
  readonly from?: number;
  readonly to?: number;
  readonly cursor?: string;
}

/** An entry with its position. */
interface Entry {
  readonly item: RawItem;
  readonly position: string;
}

/** Entries of one partition of the index, the latest first. */
export async function* latestOf(table: Table, partition: string, { from, to, cursor }: Bounds): AsyncGenerator<Entry> {
  const ends = [cursor !== undefined && positionAt(cursor), to !== undefined && timeText(to)].filter(
    (end) => typeof end === 'string',
  );
  const [before] = ends.sort();
  const lookup = { index: 'incidents', partition, descending: true, pageSize: PAGE_SIZE } as const;
  for await (const page of table.pages({ ...lookup, ...(before !== undefined && { before }) })) {
    for (const item of page) {
      const position = String(item['listAt']);
      if (from !== undefined && position < timeText(from)) return;
      yield { item, position };
    }
  }
}

/** Entries of several lists together, the latest first. */
export async function* merged(lists: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const next = async (list: AsyncGenerator<Entry>) => {
    const { done, value } = await list.next();
    return done ? [] : [{ list, value }];
  };
  const heads = (await Promise.all(lists.map(next))).flat();
  while (heads.length > 0) {
    heads.sort((a, b) => (a.value.position < b.value.position ? 1 : -1));
    const [latest] = heads.splice(0, 1);
    if (latest === undefined) return;
    yield latest.value;
    heads.push(...(await next(latest.list)));
  }
}

/** The first entries that have a value. @param valueIn Undefined of an entry that is passed over. */
export async function pageOf<Value>(
  entries: AsyncIterable<Entry>,
  limit: number,
  valueIn: (item: RawItem) => Value | undefined,
): Promise<{ readonly values: readonly Value[]; readonly cursor: string | null }> {
  const values: Value[] = [];
  let lookedAt = 0;
  let last = '';
  for await (const { item, position } of entries) {
    if (values.length >= limit || lookedAt >= MOST_LOOKED_AT)
      return { values, cursor: Buffer.from(last).toString('base64url') };
    const value = valueIn(item);
    if (value !== undefined) values.push(value);
    lookedAt++;
    last = position;
  }
  return { values, cursor: null };
}

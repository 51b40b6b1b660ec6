/** A page of hosts, from as few objects as it takes: heads, which are kept, and the shards of the regions whose steady hosts it shows. */
import { scopeText } from '../../core/messages/locations.ts';
import type { ResultLine } from '../../core/model/result-line.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { Call } from '../call.ts';
import type { TenantPorts } from '../ports.ts';
import { type HostLine, isHostLine } from '../views/host.ts';
import type { KeptHead } from './heads.ts';
import {
  comparePositions,
  createHostPage,
  type HostPage,
  hostCursor,
  type Position,
  regionPosition,
} from './host-lines.ts';
import { failuresOf, type Region } from './regions.ts';
import { createShardReader, type ShardReader } from './shard-lines.ts';

type Query = Call<'listHosts'>['query'];

export interface HostListing extends Omit<HostPage, 'total'> {
  /** Null where hosts would have to be read to be counted. */
  readonly total: number | null;
  /** What could not be read, in words. */
  readonly failures: string[];
}

interface Reading {
  readonly query: Query;
  readonly after: Position | undefined;
  readonly linesOf: ShardReader;
  readonly page: ReturnType<typeof createHostPage>;
  readonly failures: string[];
}

type CompleteRegion = Region & { readonly kept: KeptHead };

const TOO_MANY = 'Name an account or a region.';

/** Throws `StoreError`, a 400 where the cursor is none, and a 422 where too many shards would have to be read. */
export async function readHosts(
  query: Query,
  regions: readonly Region[],
  results: Pick<TenantPorts['results'], 'shard'>,
): Promise<HostListing> {
  const after = query.cursor === undefined ? undefined : hostCursor.decode(query.cursor);
  const failures = failuresOf(regions.filter(({ run, kept }) => run.kind === 'missing' || kept !== undefined));
  const linesOf = createShardReader(results, TOO_MANY);
  const reading: Reading = { query, after, linesOf, page: createHostPage(query.limit, after), failures };
  const isWanted = filterOf(query);
  for (const region of regions) {
    if (!isComplete(region)) await readShards(region, isWanted, reading);
    else for (const line of region.kept.head.lines) if (isHostLine(line) && isWanted(line)) reading.page.add(line);
  }
  const unread = wantsSteady(query) ? await readSteady(regions.filter(isComplete), reading) : 0;
  const { total, ...page } = reading.page.end();
  return { ...page, total: unread === null ? null : total + unread, failures };
}

/**
 * Steady hosts come last, region by region: they are read until the page is full.
 *
 * @returns How many were not read; null where it is not known how many of those are wanted.
 */
async function readSteady(regions: readonly CompleteRegion[], reading: Reading): Promise<number | null> {
  const { query, after, page } = reading;
  const isWanted = filterOf(query);
  const ordered = regions.toSorted((a, b) => comparePositions(regionPosition(a.scope), regionPosition(b.scope)));
  let unread = 0;
  for (const [index, region] of ordered.entries()) {
    const next = ordered[index + 1];
    const isBefore = after !== undefined && next && comparePositions(regionPosition(next.scope), after) <= 0;
    if (isBefore || page.isFull()) unread += region.run.summary?.verdicts.steady ?? 0;
    else await readShards(region, (line) => line.verdict === 'steady' && isWanted(line), reading);
  }
  return unread > 0 && (query.group !== undefined || query.text !== undefined) ? null : unread;
}

/** Whether the head has every host that is not steady. */
function isComplete(region: Region): region is CompleteRegion {
  return region.kept !== undefined && region.kept.head.omitted === 0;
}

type IsWanted = (line: HostLine) => boolean;

async function readShards({ run, scope }: Region, isWanted: IsWanted, { linesOf, page, failures }: Reading) {
  if (run.kind === 'missing') return;
  try {
    for await (const line of linesOf(run)) if (isWanted(line)) page.add(line);
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    failures.push(`${scopeText(scope)}: some of its results cannot be read back`);
  }
}

/** A steady host has no grade. */
function wantsSteady({ verdict, grade }: Query): boolean {
  return grade === undefined && (verdict?.includes('steady') ?? false);
}

function filterOf({ group, verdict, grade, text }: Query): (line: ResultLine & HostLine) => boolean {
  const typed = text?.toLowerCase();
  return (line) =>
    (verdict === undefined ? line.verdict !== 'steady' : verdict.includes(line.verdict)) &&
    (group === undefined || line.group === group) &&
    (grade === undefined || (line.grade !== null && grade.includes(line.grade))) &&
    (typed === undefined ||
      [line.host, line.name, line.group].some((name) => name?.toLowerCase().includes(typed) === true));
}

/**
 * Merges the results of days that are over, so that a query opens one object an account and region and not one an hour. What time runs out
 * for is left to the next day; tenants take turns at being the first.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { ConfigStore } from '../ports/config-store.ts';
import { StoreError } from '../ports/errors.ts';
import type { ArchivedObject, DayFolder, ResultsArchive } from '../ports/results-archive.ts';
import { type Compaction, compactFolder, RESERVE_MS } from './compact-folder.ts';

/** Most compressed bytes of the pieces of one object: some 100 MB of text, which one reader of a query gets through in seconds. */
const MOST_OBJECT_BYTES = 8 * 1024 * 1024;

/** Days that are looked at, yesterday the first: a message is tried again for four days, and may write a part of a day that is merged. */
const DAYS = 4;

/** Tenants at the same time, most of which have nothing to be merged. */
const TENANTS_AT_ONCE = 4;

/** Accounts and regions at the same time: with the reads of each at most as many as the client has connections. */
const FOLDERS_AT_ONCE = 6;

const DAY_MS = 24 * 3_600_000;

export interface CompactionPorts {
  readonly archive: ResultsArchive;
  readonly configs: Pick<ConfigStore, 'get'>;
}

export interface CompactionDeadline {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

export interface CompactionReport {
  /** Accounts and regions, counted for each day, of which something was merged or deleted. */
  readonly compacted: number;
  /** Objects that were merged into others. */
  readonly merged: number;
  /** Accounts and regions that are left to the next time, because time ran out or somebody else is at work on them. */
  readonly left: number;
  /** Tenants of which not every day was listed, because time ran out. */
  readonly tenantsLeft: number;
  readonly failures: readonly CompactionFailure[];
}

export interface CompactionFailure {
  readonly tenant: string | null;
  readonly error: Error;
}

/**
 * Merges what there is of the last days. Tenants without a config are passed over: their results are about to be removed, and nothing may
 * write them again. Nothing is thrown: what failed is in the report, and is tried again the next time.
 */
export async function compactResults(
  { archive, configs }: CompactionPorts,
  { now, remainingMs }: CompactionDeadline,
  mostBytes = MOST_OBJECT_BYTES,
): Promise<CompactionReport> {
  const tally = createTally();
  const limit = pLimit(FOLDERS_AT_ONCE);
  const compaction = { archive, mostBytes, remainingMs, limit, tally };
  try {
    const tenants = inTurn(await Array.fromAsync(archive.tenants()), now);
    await pLimit(TENANTS_AT_ONCE).map(tenants, async (tenant) => {
      try {
        if (isOver(remainingMs)) tally.leaveTenant();
        else if ((await configs.get(tenant)) !== undefined) await compactTenant(compaction, tenant, now);
      } catch (error) {
        tally.fail(tenant, error);
      }
    });
  } catch (error) {
    tally.fail(null, error);
  }
  return tally.report();
}

interface TenantCompaction extends Compaction {
  readonly limit: LimitFunction;
  readonly tally: CompactionTally;
}

async function compactTenant(compaction: TenantCompaction, tenant: string, now: number): Promise<void> {
  const { archive, remainingMs, limit, tally } = compaction;
  for (const day of daysBefore(now)) {
    const begun: Promise<void>[] = [];
    try {
      for await (const { folder, objects } of archive.folders(tenant, day)) {
        begun.push(limit(compactOne, compaction, folder, objects));
        if (isOver(remainingMs)) break;
      }
    } finally {
      await Promise.all(begun);
    }
    if (isOver(remainingMs)) return tally.leaveTenant();
  }
}

async function compactOne(
  compaction: TenantCompaction,
  folder: DayFolder,
  objects: readonly ArchivedObject[],
): Promise<void> {
  const { tally, remainingMs } = compaction;
  try {
    const outcome = isOver(remainingMs)
      ? ({ kind: 'left' } as const)
      : await compactFolder(compaction, folder, objects);
    if (outcome.kind === 'left') tally.leaveFolder();
    if (outcome.kind === 'compacted') tally.add(outcome.merged);
  } catch (error) {
    tally.fail(folder.tenant, error);
  }
}

function isOver(remainingMs: () => number): boolean {
  return remainingMs() < RESERVE_MS;
}

/** The oldest first: it is deleted the soonest from what is looked at. */
function daysBefore(now: number): string[] {
  return Array.from({ length: DAYS }, (_, index) => new Date(now - (DAYS - index) * DAY_MS).toISOString().slice(0, 10));
}

/**
 * Each day another tenant is the first, a quarter of them further than the day before: where a quarter can be done in a day, each is reached
 * while its days are looked at. Where less can be done, the quarters begin elsewhere after four days, so that none is always left.
 */
function inTurn(tenants: readonly string[], now: number): string[] {
  const day = Math.floor(now / DAY_MS);
  const shift = (Math.floor(day / DAYS) * GOLDEN_RATIO) % 1;
  const first = Math.floor((((day % DAYS) + shift) / DAYS) * tenants.length);
  return [...tenants.slice(first), ...tenants.slice(0, first)];
}

/** Its multiples modulo 1 are spread evenly, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

type CompactionTally = ReturnType<typeof createTally>;

function createTally() {
  const total = { compacted: 0, merged: 0, left: 0, tenantsLeft: 0 };
  const failures: CompactionFailure[] = [];
  return {
    add(merged: number) {
      total.compacted++;
      total.merged += merged;
    },
    leaveFolder() {
      total.left++;
    },
    leaveTenant() {
      total.tenantsLeft++;
    },
    fail(tenant: string | null, error: unknown) {
      failures.push({ tenant, error: error instanceof Error ? error : new StoreError(String(error)) });
    },
    report: (): CompactionReport => ({ ...total, failures }),
  };
}

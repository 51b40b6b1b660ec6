/** Every hour: merges the samples of hours that are over, and keeps recordings. What time runs out for is left to the next hour. */
import { CHUNK_MS, hourOf } from '../model/sample-chunk.ts';
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { SampleScope, SampleStore } from '../ports/sample-store.ts';

/** Nothing is begun when less time is left: an hour of ten thousand hosts takes some seconds. */
const RESERVE_MS = 60_000;

/** Senders batch for minutes, and those that were offline a moment send what they have: most of an hour has come by then. */
const SETTLED_MS = 2 * CHUNK_MS;

/** Hosts send what is a week old at the most, and the bucket forgets a day later. */
const LOOKED_AT_MS = 8 * 24 * CHUNK_MS;

export interface KeepSamplesPorts {
  readonly configs: Pick<ConfigStore, 'list'>;
  readonly samples: Pick<SampleStore, 'merge'>;
  /** Archives and purges what recordings of a tenant hold, and returns what failed. Absent where there are no recordings. */
  readonly keepRecordings?: (tenant: string, now: number) => Promise<readonly unknown[]>;
}

export interface KeepDeadline {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

export interface KeepSamplesReport {
  /** Chunks that were merged into others. */
  readonly merged: number;
  /** Accounts and tenants' recordings that are left to the next hour. */
  readonly left: number;
  readonly failures: readonly KeepSamplesFailure[];
}

export interface KeepSamplesFailure {
  /** Null where the tenants could not be listed. */
  readonly tenant: string | null;
  readonly error: unknown;
}

interface Step {
  readonly tenant: string;
  /** Returns how many chunks are gone. */
  run(): Promise<number>;
}

/** Nothing is thrown: what failed is in the report, and is tried again an hour later. */
export async function keepSamples(ports: KeepSamplesPorts, deadline: KeepDeadline): Promise<KeepSamplesReport> {
  const failures: KeepSamplesFailure[] = [];
  const steps: Step[] = [];
  try {
    for await (const stored of ports.configs.list()) steps.push(...stepsOf(stored, ports, deadline.now, failures));
  } catch (error) {
    failures.push({ tenant: null, error });
  }
  let [merged, left] = [0, 0];
  for (const { tenant, run } of inTurn(steps, deadline.now)) {
    if (deadline.remainingMs() < RESERVE_MS) {
      left++;
      continue;
    }
    try {
      merged += await run();
    } catch (error) {
      failures.push({ tenant, error });
    }
  }
  return { merged, left, failures };
}

/** Disabled accounts too: what they sent until then is looked at. */
function stepsOf(
  { config: { tenant, accounts } }: StoredTenant,
  { samples, keepRecordings }: KeepSamplesPorts,
  now: number,
  failures: KeepSamplesFailure[],
): Step[] {
  const end = hourOf(now - SETTLED_MS);
  const window = { start: end - LOOKED_AT_MS, end };
  const scopes: SampleScope[] = accounts
    .filter(({ provider }) => provider === 'otlp')
    .map(({ account }) => ({ tenant, account }));
  const merges = scopes.map((of): Step => ({ tenant, run: () => samples.merge(of, window) }));
  if (keepRecordings === undefined) return merges;
  const keep = async () => {
    for (const error of await keepRecordings(tenant, now)) failures.push({ tenant, error });
    return 0;
  };
  return [{ tenant, run: keep }, ...merges];
}

/** Each hour another one is the first, so that none is always left. */
function inTurn(steps: readonly Step[], now: number): readonly Step[] {
  const first = Math.floor(((Math.floor(now / CHUNK_MS) * GOLDEN_RATIO) % 1) * steps.length);
  return [...steps.slice(first), ...steps.slice(0, first)];
}

/** Its multiples modulo 1 are spread evenly, however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Makes the schedules what the configs stand for. Nothing is written for what is right already, and a run that ends in the middle
 * leaves nothing that the next one does not put right: the state is in the configs and in the scheduler alone.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { StoredTenant } from '../model/tenant.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { ItemError, PlimsollError, SchedulerError } from '../ports/errors.ts';
import type { InspectionSchedule, ScheduleName, ScheduleOwner, Scheduler } from '../ports/scheduler.ts';
import { createTally, type ReconcileReport, reportOf, type Tally } from './reconcile-report.ts';
import { type ScheduleChanges, scheduleChanges } from './schedule-changes.ts';

export interface ReconcilePorts {
  readonly configs: Pick<ConfigStore, 'get' | 'list'>;
  readonly scheduler: Scheduler;
}

export interface ReconcileDeadline {
  /** Milliseconds that are left to the function. */
  remainingMs(): number;
}

/** Writes under way at once, far below the 250 a second that the scheduler takes in its smallest regions. */
const WRITES_AT_ONCE = 10;

/** Tenants under way at once: while one is read, others are written. */
const TENANTS_AT_ONCE = 5;

/** No write begins with less time left: one that is tried three times takes up to 31 s, and the report has to be written. */
const RESERVE_MS = 40_000;

/** How often a tenant is compared again because its config changed meanwhile. */
const MAX_PASSES = 4;

/** So many tenants may be gone at once, whatever the part of all that they are. */
const FEW_TENANTS = 3;

/** Tenants that an error names. */
const NAMED = 5;

interface Run extends ReconcilePorts {
  readonly deadline: ReconcileDeadline;
  readonly writes: LimitFunction;
  readonly tally: Tally;
}

/**
 * Puts one tenant's schedules right, after its config was saved or removed. Throws `StoreError` or `SchedulerError` where it cannot
 * be read; what cannot be written is in the report.
 */
export async function reconcileTenant(
  tenant: string,
  ports: ReconcilePorts,
  deadline: ReconcileDeadline,
): Promise<ReconcileReport> {
  const run = begin(ports, deadline);
  run.tally.tenants = 1;
  run.tally.schedules = await settle(tenant, run);
  return reportOf(run.tally);
}

/**
 * Puts the schedules of all tenants right, those of tenants that do not exist included. Throws `StoreError` or `SchedulerError`, with
 * nothing changed, where the configs or the schedules cannot be listed, or where so many tenants are gone that the table seems to be
 * another one; all else that fails is in the report.
 */
export async function reconcileAll(ports: ReconcilePorts, deadline: ReconcileDeadline): Promise<ReconcileReport> {
  const run = begin(ports, deadline);
  const { foreign, ofTenants } = await listSchedules(ports.scheduler);
  const drifted = await findDrift(ofTenants, run);
  // What a tenant's schedules should be is read again there: a config that was saved since it was listed has been applied already.
  await pLimit(TENANTS_AT_ONCE).map(drifted, (tenant) =>
    settle(tenant, run).catch((error: unknown) => recordFailure(error, `tenant ${tenant}`, run)),
  );
  await removeEach(foreign, run);
  return reportOf(run.tally);
}

function begin(ports: ReconcilePorts, deadline: ReconcileDeadline): Run {
  return { ...ports, deadline, writes: pLimit(WRITES_AT_ONCE), tally: createTally() };
}

interface Listed {
  readonly ofTenants: Map<string, ScheduleName[]>;
  /** The group is ours alone: what somebody else made in it would send requests that no config asks about. */
  readonly foreign: readonly ScheduleName[];
}

async function listSchedules(scheduler: Scheduler): Promise<Listed> {
  const ofTenants = new Map<string, ScheduleName[]>();
  const foreign: ScheduleName[] = [];
  for await (const name of scheduler.list()) {
    if (name.owner === undefined) {
      foreign.push(name);
      continue;
    }
    const { tenant } = name.owner;
    const known = ofTenants.get(tenant);
    if (known === undefined) ofTenants.set(tenant, [name]);
    else known.push(name);
  }
  return { ofTenants, foreign };
}

/** Tenants whose schedules are not those of their config, or that have schedules and no config that can be read. */
async function findDrift(ofTenants: Map<string, ScheduleName[]>, run: Run): Promise<string[]> {
  const withoutConfig = new Set(ofTenants.keys());
  const drifted: string[] = [];
  const compare = ({ config }: StoredTenant) => {
    withoutConfig.delete(config.tenant);
    const changes = scheduleChanges(config, ofTenants.get(config.tenant) ?? [], run.scheduler.nameOf);
    run.tally.tenants++;
    run.tally.schedules += changes.wanted;
    if (!isRight(changes)) drifted.push(config.tenant);
  };
  try {
    for await (const stored of run.configs.list()) compare(stored);
  } catch (error) {
    // All that can be read were listed before. Whether the others are gone is looked at one by one.
    if (!(error instanceof ItemError)) throw error;
    run.tally.failed.push(error.message);
  }
  requireOwnTable(withoutConfig, ofTenants.size, run);
  run.tally.tenants += withoutConfig.size;
  return [...drifted, ...withoutConfig];
}

/**
 * A deployment that lacks its parameters has an empty table. Its tenants are not gone, and their schedules are all that is left of
 * their inspections. A tenant that is deleted loses its schedules at once, by the stream of the table.
 */
function requireOwnTable(withoutConfig: ReadonlySet<string>, scheduled: number, { tally }: Run): void {
  const isEmpty = tally.tenants === 0 && tally.failed.length === 0 && withoutConfig.size > 0;
  const areMost = withoutConfig.size > FEW_TENANTS && 2 * withoutConfig.size > scheduled;
  if (!isEmpty && !areMost) return;
  const names = [...withoutConfig].slice(0, NAMED).join(', ');
  throw new SchedulerError(
    `${withoutConfig.size} of the ${scheduled} tenants that have schedules have no config that can be read: ${names}. Nothing was changed. Where the stack was deployed without the parameter configsTable, deploy it again with it; where the tenants are gone for good, delete their schedules (docs/schedules.md).`,
  );
}

function isRight({ missing, superfluous, impossible }: ScheduleChanges): boolean {
  return missing.length === 0 && superfluous.length === 0 && impossible.length === 0;
}

/**
 * Compares and writes until the config is still the one that was compared. So two runs of one tenant at the same time, of which one
 * has read an older config, end with what the newest stands for. Returns how many schedules that is.
 */
async function settle(tenant: string, run: Run): Promise<number> {
  let wanted = 0;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    if (isLate(run)) {
      run.tally.left.push(`tenant ${tenant}`);
      return wanted;
    }
    const stored = await run.configs.get(tenant);
    const existing = await Array.fromAsync(run.scheduler.list(tenant));
    const changes = scheduleChanges(stored?.config, existing, run.scheduler.nameOf);
    wanted = changes.wanted;
    const wrote = await apply(changes, run);
    if (!wrote || isSame(stored, await run.configs.get(tenant))) return wanted;
  }
  run.tally.failed.push(`the config of tenant ${tenant} was saved again each time that its schedules were changed`);
  return wanted;
}

function isSame(before: StoredTenant | undefined, after: StoredTenant | undefined): boolean {
  return before?.version === after?.version && before?.putAt === after?.putAt;
}

/** Whether anything was to be written. */
async function apply({ missing, superfluous, impossible }: ScheduleChanges, run: Run): Promise<boolean> {
  for (const { schedule, message } of impossible) run.tally.failed.push(`${accountText(schedule)}: ${message}`);
  const without = new Set<string>();
  await Promise.all(
    missing.map(async ({ schedule, name }) => {
      const isPut = await write(run, accountText(schedule), 'put', () => run.scheduler.put(schedule));
      if (!isPut) without.add(ownerText(name.owner));
    }),
  );
  // An account whose new schedule could not be put keeps its old one: it is never without.
  await removeEach(
    superfluous.filter(({ owner }) => owner === undefined || !without.has(ownerText(owner))),
    run,
  );
  return missing.length + superfluous.length > 0;
}

async function removeEach(names: readonly ScheduleName[], run: Run): Promise<void> {
  await Promise.all(names.map((name) => write(run, name.text, 'removed', () => run.scheduler.remove(name))));
}

/** Whether it was written. A failure is in the report, and does not stop the others. */
async function write(run: Run, what: string, kind: 'put' | 'removed', send: () => Promise<void>): Promise<boolean> {
  return run.writes(async () => {
    if (isLate(run)) {
      run.tally.left.push(what);
      return false;
    }
    try {
      await send();
    } catch (error) {
      recordFailure(error, what, run);
      return false;
    }
    run.tally[kind].push(what);
    return true;
  });
}

/** Throws what is a mistake of ours. */
function recordFailure(error: unknown, what: string, run: Run): void {
  if (!(error instanceof PlimsollError)) throw error;
  run.tally.failed.push(`${what}: ${error.message}`);
}

function isLate({ deadline }: Run): boolean {
  return deadline.remainingMs() < RESERVE_MS;
}

function accountText({ tenant, provider, account, job }: InspectionSchedule): string {
  return [tenant, provider, account, ...(job === undefined ? [] : [job])].join('/');
}

function ownerText({ tenant, account }: ScheduleOwner): string {
  return `${tenant}.${account}`;
}

/**
 * The health of inspections: what is remembered of each account's region between scheduled runs, so that one which is denied, or
 * not inspected at all, can be reported. Its size does not grow with the fleet.
 */
import * as z from 'zod';
import { ACCOUNT_PROVIDERS, type AccountProvider, type Scope, scopeSchema } from './series.ts';
import { monthSchema } from './spend.ts';

const count = z.int().min(0);

/** Epoch milliseconds. */
const moment = z.int();

/** The scheduled runs of one account and region, up to the newest slot. Strict, as all that is kept. */
export const scopeHealthSchema = z
  .strictObject({
    tenant: z.string(),
    scope: scopeSchema,
    /** The newest slot of the schedule that was inspected. */
    slot: moment,
    /** When the run of this slot had recorded what it found. */
    finishedAt: moment,
    outcome: z.enum(['complete', 'partial']),
    /**
     * The slot of the run that was still under way when `slot` was due, so that `slot` was not inspected: what follows about hosts is
     * of that run. Null where `slot` was inspected, and from when that run has closed.
     */
    underWay: moment.nullable().default(null),
    /** The first failure of that run in words, of a bounded length; null where it was complete. */
    failure: z.string().nullable(),
    /** How many runs in a row were partial, this one included, and the slot of the first of them; null where this one was complete. */
    partial: z
      .strictObject({ runs: count.min(1), since: moment })
      .readonly()
      .nullable(),
    /** The newest slot that was inspected completely; null where none was. */
    completeSlot: moment.nullable(),
    hosts: z.strictObject({ known: count, inspected: count, notMonitored: count, unreadable: count }).readonly(),
    /** Hosts that grow like a leak. */
    leaking: count,
    /** Hosts whose memory used to be reported and no longer is: how many, and the first few in words. */
    stopped: z.strictObject({ count, first: z.array(z.string()).readonly() }).readonly(),
    /**
     * What scheduled runs spent in a month (UTC, `2026-11`), up to this slot, in US dollars; and what the next ones are expected to spend: the
     * price of a host, how many hosts are read, and how many of them at every slot whatever the cadence. Earlier versions kept none.
     */
    spent: z
      .strictObject({ month: monthSchema, usd: z.number(), usdPerHost: z.number(), hosts: count, watched: count })
      .readonly()
      .exactOptional(),
    /** US dollars. */
    cost: z.strictObject({ perRun: z.number(), perMonth: z.number() }).readonly(),
  })
  .readonly();

export type ScopeHealth = z.output<typeof scopeHealthSchema>;

const watchedAccountSchema = z
  .strictObject({
    provider: z.enum(ACCOUNT_PROVIDERS),
    account: z.string(),
    /** Which inspections are expected: the schedule and a checksum of the regions. Where they change, it begins anew. */
    expectation: z.string(),
    /** From when on. Slots before it are not missed. */
    expectedSince: moment,
    /** Since when the failure lasts that its tenant was notified of; null where there is none. */
    failingSince: moment.nullable(),
    /** The day (UTC, `2026-11-29`) of the last report on agents that stopped; null where there was none. */
    stoppedReportedOn: z.iso.date().nullable(),
  })
  .readonly();

export type WatchedAccount = z.output<typeof watchedAccountSchema>;

/** Of more failing jobs the first ones are enough to notify of, and their number is bounded as the size of an item is. */
export const MOST_WATCHED_JOBS = 500;

const watchedJobSchema = z
  .strictObject({
    job: z.string(),
    scope: scopeSchema,
    /** Since when it fails, and whether the tenant was notified of it. */
    since: moment,
    isReported: z.boolean(),
  })
  .readonly();

export type WatchedJob = z.output<typeof watchedJobSchema>;

/** What a tenant was notified of, so that it is notified once. */
export const watchStateSchema = z
  .strictObject({
    accounts: z.array(watchedAccountSchema).readonly(),
    /** The day (UTC) of the last `alive`; null before the first. */
    aliveOn: z.iso.date().nullable(),
    /** The shadow mode that its config has, since when it has one, and whether the summary of it was sent. */
    shadow: z.strictObject({ until: moment, since: moment, isSummarised: z.boolean() }).readonly().exactOptional(),
    /** The end of the time that the last digest covers. */
    digestTo: moment.exactOptional(),
    /** Jobs of anomaly inspection that fail, and those that failed of which the tenant was notified; absent where there are none. */
    jobs: z.array(watchedJobSchema).max(MOST_WATCHED_JOBS).readonly().exactOptional(),
  })
  .readonly();

export type WatchState = z.output<typeof watchStateSchema>;

/** A job of anomaly inspection in an account and region. */
export interface JobAt {
  readonly job: string;
  readonly scope: Scope & { readonly provider: AccountProvider };
}

/** One that inspects nothing at present. */
export interface FailingJob extends JobAt {
  /** `failing`: its newest inspection could read nothing. `overdue`: there was none when there should have been. */
  readonly state: 'failing' | 'overdue';
  /** Why, in words; empty where that is not known. */
  readonly message: string;
}

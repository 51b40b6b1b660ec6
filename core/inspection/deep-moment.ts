/**
 * When hosts are read deeply: once a day, from an hour on that a hash gives each account and region, so that neither providers nor functions
 * have all of it at once. Pure.
 */
import type { BaselineManifest } from '../model/host-baseline.ts';
import type { RunRef } from '../model/run-ref.ts';
import { hashOf } from './cadence.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/**
 * Hours after the moment within which what a run missed is made up for, and hosts are read whose turn has come only then: quiet hosts are
 * inspected every four hours at the least.
 */
const MADE_UP_HOURS = 4;

/** The hour of the day (UTC) of an account and region of a tenant. */
export function deepHourOf({ tenant, scope }: Pick<RunRef, 'tenant' | 'scope'>): number {
  return hashOf({ ...scope, id: tenant }) % DAY_HOURS;
}

/** The newest moment at or before the run's scheduled time, epoch milliseconds. */
export function deepMomentOf(run: Pick<RunRef, 'tenant' | 'scope' | 'scheduledTime'>): number {
  const hours = Math.floor(run.scheduledTime / HOUR_MS);
  const since = (((hours - deepHourOf(run)) % DAY_HOURS) + DAY_HOURS) % DAY_HOURS;
  return (hours - since) * HOUR_MS;
}

/** Runs of one moment that read hosts and kept nothing: the first one, and one that makes up for it. */
const MOST_FAILED = 2;

/**
 * Whether a run reads deeply those hosts that were not read since its moment. A version of the manifest without parts is a read that was
 * begun and of which nothing was kept: it is made up for once, within hours, so that a store that fails does not bill each hour.
 *
 * @param manifest Undefined where there is none.
 */
export function readsDeeply(run: RunRef, manifest: BaselineManifest | undefined): boolean {
  const { trigger, scheduledTime } = run;
  const versions = manifest?.versions ?? [];
  // A run that comes late learns nothing that a later one has not learned.
  if (trigger !== 'schedule' || versions.some(({ slot }) => slot > scheduledTime)) return false;
  if (versions.some(({ slot }) => slot === scheduledTime)) return true;
  const moment = deepMomentOf(run);
  const begun = versions.filter((version) => version.moment === moment);
  if (begun.length === 0) return true;
  const isKept = begun.some(({ parts }) => parts.length > 0);
  return scheduledTime - moment < MADE_UP_HOURS * HOUR_MS && (isKept || begun.length < MOST_FAILED);
}

/** Whether a host is read deeply by a run that does that. */
export function isDeepDue(run: RunRef, record: { readonly readAt: number } | undefined): boolean {
  return record === undefined || record.readAt < deepMomentOf(run);
}

const DAYS_OF_MONTH = 365.25 / 12;

/** Reads of all hosts in a month: a deep read of a day costs what a run does, because providers bill by metric and not by sample. */
export function readsOfMonth(runsPerMonth: number, deepReadDays: number): number {
  return deepReadDays === 0 ? runsPerMonth : runsPerMonth + Math.min(runsPerMonth, DAYS_OF_MONTH);
}

/**
 * What a tenant's cost cap leads to. Pure. Where the month would end above the cap, what is needed least is saved first:
 *
 * 1. Deep reads are put off. They make verdicts surer, and find nothing sooner.
 * 2. Jobs of anomaly inspection are inspected less often. What they find comes later, and by default pages nobody.
 * 3. Quiet hosts are inspected less often. Leaks page, so memory comes after jobs; the bench lost no page by it.
 * 4. Jobs are paused. That alone makes anything blind, and so it comes last; memory is then inspected as often as the rest of the cap allows.
 *
 * When there is room again it is as before. The inspection of memory is never stopped: what is above the cap even so is reported once a day.
 */
import type { ServiceEvent } from '../model/service-event.ts';
import type { CapState } from '../model/spend.ts';
import type { TenantConfig } from '../model/tenant.ts';
import { type CapStep, compareSteps, costsOf, firstWithin, isSameStep } from './cap-steps.ts';
import { cadenceEvent, dayOf } from './compose-service-event.ts';
import { type CappedCadence, projectedUsd, type SpendProjection } from './project-spend.ts';

/** Room below the cap that a faster cadence needs: hosts come and go, and without it the cadence would change every day. */
const ROOM = 0.9;

/** A cadence that was changed is kept for so long before it becomes faster: a fleet that grows by day would change it twice a day. */
const KEPT_MS = 24 * 3_600_000;

const AS_CONFIGURED: CappedCadence = { quietHours: 0, jobs: 0, deepReadsOff: false };

export interface CapAssessment {
  /** The state to keep, before its event was published. */
  readonly state: CapState;
  readonly event: ServiceEvent | undefined;
}

export interface Cap {
  readonly tenant: string;
  /** US dollars of a month; undefined where the config has no cap any more. */
  readonly usd: number | undefined;
}

const NO_STATE: CapState = { quietHours: 0, changedAt: 0, reportedHours: 0, reports: 0, exceededOn: null };

/**
 * @param before Undefined where no cap of the tenant was ever near.
 * @param now Epoch milliseconds.
 */
export function assessCap(
  cap: Cap,
  projection: SpendProjection,
  before: CapState | undefined,
  now: number,
): CapAssessment {
  const known = before ?? NO_STATE;
  const reported = reportedOf(known);
  const step = stepFor(cap.usd, projection, known, now);
  const { deepReadsOff: wereOff, jobs: _, ...others } = known;
  const isOff = putsDeepReadsOff(cap.usd, projection, wereOff ?? false);
  const changedAt = isSameStep(step, stepOf(known)) ? known.changedAt : now;
  const { quietHours, jobs } = step;
  const state: CapState = {
    ...others,
    quietHours,
    ...(jobs !== 0 && { jobs }),
    changedAt,
    ...(isOff && { deepReadsOff: true }),
  };
  const projected = costsOf(projection, step);
  const exceedsBy = cap.usd === undefined ? 0 : Math.max(0, projected - cap.usd);
  const isExceededNews = exceedsBy > 0 && known.exceededOn !== dayOf(now);
  if (isSameStep(step, reported) && !isExceededNews) return { state, event: undefined };
  const facts = { tenant: cap.tenant, capUsd: cap.usd ?? null, projection, projected, exceedsBy };
  return { state, event: cadenceEvent({ ...facts, ...step, before: reported, report: known.reports + 1 }, now) };
}

/** What is kept after the event was accepted by its topic. */
export function rememberCap(state: CapState, { data }: ServiceEvent): CapState {
  if (data.kind !== 'cadence_reduced' && data.kind !== 'cadence_restored') return state;
  const { quietHours, jobs, exceedsUsd, day } = data;
  const reports = isSameStep({ quietHours, jobs }, reportedOf(state)) ? state.reports : state.reports + 1;
  const { reportedJobs: _, ...others } = state;
  const reported = { reportedHours: quietHours, ...(jobs !== 0 && { reportedJobs: jobs }) };
  return { ...others, ...reported, reports, exceededOn: exceedsUsd > 0 ? day : state.exceededOn };
}

/** What a state means for a config: nothing where the cap is gone. */
export function cappedCadence({ costCap }: Pick<TenantConfig, 'costCap'>, state: CapState | undefined): CappedCadence {
  if (costCap === undefined || state === undefined) return AS_CONFIGURED;
  return { ...stepOf(state), deepReadsOff: state.deepReadsOff ?? false };
}

function stepOf({ quietHours, jobs = 0 }: CapState): CapStep {
  return { quietHours, jobs };
}

function reportedOf({ reportedHours, reportedJobs = 0 }: CapState): CapStep {
  return { quietHours: reportedHours, jobs: reportedJobs };
}

/** Deep reads are the first thing that a cap saves: they make verdicts surer, and find nothing sooner. */
function putsDeepReadsOff(usd: number | undefined, projection: SpendProjection, wereOff: boolean): boolean {
  if (usd === undefined) return false;
  return projectedUsd(projection, AS_CONFIGURED) > usd * (wereOff ? ROOM : 1);
}

function stepFor(usd: number | undefined, projection: SpendProjection, known: CapState, now: number): CapStep {
  if (usd === undefined) return AS_CONFIGURED;
  const before = stepOf(known);
  const needed = firstWithin(usd, projection);
  // A config that changed may have left a step that saves nothing any more: it is no slower one then.
  if (costsOf(projection, before) > Math.max(usd, costsOf(projection, needed))) return needed;
  const order = compareSteps(needed, before);
  if (order >= 0 || now - known.changedAt < KEPT_MS) return order > 0 ? needed : before;
  const withRoom = firstWithin(usd * ROOM, projection);
  return compareSteps(withRoom, before) < 0 ? withRoom : before;
}

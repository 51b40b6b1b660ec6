/**
 * What a tenant's cost cap leads to. Pure. Where the month would end above the cap, deep reads are put off, and where it still would, quiet hosts are inspected less often; when there is room
 * again they are inspected as before. Nothing is ever stopped: where even the slowest cadence is above the cap, that is reported once a day.
 */
import { QUIET_HOURS, type QuietHours } from '../model/cadence.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { CapState } from '../model/spend.ts';
import { cadenceEvent, dayOf } from './compose-service-event.ts';
import type { SpendProjection } from './project-spend.ts';

/** Room below the cap that a faster cadence needs: hosts come and go, and without it the cadence would change every day. */
const ROOM = 0.9;

/** A cadence that was changed is kept for so long before it becomes faster: a fleet that grows by day would change it twice a day. */
const KEPT_MS = 24 * 3_600_000;

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
  const quietHours = cadenceFor(cap.usd, projection, known, now);
  const { deepReadsOff: wereOff = false, ...others } = known;
  const isOff = putsDeepReadsOff(cap.usd, projection, wereOff);
  const changedAt = quietHours === known.quietHours ? known.changedAt : now;
  const state: CapState = { ...others, quietHours, changedAt, ...(isOff && { deepReadsOff: true }) };
  const exceedsBy = cap.usd === undefined ? 0 : Math.max(0, projection.byHours[quietHours] - cap.usd);
  const isExceededNews = exceedsBy > 0 && known.exceededOn !== dayOf(now);
  if (quietHours === known.reportedHours && !isExceededNews) return { state, event: undefined };
  const facts = { tenant: cap.tenant, capUsd: cap.usd ?? null, projection, exceedsBy, quietHours };
  return { state, event: cadenceEvent({ ...facts, before: known.reportedHours, report: known.reports + 1 }, now) };
}

/** What is kept after the event was accepted by its topic. */
export function rememberCap(state: CapState, { data }: ServiceEvent): CapState {
  if (data.kind !== 'cadence_reduced' && data.kind !== 'cadence_restored') return state;
  const { quietHours: reportedHours, exceedsUsd, day } = data;
  const reports = reportedHours === state.reportedHours ? state.reports : state.reports + 1;
  return { ...state, reportedHours, reports, exceededOn: exceedsUsd > 0 ? day : state.exceededOn };
}

/** Deep reads are the first thing that a cap saves: they make verdicts surer, and find nothing sooner. */
function putsDeepReadsOff(usd: number | undefined, { byHours, deepReads }: SpendProjection, wereOff: boolean): boolean {
  if (usd === undefined) return false;
  return byHours[0] + deepReads > usd * (wereOff ? ROOM : 1);
}

function cadenceFor(
  usd: number | undefined,
  { byHours }: SpendProjection,
  { quietHours, changedAt }: CapState,
  now: number,
): QuietHours {
  if (usd === undefined) return 0;
  const needed = fastestWithin(usd, byHours);
  if (needed >= quietHours || now - changedAt < KEPT_MS) return needed > quietHours ? needed : quietHours;
  const withRoom = fastestWithin(usd * ROOM, byHours);
  return withRoom < quietHours ? withRoom : quietHours;
}

/** The fastest cadence with which the month ends within the cap; where none does, the fastest of those that save the most. */
function fastestWithin(usd: number, byHours: SpendProjection['byHours']): QuietHours {
  const least = Math.min(...QUIET_HOURS.map((hours) => byHours[hours]));
  const limit = Math.max(usd, least * (1 + Number.EPSILON * 8));
  return QUIET_HOURS.find((hours) => byHours[hours] <= limit) ?? 4;
}

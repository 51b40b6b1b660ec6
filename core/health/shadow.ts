/** The shadow mode of a tenant: since when it lasts, and the summary that is sent once at its end. */
import { shadowSummary } from '../backtest/shadow-summary.ts';
import { counted } from '../messages/units.ts';
import { DIGEST_LISTED } from '../model/digest.ts';
import type { WatchState } from '../model/health.ts';
import type { IncidentEvent } from '../model/incident-event.ts';
import { isoText, roundFigure } from '../model/notation.ts';
import { SERVICE_EVENTS, type ServiceEvent, serviceEvent } from '../model/service-event.ts';
import type { StoredTenant, TenantConfig } from '../model/tenant.ts';
import type { EventLog } from '../ports/event-log.ts';
import { visitEvents } from './read-pages.ts';

type Shadow = NonNullable<WatchState['shadow']>;

/** A summary that could not be sent for so long is not sent any more: nobody waits for it. */
const LATEST_MS = 7 * 24 * 3_600_000;

const NAME_LENGTH = 256;

/** A shadow that is made longer before it is summarised goes on. One that is taken out of the config is forgotten. */
export function shadowOf({ config, putAt }: StoredTenant, before: Shadow | undefined): Shadow | undefined {
  const { shadow } = config.alerts ?? {};
  if (shadow === undefined) return undefined;
  const until = Date.parse(shadow.until);
  if (before?.until === until) return before;
  const since = before?.isSummarised === false ? before.since : putAt;
  return { until, since: Math.min(since, until), isSummarised: false };
}

export function withSummary(state: WatchState, until: number): WatchState {
  const { shadow } = state;
  return shadow?.until === until ? { ...state, shadow: { ...shadow, isSummarised: true } } : state;
}

/** The summary of a shadow that has ended, where it is due: the log is read only then. Throws `StoreError`. */
export async function summaryEvent(
  { tenant, enabled, alerts }: TenantConfig,
  shadow: Shadow | undefined,
  log: Pick<EventLog, 'list'>,
  now: number,
): Promise<ServiceEvent | undefined> {
  if (!enabled || shadow === undefined || shadow.isSummarised) return undefined;
  const { since, until: to } = shadow;
  if (now < to || now - to > LATEST_MS) return undefined;
  const events: IncidentEvent[] = [];
  const from = await visitEvents(log, tenant, { from: since, to }, (event) => {
    if (event.kind === 'change' && event.decision.stage === 'shadow') events.push(event);
  });
  const budget = alerts?.shadow?.budget;
  const { pages, notifications, hosts, threshold } = shadowSummary(events, { from, to, budget });
  const data = {
    kind: 'shadow_summary' as const,
    tenant,
    severity: SERVICE_EVENTS.shadow_summary.severity,
    summary: `Shadow mode of ${tenant} is over: ${counted(pages, 'page')} would have been sent`,
    from: isoText(from),
    to: isoText(to),
    pages,
    notifications,
    hosts: hosts.slice(0, DIGEST_LISTED).map(({ host, pages }) => ({
      host: (host.name ?? host.id).slice(0, NAME_LENGTH),
      group: host.group?.slice(0, NAME_LENGTH) ?? null,
      pages,
    })),
    budgetPerWeek: budget ?? null,
    minConfidence: threshold === null ? null : roundFigure(threshold),
  };
  const id = `${tenant}/shadow_summary/${data.to}`;
  return serviceEvent(data, { source: `/plimsoll/${tenant}`, subject: tenant, id, now });
}

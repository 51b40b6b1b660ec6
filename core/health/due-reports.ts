/** The reports of a tenant that are due: its digest, and the summary at the end of its shadow mode. Lists are read only when one is. */
import type { ScopeHealth, WatchState } from '../model/health.ts';
import { roundFigure } from '../model/notation.ts';
import type { ServiceEvent } from '../model/service-event.ts';
import type { TenantConfig } from '../model/tenant.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { IncidentList } from '../ports/incident-list.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { MuteStore } from '../ports/mute-store.ts';
import type { SpendStore } from '../ports/spend-store.ts';
import { digestSlots } from '../tenants/digest-slots.ts';
import { evaluatorWeights } from '../tenants/evaluator-weights.ts';
import type { Assessment } from './assess.ts';
import { coverageOf } from './compose-service-event.ts';
import { countHeld, digestEvent } from './digest.ts';
import { listIncidents, type Span, visitEvents } from './read-pages.ts';
import { summaryEvent } from './shadow.ts';
import { tenantSpend } from './tenant-spend.ts';
import type { CapTime } from './watch-cap.ts';

export interface ReportPorts {
  readonly incidentList: IncidentList;
  readonly log: Pick<EventLog, 'list'>;
  readonly mutes: Pick<MuteStore, 'list'>;
  readonly labels: Pick<LabelStore, 'list'>;
  readonly spend: Pick<SpendStore, 'requestsOf' | 'jobsOf' | 'getCap'>;
}

export interface Watching {
  readonly config: TenantConfig;
  readonly scopes: readonly ScopeHealth[];
  readonly assessment: Assessment;
}

/** A change is in the log when its run has closed, or the sweep has found it: a digest ends so long before its slot that nothing is missed. */
const SETTLED_MS = 3_600_000;

/** A digest that could not be sent for so long is left out, and the next one covers its time. So is one of a slot before the config had it. */
const LATEST_MS = 12 * 3_600_000;

/** The longest time that a digest covers. */
const LONGEST_MS = 15 * 24 * 3_600_000;

/** Nothing is thrown: a report that cannot be made holds up no other event, and is tried again in a quarter of an hour. */
export async function dueReports(
  watching: Watching,
  ports: ReportPorts,
  time: CapTime,
): Promise<{ readonly events: readonly ServiceEvent[]; readonly failure: Error | undefined }> {
  const { config, assessment } = watching;
  const reports = [
    () => summaryEvent(config, assessment.state.shadow, ports.log, time.now),
    () => digestOf(watching, ports, time),
  ];
  const events: ServiceEvent[] = [];
  let failure: Error | undefined;
  for (const report of reports) {
    try {
      const event = await report();
      if (event !== undefined) events.push(event);
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  return { events, failure };
}

/** The time that the digest which is due covers; undefined where none is. */
function digestSpan(config: TenantConfig, { digestTo }: WatchState, now: number): Span | undefined {
  const digest = config.alerts?.digest;
  if (!config.enabled || digest === undefined) return undefined;
  const { slot, before } = digestSlots(digest, now);
  const to = slot - SETTLED_MS;
  if (now - slot > LATEST_MS || (digestTo !== undefined && digestTo >= to)) return undefined;
  const from = digestTo !== undefined && to - digestTo <= LONGEST_MS ? digestTo : before - SETTLED_MS;
  return { from, to };
}

async function digestOf(watching: Watching, ports: ReportPorts, time: CapTime): Promise<ServiceEvent | undefined> {
  const { config, assessment } = watching;
  const span = digestSpan(config, assessment.state, time.now);
  const digest = config.alerts?.digest;
  if (span === undefined || digest === undefined) return undefined;
  return composeDigest(watching, { span, every: digest.every, timezone: digest.timezone }, ports, time);
}

export interface DigestChoice {
  readonly span: Span;
  readonly every: 'day' | 'week';
  /** IANA name. */
  readonly timezone: string;
}

/** The digest of any span, for who looks. Throws `StoreError`. */
export async function composeDigest(
  {
    config,
    scopes,
    assessment,
  }: Pick<Watching, 'config' | 'scopes'> & { readonly assessment: Pick<Assessment, 'accounts'> },
  { span, every, timezone }: DigestChoice,
  ports: ReportPorts,
  time: CapTime,
): Promise<ServiceEvent> {
  const { tenant } = config;
  const held = countHeld();
  const [{ incidents: open }, { incidents: changed }, mutes, labels, cost] = await Promise.all([
    listIncidents(ports.incidentList, tenant, { statuses: ['open'] }),
    listIncidents(ports.incidentList, tenant, { from: span.from }),
    ports.mutes.list(tenant),
    ports.labels.list(tenant),
    costOf(config, scopes, ports.spend, time),
    visitEvents(ports.log, tenant, span, held.visit),
  ]);
  const coverage = coverageOf(assessment.accounts);
  const weights = evaluatorWeights(labels);
  return digestEvent(
    { tenant, every, timezone, span, open, changed, ...held.total(), mutes, weights, cost, ...coverage },
    time.now,
  );
}

async function costOf(
  config: TenantConfig,
  health: readonly ScopeHealth[],
  store: ReportPorts['spend'],
  time: CapTime,
) {
  const { month, spentUsd, projectedUsd } = await tenantSpend({ config }, health, store, time);
  return { month, spentUsd: roundFigure(spentUsd), projectedUsd: roundFigure(projectedUsd) };
}

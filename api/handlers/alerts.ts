/** Who is notified of what, and what a policy would have made of the last days. */
import { loggedChanges } from '../../core/incidents/logged-changes.ts';
import { readableWindows } from '../../core/incidents/policy/readable-windows.ts';
import type { ReplayPolicy } from '../../core/incidents/policy/replay.ts';
import { type ComparedChange, comparedChanges } from '../../core/incidents/policy/report.ts';
import { expandWindows } from '../../core/incidents/policy/windows.ts';
import { recurring } from '../../core/incidents/restart-windows.ts';
import { accountPolicy } from '../../core/inspection/decide-by-policy.ts';
import { hostName } from '../../core/messages/locations.ts';
import type { Alerts } from '../../core/model/alerts.ts';
import type { Decision } from '../../core/model/decision.ts';
import { changeId, incidentId } from '../../core/model/incident.ts';
import { isoText } from '../../core/model/notation.ts';
import type { Receiver } from '../../core/model/receiver.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import { parseTenantConfig } from '../../core/tenants/tenant-config.ts';
import type { HandlersOf, TenantCall } from '../call.ts';
import type { AlertsView, PolicyTestView } from '../contract/config.ts';
import { incidentRef } from '../refs.ts';

const DAY = 24 * 3_600_000;

/** How far ahead windows are listed. */
const AHEAD = 7 * DAY;

/** Windows of one kind, and decisions, of one answer. */
const MOST_WINDOWS = 100;
const MOST_DECISIONS = 1000;

export const alertHandlers: HandlersOf<'getAlerts' | 'testAlerts'> = {
  async getAlerts({ tenant, now }) {
    const { config } = tenant.stored;
    const { shadow, preset = 'default', rules = [], routes = [], receivers = [] } = config.alerts ?? {};
    const isShadow = shadow !== undefined && Date.parse(shadow.until) > now;
    return {
      shadowUntil: isShadow ? shadow.until : null,
      preset,
      windows: windowsOf(tenant.stored, now, maintenanceOf),
      quietHours: windowsOf(tenant.stored, now, quietOf),
      rules: rules.map((rule) => ({ ...rule })),
      routes: routes.map((route) => ({ ...route, receivers: [...route.receivers] })),
      receivers: receivers.map(receiverView),
      topic: await topicText(tenant),
    };
  },

  async testAlerts({ tenant, body: { days, alerts }, now }) {
    const { id, ports, stored } = tenant;
    const [mutes, labels] = await Promise.all([ports.mutes.list(id), ports.labels.list(id)]);
    const policyOf = (config: StoredTenant): ReplayPolicy => ({
      mutes,
      labels,
      alertsOf: (host) => accountPolicy(config, host).alerts,
      environmentOf: (host) => accountPolicy(config, host).environmentOf(host),
    });
    const span = { from: now - days * DAY, to: now };
    const proposed = alerts === undefined ? stored : withAlerts(stored, alerts);
    const logged = await loggedChanges(ports.log, id, span);
    const byStored = comparedChanges(logged, policyOf(stored));
    const compared = alerts === undefined ? byStored : comparedChanges(logged, policyOf(proposed));
    return { from: isoText(span.from), to: isoText(span.to), ...testView(compared, byStored) };
  },
};

type WindowView = AlertsView['windows'][number];
type Level = { readonly account: string | null; readonly alerts: Alerts | undefined };

/** Those of the tenant, and of each account that sets its own. The first first. */
function windowsOf(
  { config }: StoredTenant,
  now: number,
  of: (level: Level, now: number) => WindowView[],
): WindowView[] {
  const levels: Level[] = [
    { account: null, alerts: config.alerts },
    ...config.accounts.map(({ account, alerts }) => ({ account, alerts })),
  ];
  const windows = levels.flatMap(({ account, alerts }) => of({ account, alerts: readableWindows(alerts).alerts }, now));
  return windows.sort((a, b) => Date.parse(a.start) - Date.parse(b.start)).slice(0, MOST_WINDOWS);
}

function maintenanceOf({ account, alerts }: Level, now: number): WindowView[] {
  return (alerts?.maintenance ?? []).flatMap((window) =>
    expandWindows([window], now, now + AHEAD).map(({ start, end }) => ({
      name: window.name,
      start: isoText(start),
      end: isoText(end),
      account,
      match: matchOf(window),
    })),
  );
}

function quietOf({ account, alerts }: Level, now: number): WindowView[] {
  return (alerts?.quietHours ?? []).flatMap((quiet) =>
    expandWindows([recurring(quiet)], now, now + AHEAD).map(({ start, end }) => ({
      name: `${quiet.from} to ${quiet.to}, below ${quiet.below}`,
      start: isoText(start),
      end: isoText(end),
      account,
      match: matchOf(quiet),
    })),
  );
}

function matchOf({ match }: { readonly match?: object | undefined }): WindowView['match'] {
  return match === undefined ? null : JSON.parse(JSON.stringify(match));
}

/** Secrets are named in configs, never written; of an address the path may be one, and the host is enough. */
function receiverView(receiver: Receiver): AlertsView['receivers'][number] {
  const { name, type } = receiver;
  return { name, type, detail: detailOf(receiver) };
}

function detailOf(receiver: Receiver): string {
  switch (receiver.type) {
    case 'slack':
      return receiver.channel ?? 'incoming webhook';
    case 'pagerduty':
      return `region ${receiver.region}`;
    case 'alertmanager':
    case 'webhook':
      return new URL(receiver.url).host;
    case 'teams':
      return 'Workflows webhook';
    case 'amazon-q':
      return 'topic of the tenant';
  }
}

/** `2 email, 1 sqs`; null where the topic cannot be read. */
async function topicText({ id, ports }: TenantCall): Promise<string | null> {
  try {
    const subscriptions = await ports.subscriptions.list(id);
    if (subscriptions.length === 0) return 'nobody is subscribed';
    const byProtocol = Map.groupBy(subscriptions, ({ protocol, confirmed }) =>
      confirmed ? protocol : `${protocol} not confirmed`,
    );
    return [...byProtocol].map(([protocol, of]) => `${of.length} ${protocol}`).join(', ');
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    return null;
  }
}

/** With these alerts of the tenant. Throws `InvalidFieldsError`. */
function withAlerts(stored: StoredTenant, alerts: unknown): StoredTenant {
  return { ...stored, config: parseTenantConfig({ ...stored.config, alerts }) };
}

/** @param byStored The same changes by the stored alerts: what differs from them is a difference of the alerts alone. */
function testView(
  compared: readonly ComparedChange[],
  byStored: readonly ComparedChange[],
): Omit<PolicyTestView, 'from' | 'to'> {
  const stored = new Map(byStored.map(({ key, change, wouldBe }) => [changeId(key, change), outcomeText(wouldBe)]));
  const sent = compared.filter(({ wouldBe }) => wouldBe.outcome === 'sent');
  const held = Map.groupBy(
    compared.filter(({ wouldBe }) => wouldBe.outcome !== 'sent'),
    ({ wouldBe }) => wouldBe.stage ?? 'order',
  );
  return {
    changes: compared.length,
    sent: sent.length,
    pages: sent.filter(({ wouldBe }) => wouldBe.page).length,
    held: [...held].map(([stage, changes]) => ({ stage, changes: changes.length })),
    decisions: compared
      .slice(-MOST_DECISIONS)
      .toReversed()
      .map((one) => decisionView(one, stored.get(changeId(one.key, one.change)))),
  };
}

function decisionView(
  { key, resource, change, decision, wouldBe }: ComparedChange,
  stored = outcomeText(wouldBe),
): PolicyTestView['decisions'][number] {
  return {
    at: isoText(change.at),
    incident: incidentRef(incidentId(key, change.episode)),
    host: hostName(resource),
    kind: change.kind,
    severity: change.severity,
    before: outcomeText(decision),
    stored,
    now: outcomeText(wouldBe),
    reason: wouldBe.reason,
  };
}

function outcomeText({ outcome, page, stage }: Decision): string {
  if (outcome === 'sent') return page ? 'paged' : 'sent';
  return stage ?? 'order';
}

/**
 * The stages of the chain that look at one change at a time. Each returns why it holds the change back, or undefined where it lets it pass.
 * What is held back for a time is put off until its end and decided again, so that what goes on by then is notified of, and what is over is
 * dropped with its reason.
 */
import { clip } from '../../messages/plain-text.ts';
import { formatTime } from '../../messages/times.ts';
import type { AlertRule } from '../../model/alerts.ts';
import type { PolicyStage } from '../../model/decision.ts';
import { compareSeverity } from '../../model/finding.ts';
import { incidentId } from '../../model/incident.ts';
import type { Label } from '../../model/mute.ts';
import type { PolicyContext } from './context.ts';
import { FALSE_POSITIVE_MS, isAlike, isMuchFuller } from './likeness.ts';
import { isHostOf, isSubject, matchesHost } from './match.ts';
import { cooldownEnd } from './rules.ts';
import { HOUR_MS, isBeginning, isEnd, type Undecided, wasNotified } from './undecided.ts';
import { quietEnd, windowEnd } from './windows.ts';

export interface HeldBack {
  readonly outcome: 'held' | 'put_off';
  readonly stage: PolicyStage;
  readonly reason: string;
  /** Where it is put off: when it is decided again, epoch milliseconds. */
  readonly until: number | null;
}

export type Stage = (item: Undecided, context: PolicyContext) => HeldBack | undefined;

/** Characters of a person's name and reason in a reason. */
const TEXT_LENGTH = 150;

function putOff(stage: PolicyStage, until: number, reason: string): HeldBack {
  return { outcome: 'put_off', stage, reason, until };
}

/** Who patches hosts restarts them, and knows it. */
export const maintenance: Stage = ({ incident: { resource } }, { alerts, now }) => {
  const matching = (alerts?.maintenance ?? []).filter(({ match }) => matchesHost(match, resource));
  for (const window of matching) {
    const until = windowEnd([window], now);
    if (until !== undefined) {
      return putOff('maintenance', until, `maintenance window ${window.name} until ${formatTime(until)}`);
    }
  }
  return undefined;
};

/** A mute that has ended does nothing. Of several the one that ends last counts. */
export const mute: Stage = (item, { mutes, now }) => {
  const active = mutes.filter((one) => isOfTenant(one, item) && one.at <= now && now < one.until);
  const [last] = active.filter(({ subject }) => isSubject(subject, item)).toSorted((a, b) => b.until - a.until);
  if (last === undefined) return undefined;
  const { until, by, reason } = last;
  return putOff('mute', until, `muted until ${formatTime(until)} by ${person(by)}: ${clip(reason, TEXT_LENGTH)}`);
};

function isOfTenant({ tenant }: { readonly tenant: string }, { incident: { key } }: Undecided): boolean {
  return tenant === key.tenant;
}

function person(name: string): string {
  return clip(name, TEXT_LENGTH);
}

/** Look-alikes of a false positive, known leaks and normal periods: what somebody labelled is not news. */
export const label: Stage = (item, { labels, now }) => {
  for (const one of labels) {
    const why = isOfTenant(one, item) ? whyLabelled(one, item, now) : undefined;
    if (why !== undefined) {
      const given = `${one.kind} by ${person(one.by)}: ${clip(one.reason, TEXT_LENGTH)}`;
      return { outcome: 'held', stage: 'label', reason: `label ${one.id}, ${given} (${why})`, until: null };
    }
  }
  return undefined;
};

function whyLabelled(one: Label, item: Undecided, now: number): string | undefined {
  if (one.kind === 'true-positive') return undefined;
  if (one.kind === 'false-positive') return now < one.at + FALSE_POSITIVE_MS ? whyFalse(one, item) : undefined;
  const { at } = item.change;
  const isInTime = (one.from === null || one.from <= at) && (one.to === null || at < one.to);
  if (!isInTime || !isSubject(one.subject, item)) return undefined;
  return one.to === null ? 'without an end' : `until ${formatTime(one.to)}`;
}

function whyFalse({ subject, likeness }: Label, item: Undecided): string | undefined {
  const { incident, change } = item;
  const isFuller = likeness !== null && isMuchFuller(likeness, change);
  if (subject.incident === incidentId(incident.key, change.episode)) return isFuller ? undefined : 'this incident';
  if (likeness === null || !isSameHost(subject, item)) return undefined;
  const { alike, why } = isAlike(likeness, change);
  return alike ? why : undefined;
}

/** A label on an incident is about its host, unless its subject names more hosts. */
function isSameHost({ incident, ...hosts }: Label['subject'], item: Undecided): boolean {
  if (Object.values(hosts).some((value) => value !== undefined)) return isHostOf(hosts, item.incident.resource);
  const own = incidentId(item.incident.key, item.change.episode).split('/').slice(0, HOST_PARTS);
  return own.join('/') === incident?.split('/').slice(0, HOST_PARTS).join('/');
}

/** Tenant, provider, account, region and host: the parts of an incident's id that name the host. */
const HOST_PARTS = 5;

/**
 * After a notification of an incident there is none for so long, unless it is worse or over, or an opening whose rule wakes somebody up and
 * nobody was woken in that time: a suspicion that somebody may read does not keep back the page.
 */
export function silence(rule: AlertRule | undefined): Stage {
  return (item, context) => (isFirstPage(item, rule, context) ? undefined : silenced(item, context));
}

function isFirstPage({ incident, change }: Undecided, rule: AlertRule | undefined, { alerts, now }: PolicyContext) {
  if (change.kind !== 'opened' || rule?.action !== 'page') return false;
  const { lastPagedAt } = incident;
  return lastPagedAt === undefined || now >= lastPagedAt + (alerts?.silenceHours ?? 0) * HOUR_MS;
}

const silenced: Stage = ({ incident, change }, { alerts, now }) => {
  const { lastNotifiedAt } = incident;
  if (alerts?.silenceHours === undefined || lastNotifiedAt === null) return undefined;
  if (change.kind === 'worse' || change.kind === 'reminder' || change.kind === 'escalated') return undefined;
  if (isEnd(change) && wasNotified({ incident, change })) return undefined;
  const until = lastNotifiedAt + alerts.silenceHours * HOUR_MS;
  if (now >= until) return undefined;
  return putOff('silence', until, `silence period of ${alerts.silenceHours} h until ${formatTime(until)}`);
};

/** What the rule that decides the change makes of it. */
export function byRule(
  rule: AlertRule | undefined,
  { incident, change }: Undecided,
  now: number,
): HeldBack | undefined {
  if (rule === undefined) return { outcome: 'held', stage: 'rule', reason: 'no rule matches', until: null };
  if (rule.action === 'hold') return { outcome: 'held', stage: 'rule', reason: `rule ${rule.name}`, until: null };
  const until =
    isBeginning(change) || change.kind === 'worse' ? cooldownEnd(rule, incident.lastNotifiedAt, now) : undefined;
  if (until === undefined) return undefined;
  return putOff('rule', until, `cool-down of rule ${rule.name} until ${formatTime(until)}`);
}

/** What is not severe enough to disturb anybody waits until the morning. */
export const quietHours: Stage = ({ incident: { resource }, change }, { alerts, now }) => {
  const matching = (alerts?.quietHours ?? []).filter(
    ({ match, below }) => matchesHost(match, resource) && compareSeverity(change.severity, below) < 0,
  );
  const until = quietEnd(matching, now);
  return until === undefined ? undefined : putOff('quiet_hours', until, `quiet hours until ${formatTime(until)}`);
};

/**
 * What an alert policy would have done with the changes of a tenant's log: they are decided again, in the order in which they were recorded,
 * by the same chain. Reminders follow from the policy and are left out; what people acknowledged meanwhile is not known.
 */
import type { Alerts } from '../../model/alerts.ts';
import type { Change } from '../../model/change.ts';
import type { Decision } from '../../model/decision.ts';
import { type Incident, incidentKeyText } from '../../model/incident.ts';
import type { Label, Mute } from '../../model/mute.ts';
import type { HostEnvironment } from '../../model/policy.ts';
import type { Resource } from '../../model/series.ts';
import { decideAll } from './decide-all.ts';
import { fleetKeysOf } from './fleet.ts';
import type { Undecided } from './undecided.ts';

/** A change of the log, with the incident that it is of as far as the log has it. */
export interface LoggedChange {
  readonly key: Incident['key'];
  readonly resource: Resource;
  readonly change: Change;
}

export interface ReplayPolicy {
  readonly mutes: readonly Mute[];
  readonly labels: readonly Label[];
  /** Of the account of a host. */
  alertsOf(host: Resource): Alerts | undefined;
  environmentOf(host: Resource): HostEnvironment;
}

export interface Redecided {
  readonly key: Incident['key'];
  readonly change: Change;
  readonly decision: Decision;
  /** When it was decided for good, epoch milliseconds. */
  readonly at: number;
}

/** Changes that were recorded within so long were decided together: a run closes once. */
const TOGETHER_MS = 10 * 60_000;

/** @param logged In any order. What is put off at the end of the log stays put off. */
export function replayPolicy(logged: readonly LoggedChange[], policy: ReplayPolicy): Redecided[] {
  const replay = createReplay(policy);
  const changes = logged.filter(({ key, change }) => key.finding !== 'fleet' && !isReminder(change));
  const batches = Map.groupBy(changes, ({ change }) => Math.floor(change.recordedAt / TOGETHER_MS));
  for (const index of [...batches.keys()].sort((a, b) => a - b)) {
    replay.advanceTo(index * TOGETHER_MS);
    replay.decide(batches.get(index) ?? [], (index + 1) * TOGETHER_MS);
  }
  return replay.finish();
}

function isReminder({ kind }: Change): boolean {
  return kind === 'reminder' || kind === 'escalated';
}

function createReplay(policy: ReplayPolicy) {
  const incidents = new Map<string, Incident>();
  const decided: Redecided[] = [];
  const waiting = new Map<string, Redecided>();

  function decideAccount(items: readonly Undecided[], host: Resource, now: number): void {
    const beside = besides(incidents, items, host);
    const { mutes, labels, environmentOf } = policy;
    const outcome = decideAll(items, { alerts: policy.alertsOf(host), now, mutes, labels, ...beside, environmentOf });
    for (const fleet of outcome.fleets) incidents.set(incidentKeyText(fleet.key), fleet);
    for (const { incident, change, decision } of outcome.decisions) take(incident, change, decision, now);
  }

  function take({ key }: Incident, change: Change, decision: Decision, at: number): void {
    const id = incidentKeyText(key);
    const incident = incidents.get(id);
    if (incident === undefined) return;
    const redecided = { key, change, decision, at };
    const changeKey = `${id} ${change.number}`;
    waiting.delete(changeKey);
    const others = incident.undecided.filter(({ number }) => number !== change.number);
    if (decision.outcome === 'put_off' && decision.until !== null) {
      waiting.set(changeKey, redecided);
      incidents.set(id, { ...incident, undecided: [...others, { ...change, notBefore: decision.until }] });
      return;
    }
    const lastNotifiedAt = decision.outcome === 'sent' ? at : incident.lastNotifiedAt;
    const paged = decision.outcome === 'sent' && decision.page ? { lastPagedAt: at } : {};
    const fleet = decision.fleet ?? incident.fleet;
    incidents.set(id, { ...incident, undecided: others, lastNotifiedAt, ...paged, fleet });
    decided.push(redecided);
  }

  function decide(items: readonly Undecided[], now: number): void {
    const byAccount = Map.groupBy(items, ({ incident: { key } }) => `${key.provider}/${key.account}`);
    for (const own of byAccount.values()) {
      const host = own[0]?.incident.resource;
      if (host !== undefined) decideAccount(own, host, now);
    }
  }

  const itemsOf = (changes: readonly Pick<LoggedChange, 'key' | 'change'>[]) =>
    changes.map(({ key, change }) => ({ incident: incidents.get(incidentKeyText(key)), change })).filter(hasIncident);

  return {
    decide(batch: readonly LoggedChange[], now: number): void {
      for (const logged of batch) {
        const id = incidentKeyText(logged.key);
        incidents.set(id, withLogged(incidents.get(id), logged));
      }
      decide(itemsOf(batch), now);
    },
    /** Decides what was put off until then, at its time. */
    advanceTo(now: number): void {
      for (let next = nextOf(waiting); next <= now; next = nextOf(waiting)) {
        decide(itemsOf([...waiting.values()].filter(({ decision }) => decision.until === next)), next);
      }
    },
    finish: (): Redecided[] => [...decided, ...waiting.values()],
  };
}

/** The incidents of an account that decide with its changes: of fleets, and of containers. */
function besides(incidents: ReadonlyMap<string, Incident>, items: readonly Undecided[], { account }: Resource) {
  const keys = fleetKeysOf(items).map(incidentKeyText);
  const known = [...incidents.values()].filter(({ key }) => key.account === account);
  const isOfFleet = ({ key, status }: Incident) => status !== 'closed' || keys.includes(incidentKeyText(key));
  return { fleets: known.filter(isFleet).filter(isOfFleet), containers: known.filter(isOpenContainer) };
}

/** When the first change that is put off is due. */
function nextOf(waiting: ReadonlyMap<string, Redecided>): number {
  return Math.min(...[...waiting.values()].map(({ decision }) => decision.until ?? Number.POSITIVE_INFINITY));
}

function isFleet({ key }: Incident): boolean {
  return key.finding === 'fleet';
}

function isOpenContainer({ resource, status }: Incident): boolean {
  return resource.kind === 'container' && (status === 'open' || status === 'suspected');
}

function hasIncident(item: { readonly incident: Incident | undefined; readonly change: Change }): item is Undecided {
  return item.incident !== undefined;
}

/** The incident as it was when the change was recorded, as far as its changes state it. */
function withLogged(before: Incident | undefined, { key, resource, change }: LoggedChange): Incident {
  const { episode, at, severity, number } = change;
  const { cycle } = change.cycles;
  const isSameCycle = before !== undefined && before.episode === episode && before.cycle === cycle;
  const begun = isSameCycle ? before.cycleSince : at;
  return {
    key,
    resource,
    status: change.kind === 'recovered' || change.kind === 'cleared' ? 'closed' : 'open',
    episode,
    severity,
    asOf: at,
    since: before?.episode === episode ? before.since : at,
    steadyRuns: 0,
    cycle,
    cycleSince: begun,
    openedAt: begun,
    endedAt: null,
    transition: number,
    lastChangeAt: at,
    undecided: before?.undecided ?? [],
    outbox: [],
    dropped: 0,
    lastNotifiedAt: before?.lastNotifiedAt ?? null,
    ...(before?.lastPagedAt !== undefined && { lastPagedAt: before.lastPagedAt }),
    acknowledged: null,
    owner: null,
    fleet: before?.fleet ?? null,
    changedAt: at,
  };
}

/**
 * The last stage: the changes of one incident beside each other. What was put off and is over by then is dropped, an end is not sent of what
 * nobody was notified of, and nothing overtakes the opening that it belongs to.
 */
import { formatTime } from '../../messages/times.ts';
import type { HeldBack } from './stages.ts';
import { isBeginning, isEnd, type Undecided, wasNotified } from './undecided.ts';

export interface Examined {
  readonly item: Undecided;
  /** Why it is sent, where it is. */
  readonly rule: string;
  /** Why it is held back; undefined where it is sent. */
  readonly held: HeldBack | undefined;
  /** Whether it wakes somebody up, where it is sent. */
  readonly page: boolean;
}

/** @param changes Of one incident, in the order of their numbers. */
export function inContext(changes: readonly Examined[]): Examined[] {
  return caughtUp(withoutEnds(withoutStale(changes)));
}

function dropped(examined: Examined, reason: string): Examined {
  return { ...examined, held: { outcome: 'held', stage: 'order', reason, until: null }, page: false };
}

function isPutOff({ held }: Examined): boolean {
  return held?.outcome === 'put_off';
}

/** Was put off, and is put off again or could be sent now. */
function wasPutOff(examined: Examined): boolean {
  return isPutOff(examined) || (examined.held === undefined && examined.item.change.notBefore !== undefined);
}

/** Without what was put off and is over, or is contained in what came after it. */
function withoutStale(changes: readonly Examined[]): Examined[] {
  return changes.map((examined, index) => {
    const { change } = examined.item;
    if (!wasPutOff(examined) || isEnd(change)) return examined;
    const later = changes.slice(index + 1).map(({ item }) => item.change);
    const end = later.find(isEnd);
    if (end !== undefined) return dropped(examined, `over before it was sent: ${end.kind} at ${formatTime(end.at)}`);
    const next = later.find((one) => contains(one.kind, change.kind));
    return next === undefined ? examined : dropped(examined, `${next.kind} at ${formatTime(next.at)} states more`);
  });
}

type Kind = Undecided['change']['kind'];

/** Whether a later change of one kind makes an earlier one of the other pointless. An opening stays: what follows refers to it. */
function contains(later: Kind, earlier: Kind): boolean {
  if (earlier === 'suspected') return later === 'opened';
  if (earlier === 'opened') return false;
  return later === 'opened' || later === earlier || later === 'worse' || later === 'better';
}

/** Kinds that mean something to those alone who were notified that it began. */
function needsBeginning(kind: Kind): boolean {
  return isEnd({ kind }) || kind === 'better' || kind === 'no_data';
}

function withoutEnds(changes: readonly Examined[]): Examined[] {
  const [first] = changes;
  let isKnown = first !== undefined && wasNotified(first.item);
  return changes.map((examined) => {
    const { item, held } = examined;
    if (isPointless(item)) return dropped(examined, pointless(item));
    if (held?.outcome !== 'held' && needsBeginning(item.change.kind) && !isKnown && !isAwaited(examined, changes)) {
      return dropped(examined, 'nobody was notified that it began');
    }
    if (held === undefined) isKnown = !isEnd(item.change);
    return examined;
  });
}

/** Whether a beginning before it is put off, so that it may be sent yet. */
function isAwaited({ item }: Examined, changes: readonly Examined[]): boolean {
  return changes.some(
    (one) => isPutOff(one) && isBeginning(one.item.change) && one.item.change.number < item.change.number,
  );
}

/** A reminder of an incident that somebody takes care of, or that is over. */
function isPointless({ incident, change }: Undecided): boolean {
  if (change.kind !== 'reminder' && change.kind !== 'escalated') return false;
  return incident.acknowledged !== null || incident.status === 'closed' || incident.status === 'watched';
}

function pointless({ incident: { acknowledged } }: Undecided): string {
  return acknowledged === null ? 'it is over' : 'it is acknowledged';
}

/**
 * A change that is sent takes with it the opening before it, which wakes nobody by itself where what is sent after it does; other changes
 * before it are dropped.
 */
function caughtUp(changes: readonly Examined[]): Examined[] {
  const last = changes.findLastIndex(({ held }) => held === undefined);
  return changes.map((examined, index) => {
    if (index > last || !isPutOff(examined)) return examined;
    const { change } = examined.item;
    if (isBeginning(change)) {
      const isPagedLater = changes.slice(index + 1).some(({ held, page }) => held === undefined && page);
      return { ...examined, held: undefined, page: examined.page && !isPagedLater };
    }
    return dropped(examined, 'a later change is sent');
  });
}

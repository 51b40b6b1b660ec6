/**
 * What an incident's item has room for: an item of the table has 400 KB. What there is no room for leaves with its facts; it is
 * counted, logged, and reported with the next message.
 */
import type { Change, ChangeKind } from '../model/change.ts';
import type { OutboxEntry } from '../model/incident.ts';

/** Changes that wait for their decision, and their bytes. Most are decided within minutes; quiet hours put some off until morning. */
export const MAX_UNDECIDED = 20;
const MAX_UNDECIDED_BYTES = 80 * 1024;

/** Bodies that wait for their topic, and the bytes of all entries of the outbox. */
export const MAX_BODIES = 20;
export const MAX_OUTBOX_BYTES = 224 * 1024;

/** Entries without a body, each below a kilobyte: they wait for the log alone. The oldest leave without it. */
export const MAX_BARE = 60;

const UNDECIDED_LEFT = 'no room was left for it on its incident before it was decided';
const BODY_LEFT = 'no room was left for it in the outbox while the topic did not accept messages';

/** What leaves early: what comes after it states more than it does. */
const INTERIM: readonly ChangeKind[] = ['worse', 'better', 'reminder', 'escalated'];
const BEGINS: readonly ChangeKind[] = ['suspected', 'opened'];
const ENDS: readonly ChangeKind[] = ['recovered', 'cleared', 'host_gone'];

/** @param changes Oldest first; the newest one stays. What leaves counts as held back. */
export function boundedUndecided(changes: readonly Change[]): {
  readonly kept: readonly Change[];
  readonly left: readonly OutboxEntry[];
} {
  let kept = changes;
  while (kept.length > 1 && (kept.length > MAX_UNDECIDED || bytesOf(kept) > MAX_UNDECIDED_BYTES)) {
    const leaving = firstToLeave(kept);
    kept = kept.filter(({ number }) => !leaving.has(number));
  }
  const left = changes.filter((change) => !kept.includes(change)).map(heldForRoom);
  return { kept, left };
}

/**
 * @param entries Oldest first; the newest body stays.
 * @returns The entries, of which some have lost their body, and how many changes were lost: bodies, those that a lost body was to report, and
 *   entries that were held back and leave before the log has them. An entry that lost its body was counted then.
 */
export function boundedOutbox(entries: readonly OutboxEntry[]): {
  readonly outbox: readonly OutboxEntry[];
  readonly dropped: number;
} {
  let outbox = entries;
  let dropped = 0;
  for (;;) {
    const waiting = outbox.filter(({ body }) => body !== null);
    if (waiting.length <= 1) break;
    if (waiting.length <= MAX_BODIES && bytesOf(outbox) <= MAX_OUTBOX_BYTES) break;
    const leaving = firstToLeave(waiting.map(({ change }) => change));
    for (const { change, body } of waiting) if (leaving.has(change.number)) dropped += 1 + (body?.data.dropped ?? 0);
    outbox = outbox.map((entry) =>
      entry.body !== null && leaving.has(entry.change.number) ? withoutBody(entry) : entry,
    );
  }
  const tooMany = bareToLeave(outbox);
  dropped += [...tooMany].filter(isLost).length;
  return { outbox: outbox.filter((entry) => !tooMany.has(entry)), dropped };
}

/** Entries that wait for the log alone, for which there is no room. */
function bareToLeave(outbox: readonly OutboxEntry[]): ReadonlySet<OutboxEntry> {
  const bare = outbox.filter(({ body }) => body === null);
  return new Set(bare.slice(0, Math.max(0, bare.length - MAX_BARE)));
}

/** Whether nothing has counted it so far. A change that was put off is still undecided: its entry alone is lost. */
function isLost({ dropped, decision }: OutboxEntry): boolean {
  return dropped === null && decision.outcome !== 'put_off';
}

/**
 * The numbers of the changes that leave first. A growth of which both beginning and end wait goes entirely: nobody has heard of it, and
 * it is over. Then what lies between a beginning and an end goes, then what is oldest.
 */
function firstToLeave(changes: readonly Change[]): ReadonlySet<number> {
  const newest = changes.at(-1);
  const older = changes.slice(0, -1);
  const growths = Object.values(Object.groupBy(older, growthOf)).filter((growth) => growth !== undefined);
  const isOver = (growth: readonly Change[]) =>
    growth.some(({ kind }) => BEGINS.includes(kind)) && growth.some(({ kind }) => ENDS.includes(kind));
  const over = growths.find((growth) => isOver(growth) && growth.every((change) => !isOfGrowth(change, newest)));
  const interim = older.find(({ kind }) => INTERIM.includes(kind)) ?? older[0];
  const leaving = over ?? (interim ? [interim] : []);
  return new Set(leaving.map(({ number }) => number));
}

function growthOf({ episode, cycles }: Change): string {
  return `${episode} ${cycles.cycle}`;
}

function isOfGrowth(change: Change, other: Change | undefined): boolean {
  return other !== undefined && growthOf(change) === growthOf(other);
}

function heldForRoom(change: Change): OutboxEntry {
  const nobody = { page: false, receivers: [], until: null, fleet: null, runbook: null };
  const decision = { outcome: 'held', stage: null, reason: UNDECIDED_LEFT, ...nobody } as const;
  return { change: withoutFacts(change), decision, body: null, dropped: UNDECIDED_LEFT };
}

function withoutBody(entry: OutboxEntry): OutboxEntry {
  return { ...entry, change: withoutFacts(entry.change), body: null, dropped: BODY_LEFT };
}

/** What is left of a change when there is no room for its facts. */
export function withoutFacts({ leak: _, early: __, anomaly: ___, ...change }: Change): Change {
  return change;
}

function bytesOf(value: readonly unknown[]): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** What grew most in a cycle, remembered for the message about the next one. Pure. */
import type { Change } from '../model/change.ts';
import type { Incident } from '../model/incident.ts';
import type { NotificationData } from '../model/notification.ts';

type Grown = NonNullable<Incident['grewMost']>[number];
type LastCycle = NonNullable<NonNullable<NotificationData['context']>['lastCycle']>;

/** The present cycle and the one before. */
const KEPT = 2;

/** The incident with what the change states about its cycle. A change that is taken in again changes nothing. */
export function withGrewMost(incident: Incident, change: Change): Incident {
  const { grewMost = [] } = incident;
  const before = grewMost.find((one) => isOf(one, change));
  const now = grownIn(change, before);
  if (now === undefined || now === before) return incident;
  const others = grewMost.filter((one) => !isOf(one, change));
  return { ...incident, grewMost: [...others, now].toSorted(byCycle).slice(-KEPT) };
}

function isOf({ episode, cycle }: Grown, change: Change): boolean {
  return episode === change.episode && cycle === change.cycles.cycle;
}

function byCycle(a: Grown, b: Grown): number {
  return a.episode - b.episode || a.cycle - b.cycle;
}

/** The later statement about a cycle is about more of its growth. */
function grownIn({ episode, cycles, leak, end }: Change, before: Grown | undefined): Grown | undefined {
  const top = leak?.attribution?.kind === 'attributed' ? leak.attribution.grown[0] : undefined;
  if (top !== undefined) {
    const { kind, name, namespace, rise } = top;
    const consumer = { kind, name, ...(namespace !== undefined && { namespace }) };
    return { episode, cycle: cycles.cycle, consumer, rise: rise.estimate, ended: end?.how ?? null };
  }
  return before === undefined || end === undefined ? before : { ...before, ended: end.how };
}

/** What grew most in the cycle before the one that a change begins; undefined where that is not known, and of every other change. */
export function lastCycleOf({ grewMost = [] }: Incident, { kind, episode, cycles }: Change): LastCycle | undefined {
  if (kind !== 'opened' && kind !== 'suspected') return undefined;
  const last = grewMost.findLast((one) => one.episode === episode && one.cycle < cycles.cycle);
  return last && { ...last.consumer, rise: last.rise, ...(last.ended !== null && { ended: last.ended }) };
}

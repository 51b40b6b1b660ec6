/** A change that nothing was decided about, with its incident; and the facts of it that several stages look at. */
import type { Change } from '../../model/change.ts';
import { compareSeverity, type Severity } from '../../model/finding.ts';
import { changeId, type Incident } from '../../model/incident.ts';
import type { Unit } from '../../model/series.ts';

export interface Undecided {
  readonly incident: Incident;
  readonly change: Change;
}

/** Kinds that state that a growth is over, or that nothing is known of it any more. */
const ENDS: ReadonlySet<Change['kind']> = new Set(['recovered', 'cleared', 'host_gone']);

export function isEnd({ kind }: Pick<Change, 'kind'>): boolean {
  return ENDS.has(kind);
}

/** Kinds that begin a growth: a suspicion, and a cycle that is confirmed. */
export function isBeginning({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === 'suspected' || kind === 'opened';
}

/** Whether a change states that the growth goes on, and is worth a notification though nobody knows of it yet. */
export function statesGrowth({ kind }: Pick<Change, 'kind'>): boolean {
  return !isEnd({ kind }) && kind !== 'better' && kind !== 'no_data';
}

/** Whether somebody was notified of the growth that a change is about, before any of the changes that are decided now. */
export function wasNotified({ incident, change }: Undecided): boolean {
  const { lastNotifiedAt, cycle, cycleSince, episode } = incident;
  const isCurrent = change.episode === episode && change.cycles.cycle === cycle;
  return lastNotifiedAt !== null && lastNotifiedAt >= (isCurrent ? cycleSince : change.cycles.firstAt);
}

/** Id of the change: of its message, and of its entry in the log. */
export function idOf({ incident, change }: Undecided): string {
  return changeId(incident.key, change);
}

/** By time, then by incident and number: whatever order changes come in, the same is decided. */
export function inOrder<Item extends Undecided>(items: readonly Item[]): Item[] {
  const ids = new Map(items.map((item) => [item, incidentText(item)]));
  return items.toSorted(
    (a, b) =>
      a.change.at - b.change.at || compareText(ids.get(a) ?? '', ids.get(b) ?? '') || a.change.number - b.change.number,
  );
}

/** The incident of a change, as one text that all of its changes share. */
export function incidentText({ incident, change }: Undecided): string {
  return idOf({ incident, change: { ...change, number: 0 } });
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Percent an hour: of the capacity, or of the level where the capacity is not known. Undefined of a change that states no leak.
 */
export function growthOf({
  leak,
}: Pick<Change, 'leak'> | { readonly leak: Change['lastFinding'] }): number | undefined {
  if (leak === undefined) return undefined;
  const { estimate } = leak.growthPerHour;
  return leak.unit === PERCENT ? estimate * 100 : (estimate / Math.max(leak.level, 1)) * 100;
}

const PERCENT: Unit = '1';

/** Hours since the growth began; where that may be before the samples, since it is known to go on. */
export function durationHours({ leak, at }: Change): number | undefined {
  if (leak?.onset == null) return undefined;
  return (at - Date.parse(leak.onset.latest)) / HOUR_MS;
}

export function greaterSeverity(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) >= 0 ? a : b;
}

export const HOUR_MS = 3_600_000;

/** Replays a story from hand-made hours: what the floors are, and what the verdict of each hour is. */
import { advance } from '../../../../core/incidents/story/advance.ts';
import type { Advanced, Happened } from '../../../../core/incidents/story/advanced.ts';
import type { Facts, Verdicts } from '../../../../core/incidents/story/facts.ts';
import type { Severity } from '../../../../core/model/finding.ts';
import type { Story } from '../../../../core/model/story.ts';
import type { Grade } from '../../../../core/model/verdict.ts';
import { HOUR, NOON } from '../../../fixtures/builders.ts';

/** What the verdict of an hour is: its grade, with a severity; of a steady host its confidence, or that a refill decided. */
export type Hour = `${Grade}${'' | ` ${Severity}`}` | number | 'none' | 'refilling';

export interface Reported {
  readonly hour: number;
  readonly happened: Happened;
}

export interface Plot {
  readonly hours: number;
  /** Points at an hour; hours before the first one are negative. */
  readonly level: (hour: number) => number;
  readonly verdict: (hour: number) => Hour;
  /** Points an hour that findings state, and their confidences. */
  readonly rate?: number;
  readonly confidence?: number;
  readonly lasting?: number;
  /** Hours between two inspections. */
  readonly every?: number;
  /** Hours at which restarts were seen. */
  readonly restarts?: readonly number[];
  readonly recoverAfter?: number;
}

const WINDOW = 100;

export function factsAt(
  hour: number,
  { level, verdict, rate = 0.5, confidence = 0.9, lasting = 0.8, restarts = [] }: Plot,
): Facts {
  const at = NOON + hour * HOUR;
  const of = verdict(hour);
  if (of === 'none') return { kind: 'no_verdict', at };
  const hourly = Float64Array.from({ length: WINDOW }, (_, index) => level(hour - WINDOW + 1 + index));
  const seen = restarts.filter((restart) => restart <= hour && restart > hour - WINDOW).at(-1);
  const facts: Omit<Verdicts, 'grade' | 'confidence' | 'leak'> = {
    kind: 'verdict',
    at,
    isFull: level(hour) >= 90,
    capacity: 1,
    refills: of === 'refilling',
    restartedAt: seen === undefined ? null : NOON + seen * HOUR,
    floors: { end: at, hourly, known: Array.from(hourly, () => true) },
  };
  if (typeof of === 'number' || of === 'refilling') {
    return { ...facts, grade: null, confidence: of === 'refilling' ? 0.2 : of, leak: null };
  }
  const [grade, severity = 'low'] = of.split(' ');
  const leak = { severity: severity as Severity, rate, since: at - 12 * HOUR, lasting };
  return { ...facts, grade: grade === 'confirmed' ? 'confirmed' : 'suspected', confidence, leak };
}

/** Everything that happened, and what is remembered at the end. */
export function replayed(plot: Plot): { readonly events: readonly Reported[]; readonly story: Story | undefined } {
  const { hours, every = 1, recoverAfter = 4 } = plot;
  const events: Reported[] = [];
  let story: Story | undefined;
  for (let hour = 0; hour <= hours; hour += every) {
    const next: Advanced = advance(story, factsAt(hour, plot), { recoverAfter });
    if (next.happened) events.push({ hour, happened: next.happened });
    story = next.story ?? undefined;
  }
  return { events, story };
}

export function kindsOf(events: readonly Reported[]): string[] {
  return events.map(({ hour, happened }) => `${hour} ${happened.kind}`);
}

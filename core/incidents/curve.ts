/** The curve of an incident, from the facts that its changes keep: what was measured, and when the memory is expected to be full. */
import type { NotificationData, NotificationLeak } from '../model/notification.ts';
import type { Resource, Unit, Window } from '../model/series.ts';
import type { Described, Story } from './incident-story.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What is older than so much before the newest sample would press the newest growth into a few columns. */
const LONGEST_PAST = 14 * DAY;

/** Times are epoch milliseconds, levels in `unit`. */
export interface IncidentCurve {
  readonly host: Resource;
  readonly unit: Unit;
  readonly periodMs: number;
  /** Where it begins, which may be before the first sample. */
  readonly start: number;
  /** The newest sample, or the end of what was evaluated. */
  readonly last: number;
  /** Time and level, in the order of time. */
  readonly samples: readonly (readonly [at: number, value: number])[];
  readonly evaluated: Window;
  readonly onset: Window | null;
  /** The latest floor. */
  readonly level: number;
  /** As it was expected last; null where nobody knows, and where it is over. */
  readonly exhaustion: Expected | null;
  /** The newest message that states a leak. */
  readonly data: NotificationData;
  readonly isOver: boolean;
}

interface Expected {
  readonly earliest: number;
  readonly likely: number;
  readonly latest: number | null;
}

/** Kinds of changes after which nothing grows. */
const ENDS: ReadonlySet<string> = new Set(['recovered', 'cleared', 'host_gone']);

/** Undefined where no change states a leak. */
export function curveOf({ described }: Pick<Story, 'described'>): IncidentCurve | undefined {
  const newest = described.find(({ body }) => body.data.leak !== undefined);
  const leak = newest?.body.data.leak;
  if (newest === undefined || leak === undefined) return undefined;
  const all = samplesOf(described, leak);
  const evaluated = { start: Date.parse(leak.evaluated.start), end: Date.parse(leak.evaluated.end) };
  const last = all.at(-1)?.[0] ?? evaluated.end;
  const first = Math.min(evaluated.start, all[0]?.[0] ?? Number.POSITIVE_INFINITY);
  const start = Math.max(last - LONGEST_PAST, first);
  const isOver = ENDS.has(described[0]?.change.kind ?? '');
  return {
    host: newest.body.data.host,
    unit: leak.unit,
    periodMs: periodOf(described),
    start,
    last,
    samples: all.filter(([at]) => at >= start),
    evaluated,
    onset: leak.onset && { start: Date.parse(leak.onset.earliest), end: Date.parse(leak.onset.latest) },
    level: leak.level,
    exhaustion: isOver ? null : expectedOf(leak),
    data: newest.body.data,
    isOver,
  };
}

/** Samples of all changes in the order of time: each states its last hours, and the level at its end. */
function samplesOf(described: readonly Described[], { unit }: NotificationLeak): [number, number][] {
  const samples = new Map<number, number>();
  for (const { body } of described) {
    const { leak } = body.data;
    if (leak?.unit !== unit) continue;
    const { curve } = leak;
    if (curve === undefined) samples.set(Date.parse(leak.evaluated.end), leak.level);
    curve?.values.forEach((value, index) => {
      if (value !== null) samples.set(Date.parse(curve.start) + index * curve.periodSeconds * 1000, value);
    });
  }
  return [...samples].sort(([a], [b]) => a - b);
}

function periodOf(described: readonly Described[]): number {
  const periods = described.flatMap(({ body }) => body.data.leak?.curve?.periodSeconds ?? []);
  return (periods.length === 0 ? 3600 : Math.max(...periods)) * 1000;
}

function expectedOf({ exhaustion }: NotificationLeak): Expected | null {
  if (exhaustion.kind !== 'expected') return null;
  const { earliest, likely, latest } = exhaustion;
  return {
    earliest: Date.parse(earliest),
    likely: Date.parse(likely),
    latest: latest === null ? null : Date.parse(latest),
  };
}

/**
 * What is known of the growth of an incident's host: from a read of its cloud where that found a leak, and from the newest message that
 * states one before, and where it found none any more.
 */
import type { AttributionView, CheckView, ConsumerView, HostMemoryView } from '../api/contract/hosts.ts';
import type { IncidentView } from '../api/contract/incidents.ts';
import type { ExhaustionView } from '../api/contract/places.ts';
import type { NotificationAttribution, NotificationLeak } from '../core/model/notification.ts';
import type { Unit } from '../core/model/series.ts';
import type { Interval } from '../core/model/verdict.ts';
import type { WrittenVote } from '../core/model/written-vote.ts';

/** Levels in `unit`, growth per hour. */
export interface LeakFacts {
  readonly source: 'read' | 'message';
  /** The end of what was evaluated, ISO 8601. */
  readonly asOf: string;
  readonly unit: Unit;
  readonly level: number;
  readonly growth: Interval;
  /** Hours before `asOf` over which growth was measured; null where it is not stated. */
  readonly growthHours: number | null;
  readonly evaluated: { readonly start: string; readonly end: string };
  readonly onset: { readonly start: string; readonly end: string; readonly leftCensored: boolean } | null;
  readonly exhaustion: ExhaustionView | null;
  /** Why nobody knows when the memory is full. */
  readonly exhaustionUnknown: string | null;
  readonly confidence: number;
  readonly grade: string;
  readonly pattern: { readonly name: string; readonly confidence: number } | null;
  readonly checks: readonly CheckView[];
  /** Empty where the host's own curve was all there was to go by. */
  readonly votes: readonly WrittenVote[];
  readonly decidedBy: string | null;
  readonly restarts: readonly string[];
  readonly attribution: Attribution | null;
}

/** One consumer, by whichever way it became known: a message keeps no curve. Bytes. */
export interface ConsumerFacts {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly before: number | null;
  readonly after: number;
  readonly rise: Interval | null;
  readonly share: Interval | null;
  readonly since: string | null;
  readonly restarts: number;
  readonly note: string | null;
  readonly curve: ConsumerView['curve'];
}

export type Attribution =
  | {
      readonly kind: 'attributed';
      readonly source: LeakFacts['source'];
      readonly window: { readonly start: string; readonly end: string };
      readonly basis: 'host' | 'consumers';
      readonly rise: Interval;
      readonly consumers: number;
      readonly grown: readonly ConsumerFacts[];
      readonly largest: readonly ConsumerFacts[];
      readonly unexplained: {
        readonly rise: Interval;
        readonly share: Interval | null;
        readonly message: string;
      } | null;
    }
  | { readonly kind: 'unattributed'; readonly source: LeakFacts['source']; readonly message: string };

/** Undefined where neither a message nor the read states a leak, as of a fleet's incident. */
export function leakFactsOf(incident: IncidentView, memory: HostMemoryView | undefined): LeakFacts | undefined {
  const fromMessage = messageFacts(incident);
  const fromRead = memory && readFacts(memory);
  if (fromRead === undefined) return fromMessage;
  if (fromRead.attribution?.kind === 'attributed' || fromMessage?.attribution?.kind !== 'attributed') return fromRead;
  return { ...fromRead, attribution: fromMessage.attribution };
}

function messageFacts({ lastLeak }: IncidentView): LeakFacts | undefined {
  return lastLeak === null ? undefined : factsOfLeak(lastLeak);
}

function factsOfLeak(leak: NotificationLeak): LeakFacts {
  const { exhaustion, onset, attribution, checks } = leak;
  return {
    source: 'message',
    asOf: leak.evaluated.end,
    unit: leak.unit,
    level: leak.level,
    growth: leak.growthPerHour,
    growthHours: null,
    evaluated: leak.evaluated,
    onset: onset && { start: onset.earliest, end: onset.latest, leftCensored: onset.leftCensored },
    exhaustion: exhaustion.kind === 'expected' ? exhaustion : null,
    exhaustionUnknown: exhaustion.kind === 'expected' ? null : exhaustion.message,
    confidence: leak.confidence,
    grade: leak.grade,
    pattern: leak.pattern,
    checks: checks.map((check) => ({ ...check, weight: null })),
    votes: leak.votes ?? [],
    decidedBy: leak.decidedBy ?? null,
    restarts: leak.restarts ?? [],
    attribution: attribution === undefined ? null : attributionOfMessage(attribution),
  };
}

function attributionOfMessage(attribution: NotificationAttribution): Attribution {
  if (attribution.kind === 'unattributed') {
    return { kind: 'unattributed', source: 'message', message: attribution.message };
  }
  const { grown, largest, unexplained } = attribution;
  return {
    kind: 'attributed',
    source: 'message',
    window: attribution.window,
    basis: attribution.basis,
    rise: attribution.rise,
    consumers: attribution.consumers,
    grown: grown.map((one) => ({ ...one, namespace: one.namespace ?? null, note: one.message, curve: null })),
    largest: largest.map((one) => ({
      kind: one.kind,
      name: one.name,
      namespace: one.namespace ?? null,
      after: one.after,
      ...NOT_KEPT,
    })),
    unexplained,
  };
}

/** A message keeps of the largest only how large they are. */
const NOT_KEPT = { before: null, rise: null, share: null, since: null, restarts: 0, note: null, curve: null } as const;

/** Undefined where the host does not leak by what was read. */
function readFacts(memory: HostMemoryView): LeakFacts | undefined {
  const { evaluated, growth, level, confidence, attribution } = memory;
  if (memory.verdict !== 'leaking' || evaluated === null || growth === null || level === null) return undefined;
  return {
    source: 'read',
    asOf: evaluated.end,
    unit: memory.unit,
    level,
    growth,
    growthHours: memory.growthHours,
    evaluated,
    onset: memory.onset,
    exhaustion: memory.exhaustion,
    exhaustionUnknown: memory.exhaustionUnknown,
    confidence: confidence ?? 0,
    grade: memory.grade ?? 'suspected',
    pattern: memory.pattern,
    checks: memory.checks,
    votes: memory.votes,
    decidedBy: memory.decidedBy,
    restarts: memory.restarts,
    attribution: attribution && attributionOfRead(attribution),
  };
}

export function attributionOfRead(attribution: AttributionView): Attribution {
  if (attribution.kind === 'unattributed') {
    return { kind: 'unattributed', source: 'read', message: attribution.message };
  }
  const consumer = (one: ConsumerView): ConsumerFacts => ({ ...one, restarts: one.restarts.length });
  return {
    ...attribution,
    source: 'read',
    grown: attribution.grown.map(consumer),
    largest: attribution.largest.map(consumer),
  };
}

/** The highest sample from when the incident was noticed until its end; undefined where none of that time was read. */
export function highestOf(
  { since, endedAt }: IncidentView,
  { samples: { times, values }, unit }: HostMemoryView,
): { readonly at: string; readonly value: number; readonly unit: Unit } | undefined {
  const [from, to] = [
    Date.parse(since) / 1000,
    endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt) / 1000,
  ];
  let highest: { at: number; value: number } | undefined;
  times.forEach((at, index) => {
    const value = values[index];
    if (value === undefined || at < from || at > to) return;
    if (highest === undefined || value > highest.value) highest = { at, value };
  });
  return highest && { at: new Date(highest.at * 1000).toISOString(), value: highest.value, unit };
}

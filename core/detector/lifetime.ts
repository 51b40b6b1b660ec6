/** A host from its first sample on: its levels and rises at an age. */
import type { Resource, Series } from '../model/series.ts';
import { type CleanedSamples, clean, levelOf } from './clean.ts';
import { firstNotBefore, middle } from './order.ts';

const MINUTE_MS = 60_000;

/** A first sample this close to the start of what was read is no birth: some samples may be missing there. */
const BIRTH_MARGIN_MS = 30 * MINUTE_MS;

/** A host without a sample for this long is gone: it is a reference, and not compared itself. */
const GONE_AFTER_MS = 30 * MINUTE_MS;

/** A level is the median over this share of the age, so that a garbage collection or a request does not decide. */
const LEVEL_SHARE = 1 / 6;

/** The earlier age, as a share of the age, at which a host has to be apart as well. */
const EARLIER_SHARE = 2 / 3;

/**
 * Rises are counted from just after the birth, and also from this share of the age on: after a warm-up that was higher in one host
 * than in another, only what still grows separates them.
 */
const WARM_SHARE = 1 / 3;

/** From this age on, in milliseconds; before it the levels would overlap. */
const WARM_FROM_MS = 60 * MINUTE_MS;

/** Share of a level's periods that must hold a sample. */
const LEAST_COVERAGE = 0.5;

/** What levels at an age are taken from. */
interface Levels {
  readonly samples: CleanedSamples;
  readonly periodMs: number;
  /** The time of the first sample. */
  readonly birth: number;
  /** Milliseconds from the birth to the end of the last sample. */
  readonly length: number;
}

/** A host from its first sample on. */
export interface Lifetime extends Levels {
  readonly resource: Resource;
  /** Whether its first sample is not merely the first one that was read. */
  readonly beganInWindow: boolean;
  readonly isGone: boolean;
  /** Its rises at an age, computed once: every host is a reference of all others. */
  risesAt(age: number): readonly Rise[] | undefined;
}

/** Undefined where the series cannot be compared: it is malformed, empty, or in bytes of an unknown total. */
export function lifetimeOf({ window, periodMs, resource, ...series }: Series): Lifetime | undefined {
  const samples = clean({ window, periodMs, resource, ...series });
  const birth = samples?.times[0];
  const last = samples?.times.at(-1);
  if (samples === undefined || birth === undefined || last === undefined || !samples.limitKnown) return undefined;
  if (!(periodMs > 0)) return undefined;
  const levels: Levels = { samples, periodMs, birth, length: last + periodMs - birth };
  const known = new Map<number, readonly Rise[] | undefined>();
  return {
    ...levels,
    resource,
    beganInWindow: birth >= window.start + BIRTH_MARGIN_MS,
    isGone: window.end - last > GONE_AFTER_MS + periodMs,
    risesAt(age) {
      if (!known.has(age)) known.set(age, risesAt(levels, age));
      return known.get(age);
    },
  };
}

/** How far a level rose from one age on, in percentage points. */
export interface Rise {
  /** The age in milliseconds from which it is counted. */
  readonly from: number;
  /** The level at the age, in percent of the limit. */
  readonly level: number;
  /** To the age itself. */
  readonly now: number;
  /** To `EARLIER_SHARE` of it. */
  readonly earlier: number;
  /** How much of steady growth falls between the two. */
  readonly lateShare: number;
}

/** From just after the birth, and of a host that is old enough from `WARM_SHARE` on. Undefined where it has not reached the age, or lacks the samples. */
function risesAt(lifetime: Levels, age: number): readonly Rise[] | undefined {
  if (lifetime.length < age) return undefined;
  const width = Math.max(2 * lifetime.periodMs, age * LEVEL_SHARE);
  const earlier = levelIn(lifetime, age * EARLIER_SHARE - width, width);
  const now = levelIn(lifetime, age - width, width);
  const starts = age >= WARM_FROM_MS ? [0, age * WARM_SHARE] : [0];
  const rises = starts.map((from): Rise | undefined => {
    const first = levelIn(lifetime, from, width);
    if (first === undefined || earlier === undefined || now === undefined) return undefined;
    const lateShare = (age * (1 - EARLIER_SHARE)) / (age - from - width);
    return { from, level: now, now: now - first, earlier: earlier - first, lateShare };
  });
  return rises.every((rise) => rise !== undefined) ? rises : undefined;
}

/** The median level of the periods that begin within `width` ms from an age on, in percent; undefined where too few have a sample. */
function levelIn({ samples, birth, periodMs }: Levels, age: number, width: number): number | undefined {
  const from = firstNotBefore(samples.times, birth + age);
  const to = firstNotBefore(samples.times, birth + age + width);
  if (to - from < Math.max(1, Math.floor((width / periodMs) * LEAST_COVERAGE))) return undefined;
  return middle(samples.values.subarray(from, to).map((value) => levelOf(value, samples.capacity)));
}

/** Who grew on a host that grows like a leak: what its processes or pods say about the rise. */
import type { Consumer, Window } from './series.ts';
import { UNREADABLE_REASONS } from './series.ts';
import type { Interval } from './verdict.ts';

/** One consumer's part of the rise. Bytes. */
export interface Contribution {
  readonly consumer: Consumer;
  /** What it used at the beginning and at the end of the stretch that is compared: means over its first and last parts. */
  readonly before: number;
  readonly after: number;
  /** `after` less `before`. */
  readonly rise: Interval;
  /** Its rise over the whole one, as a fraction; null where the whole one is not clearly above zero. */
  readonly share: Interval | null;
  /** Epoch milliseconds at which it began, and the host rose with it; null where it was there from the beginning. */
  readonly since: number | null;
  /** Epoch milliseconds at which it gave back most of its memory and went on: it was restarted. Oldest first. */
  readonly restarts: readonly number[];
  /**
   * Null where it was collected throughout. Else one phrase that says from when or until when it was, though the host's
   * memory did not rise or fall with it: what it used beyond that is taken to be as much, and is no part of its rise.
   */
  readonly message: string | null;
}

/** What the host rose by and no consumer did. Negative where the consumers together grew by more than the host. */
export interface Unexplained {
  readonly rise: Interval;
  readonly share: Interval | null;
  /** One sentence that says what such a remainder usually is. */
  readonly message: string;
}

export interface Attributed {
  readonly kind: 'attributed';
  /** The stretch that is compared: the part of the judged one that decided, as far as consumers were collected. */
  readonly window: Window;
  /**
   * What shares are of. `host`: the rise of the host's own memory. `consumers`: what all consumers grew by together, because
   * the host's memory is known as a fraction and its capacity is not; nothing can then be said of what they do not explain.
   */
  readonly basis: 'host' | 'consumers';
  /** The rise that shares are of, in bytes. */
  readonly rise: Interval;
  /** How many consumers were compared. */
  readonly consumers: number;
  /** The ten that grew most, the one that grew most first, however small it still is. Empty where none grew. */
  readonly grown: readonly Contribution[];
  /** The ten that use most at the end. */
  readonly largest: readonly Contribution[];
  /** Null where shares are of the consumers' own rise. */
  readonly unexplained: Unexplained | null;
}

export const UNATTRIBUTED_REASONS = [
  ...UNREADABLE_REASONS,
  /** Nobody collects what the host's processes or pods use. */
  'not_collected',
  /** The provider has no such data. */
  'unsupported',
  /** There are figures, and they cannot be held against the host's memory. */
  'incommensurable',
  /** They have been collected for too short a time. */
  'too_little',
  /** They were not asked for: too many hosts leak at once. */
  'not_requested',
] as const;
export type UnattributedReason = (typeof UNATTRIBUTED_REASONS)[number];

export interface Unattributed {
  readonly kind: 'unattributed';
  readonly reason: UnattributedReason;
  /** What is the case, and what to do about it: how collection is turned on at the provider. */
  readonly message: string;
}

export type Attribution = Attributed | Unattributed;

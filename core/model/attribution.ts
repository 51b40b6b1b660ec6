/** Who grew on a host that grows like a leak: the parts that its processes or pods have in the rise. */
import * as z from 'zod';
import { EXACT, type Notation } from './notation.ts';
import { consumerSchema, UNITS, UNREADABLE_REASONS, windowSchema } from './series.ts';
import { intervalSchema } from './verdict.ts';

/** One consumer's part of the rise, in the unit of the attribution. */
export function contributionSchema<Time extends z.ZodType, Figure extends z.ZodType>(notation: Notation<Time, Figure>) {
  const { time, figure } = notation;
  return z
    .strictObject({
      consumer: consumerSchema,
      /** What it used at the beginning and at the end of the compared segment: means over its first and last parts. */
      before: figure,
      after: figure,
      /** `after` less `before`. */
      rise: intervalSchema(notation),
      /** Its rise as a fraction of the total rise; null where the total is not clearly above zero. */
      share: intervalSchema(notation).nullable(),
      /** When it began, and the host rose with it; null where it was there from the beginning. */
      since: time.nullable(),
      /** When it gave back most of its memory and went on: it was restarted. Oldest first. */
      restarts: z.array(time).readonly(),
      /**
       * From when and until when it was collected, where that is not the entire segment and the host's memory did not rise
       * or fall with it: its use beyond that is assumed to be constant, and is no part of its rise. Else null.
       */
      collectedFrom: time.nullable(),
      collectedUntil: time.nullable(),
    })
    .readonly();
}

/**
 * What such a remainder usually is. `not_collected`: memory of the kernel or of processes that nobody collects.
 * `counted_twice`: the consumers grew by more than the host. `noise`: they account for the rise.
 */
export const REMAINDERS = ['not_collected', 'counted_twice', 'noise'] as const;
export type Remainder = (typeof REMAINDERS)[number];

/** What the host rose by and no consumer did. Negative where the consumers together grew by more than the host. */
export function unexplainedSchema<Figure extends z.ZodType>(notation: Notation<z.ZodType, Figure>) {
  return z
    .strictObject({
      rise: intervalSchema(notation),
      share: intervalSchema(notation).nullable(),
      remainder: z.enum(REMAINDERS),
    })
    .readonly();
}

export function attributedSchema<Time extends z.ZodType, Figure extends z.ZodType>(notation: Notation<Time, Figure>) {
  return z
    .strictObject({
      kind: z.literal('attributed'),
      /** The segment that is compared: the part of the evaluated one that decided, as far as consumers were collected. */
      window: windowSchema(notation),
      /**
       * What shares are of. `host`: the rise of the host's own memory. `consumers`: the rise of all consumers together,
       * because the host's memory is known as a fraction and its capacity is not; the remainder is then unknown.
       */
      basis: z.enum(['host', 'consumers']),
      /** What all figures of use and of rises are in: `1` are fractions of the host's capacity. Absent: bytes. */
      unit: z.enum(UNITS).exactOptional(),
      /** The rise that shares are of. */
      rise: intervalSchema(notation),
      /** How many consumers were compared. */
      consumers: z.int(),
      /** The ten that grew most, the one that grew most first, however small it still is. Empty where none grew. */
      grown: z.array(contributionSchema(notation)).max(10).readonly(),
      /** The ten that use most at the end. */
      largest: z.array(contributionSchema(notation)).max(10).readonly(),
      /** Null where shares are of the consumers' own rise. */
      unexplained: unexplainedSchema(notation).nullable(),
    })
    .readonly();
}

export const UNATTRIBUTED_REASONS = [
  ...UNREADABLE_REASONS,
  /** Nobody collects what the host's processes or pods use. */
  'not_collected',
  /** The provider has no such data. */
  'unsupported',
  /** There are figures, and they cannot be compared with the host's memory. */
  'incommensurable',
  /** They have been collected for too short a time. */
  'too_little',
  /** They were not requested: too many hosts leak at once. */
  'not_requested',
] as const;
export type UnattributedReason = (typeof UNATTRIBUTED_REASONS)[number];

function unattributedSchema<Figure extends z.ZodType>(notation: Notation<z.ZodType, Figure>) {
  return z
    .strictObject({
      kind: z.literal('unattributed'),
      reason: z.enum(UNATTRIBUTED_REASONS),
      /** The source's own words: what failed, or how collection is turned on at the provider. Null where it has none. */
      detail: z.string().nullable(),
      /** Consumers that rose on this host or on another, by fractions of an unknown capacity: a trace and no more. */
      traces: z.array(z.strictObject({ consumer: consumerSchema, rise: notation.figure }).readonly()).readonly(),
    })
    .readonly();
}

/** Encode for programs: ISO times, all digits. */
export const attributedCodec = attributedSchema(EXACT);
export const contributionCodec = contributionSchema(EXACT);

const unattributed = unattributedSchema(EXACT);

export type Contribution = z.output<typeof contributionCodec>;
export type Attributed = z.output<typeof attributedCodec>;
export type Unattributed = z.output<typeof unattributed>;
export type Attribution = Attributed | Unattributed;
export type Unexplained = NonNullable<Attributed['unexplained']>;

/** A new host beside others of its group at the same age: the facts of an early finding. */
import * as z from 'zod';
import type { FindingKind } from './metrics.ts';
import { EXACT, type Notation } from './notation.ts';
import type { Resource, Unit, Window } from './series.ts';

/** Which hosts it was compared with: those that began before, those launched beside it, or both where neither are enough. */
const EARLY_REFERENCES = ['earlier', 'beside', 'both'] as const;

/** The rise of a host at an age, and that of the others at the same age. Levels and rises are fractions of the limit. */
export function equalAgeSchema<Time extends z.ZodType, Figure extends z.ZodType>({ figure }: Notation<Time, Figure>) {
  return z
    .strictObject({
      /** Hours since the host's first sample. */
      ageHours: figure,
      /** The age in hours from which the rise is counted: 0 where that is just after its first sample. */
      fromHours: figure,
      level: figure,
      rise: figure,
      references: z.enum(EARLY_REFERENCES),
      /** How many hosts it was compared with. */
      compared: z.int(),
      /** Their median rise, and their least and greatest. */
      others: z.strictObject({ low: figure, median: figure, high: figure }).readonly(),
      /** Robust deviations above their median rise. */
      deviations: figure,
    })
    .readonly();
}

const exact = equalAgeSchema(EXACT);
export type EqualAge = z.output<typeof exact>;
export type EarlyReferences = EqualAge['references'];

/** A new host that grows faster than the others of its group did at its age. */
export interface EarlyFinding {
  readonly kind: Extract<FindingKind, 'early'>;
  readonly resource: Resource;
  readonly metric: string;
  readonly unit: Unit;
  readonly window: Window;
  readonly comparison: EqualAge;
  /** The group as the scaling event names it, and the time of the event in epoch milliseconds. */
  readonly group: string;
  readonly eventAt: number;
}

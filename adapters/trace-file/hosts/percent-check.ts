/** Checks whether a host's percent may be fractions: read as percent, a leak would show at a hundredth of its size. */
import type { Sample } from '../entry.ts';

export interface PercentCheck {
  add(sample: Sample): void;
  /** Why the unit is doubtful, and which option settles it; undefined where it is not doubtful. */
  finish(): string | undefined;
}

/** Percent. A host that runs an operating system uses more of its memory, unless it has a hundred gigabytes. */
const DOUBTFUL_UP_TO = 1;

/** A unit that the value itself or `--unit` states is not doubtful. */
export function createPercentCheck(): PercentCheck {
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let isDoubtful = true;
  return {
    add({ baseUnit, value, isUnitCertain }) {
      if (value === null) return;
      if (baseUnit !== 'percent' || isUnitCertain || value > DOUBTFUL_UP_TO) isDoubtful = false;
      if (!isDoubtful) return;
      count++;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    },
    finish() {
      if (!isDoubtful || count === 0) return undefined;
      const range =
        count === 1
          ? `its only value is ${greatest}`
          : `all of its ${count.toLocaleString('en')} values are from ${least} to ${greatest}`;
      return `percent may be fractions, because ${range}: add --unit fraction, or --unit percent if it is percent`;
    },
  };
}

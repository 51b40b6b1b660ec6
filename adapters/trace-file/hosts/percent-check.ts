/** Whether a host's percent may be fractions: read as percent they show a leak as a hundredth of what it is. */
import type { Sample } from './entry.ts';

export interface UnitCheck {
  add(sample: Sample): void;
  /** What is doubtful and what settles it; undefined where nothing is. */
  finish(): string | undefined;
}

/** No host that runs an operating system uses less of its memory than this for long, unless it has a hundred gigabytes. */
const DOUBTFUL_UP_TO = 1;

/** A unit that stands at a value, or that `--unit` gives, is not doubted. */
export function createUnitCheck(): UnitCheck {
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let isDoubtful = true;
  return {
    add({ measure, value, isUnitCertain }) {
      if (value === null) return;
      if (measure !== 'percent' || isUnitCertain || value > DOUBTFUL_UP_TO) isDoubtful = false;
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

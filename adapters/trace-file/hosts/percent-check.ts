/** Checks whether a host's percent may be fractions: read as percent, a leak would show at a hundredth of its size. */
import type { Sample } from '../entry.ts';

export interface PercentCheck {
  add(sample: Sample): void;
  /** Why the unit is doubtful, and which option settles it; undefined where it is not doubtful. */
  finish(): string | undefined;
}

/**
 * Percent. A host that runs an operating system uses more of its memory, unless it has a hundred gigabytes; fractions of a host that
 * is full may be a little above 1.
 */
const DOUBTFUL_UP_TO = 1.05;

/** The share of a host's values up to that bound from which all are doubtful: single values may be spikes or wrong. */
const DOUBTFUL_SHARE = 0.95;

/** A unit that the value itself or `--unit` states is not doubtful. */
export function createPercentCheck(): PercentCheck {
  let count = 0;
  let above = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let isDoubtful = true;
  return {
    add({ baseUnit, value, isUnitCertain }) {
      if (value === null) return;
      if (baseUnit !== 'percent' || isUnitCertain) isDoubtful = false;
      count++;
      if (value > DOUBTFUL_UP_TO) {
        above++;
        return;
      }
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    },
    finish() {
      const within = count - above;
      if (!isDoubtful || within === 0 || within < DOUBTFUL_SHARE * count) return undefined;
      const all = count.toLocaleString('en');
      const range =
        count === 1
          ? `its only value is ${greatest}`
          : `${above === 0 ? 'all' : within.toLocaleString('en')} of its ${all} values are from ${least} to ${greatest}`;
      return `percent may be fractions, because ${range}: add --unit fraction, or --unit percent if it is percent`;
    },
  };
}

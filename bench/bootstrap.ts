/** Bootstrap interval of a score: how much it would vary over other series of the same kind. */
import { randomFrom } from './random.ts';

const DRAWS = 400;
const COVERED = 0.9;

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The middle 90 % of `scoreOf` over as many items, drawn with replacement (Efron 1979); the same items give the same
 * interval. NaN where no draw has a score.
 */
export function bootstrapInterval<Item>(
  items: readonly Item[],
  scoreOf: (drawn: readonly Item[]) => number,
): BootstrapInterval {
  const random = randomFrom(1);
  const scores: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = items.map((item) => items[Math.floor(random() * items.length)] ?? item);
    scores.push(scoreOf(drawn));
  }
  const ordered = scores.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => ordered[Math.round(share * (ordered.length - 1))] ?? Number.NaN;
  return { low: at((1 - COVERED) / 2), high: at((1 + COVERED) / 2) };
}

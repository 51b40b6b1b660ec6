/**
 * How much a growth is like one that somebody labelled: same pattern, similar growth, hour of the day and level. A growth that is twice as
 * fast is never alike, because a harmless habit that doubles deserves a look; nor is one that is critical, or much fuller.
 */
import { formatNumber } from '../../messages/units.ts';
import type { Change } from '../../model/change.ts';
import type { Likeness } from '../../model/mute.ts';
import { PATTERN_NAMES } from '../../model/verdict.ts';
import { growthOf } from './undecided.ts';

/** Above it two are alike. (The convention of the similarity by which a reference system suppresses repeated false positives.) */
const ALIKE_ABOVE = 0.8;

/** Of each figure in the similarity. Growth weighs most: by itself half or twice of it is enough for a difference. */
const WEIGHTS = { growth: 0.4, hour: 0.3, level: 0.3 } as const;

/** Percentage points between two levels that have nothing in common. */
const LEVELS_APART = 50;

const HOURS_PER_DAY = 24;

/** Percentage points above the level that was labelled from which on a growth deserves a look, however alike it is. */
const MUCH_FULLER = 15;

export const FALSE_POSITIVE_DAYS = 90;

/** What is a false positive today need not be one for good: the label is given again where it still is. Milliseconds. */
export const FALSE_POSITIVE_MS = FALSE_POSITIVE_DAYS * HOURS_PER_DAY * 3_600_000;

export interface Comparison {
  readonly alike: boolean;
  /** In words: what was compared, and how similar it is. */
  readonly why: string;
}

/** The figures of a change by which look-alikes are found. Undefined where it states no leak, or the capacity is not known. */
export function likenessOf(change: Change): Likeness | undefined {
  const { leak } = change;
  const growth = growthOf(change);
  if (leak === undefined || growth === undefined || leak.unit !== '1') return undefined;
  const pattern = PATTERN_NAMES.find((name) => name === leak.pattern?.name) ?? null;
  const began = leak.onset === null ? change.at : Date.parse(leak.onset.latest);
  const hour = (began / 3_600_000) % HOURS_PER_DAY;
  return { pattern, growthPerHour: growth, hour, level: leak.level * 100 };
}

/** Whether a change looks like what a label was given on. */
export function isAlike(likeness: Likeness, change: Change): Comparison {
  const own = likenessOf(change);
  if (own === undefined) return { alike: false, why: 'it states no figures that could be compared' };
  if (own.pattern !== likeness.pattern)
    return { alike: false, why: `its pattern is ${patternText(own)}, not ${patternText(likeness)}` };
  if (change.severity === 'critical') return { alike: false, why: 'it is critical' };
  if (isMuchFuller(likeness, change)) return { alike: false, why: `its level is ${Math.round(own.level)} %` };
  const similarity = similarityOf(own, likeness);
  const figures = [
    `pattern ${patternText(own)}`,
    `growth ${formatNumber(own.growthPerHour)} and ${formatNumber(likeness.growthPerHour)} points/h`,
    `hour ${Math.floor(own.hour)} and ${Math.floor(likeness.hour)}`,
    `level ${Math.round(own.level)} and ${Math.round(likeness.level)} %`,
  ];
  return { alike: similarity > ALIKE_ABOVE, why: `${figures.join(', ')}: similarity ${similarity.toFixed(2)}` };
}

/** Whether the level has risen so far above the one that was labelled that somebody should look again. */
export function isMuchFuller({ level }: Likeness, change: Change): boolean {
  const own = likenessOf(change);
  return own !== undefined && Math.round(own.level - level) >= MUCH_FULLER;
}

/** In [0, 1]. */
function similarityOf(a: Likeness, b: Likeness): number {
  const growth = ratio(a.growthPerHour, b.growthPerHour);
  const apart = Math.abs(a.hour - b.hour) % HOURS_PER_DAY;
  const hour = 1 - Math.min(apart, HOURS_PER_DAY - apart) / (HOURS_PER_DAY / 2);
  const level = Math.max(0, 1 - Math.abs(a.level - b.level) / LEVELS_APART);
  return WEIGHTS.growth * growth + WEIGHTS.hour * hour + WEIGHTS.level * level;
}

/** The lesser by the greater: 1 where they are equal, 0 where one of them does not grow. */
function ratio(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low <= 0 ? 0 : low / high;
}

function patternText({ pattern }: Likeness): string {
  return pattern ?? 'none';
}

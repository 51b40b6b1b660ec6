/** A new host beside the others of its group, in words. */
import type { EqualAge } from '../model/equal-age.ts';

/** To follow `Memory of web-7 `. */
export const EARLY_TEXT = {
  grows: 'grows faster than its siblings at the same age',
  // Also where the host is gone, or its own history suffices.
  ended: 'is no longer reported as growing faster than its siblings at the same age',
} as const;

type Compared = Pick<EqualAge, 'ageHours' | 'fromHours' | 'rise'> & {
  readonly others: Pick<EqualAge['others'], 'median'>;
};

/** `grows faster than its siblings at the same age (3.0 h: +6.1 points, others +2.9)`, or `(1.0 to 3.0 h: …)`. */
export function earlyText({ rise, others, ...age }: Compared): string {
  return `${EARLY_TEXT.grows} (${ageText(age)}: ${signedPoints(rise)} points, others ${signedPoints(others.median)})`;
}

/** `3.0 h`, or from which age on: `1.0 to 3.0 h`. */
export function ageText({ ageHours, fromHours }: Pick<EqualAge, 'ageHours' | 'fromHours'>): string {
  const to = `${ageHours.toFixed(1)} h`;
  return fromHours === 0 ? to : `${fromHours.toFixed(1)} to ${to}`;
}

/** `+6.1`, `−0.4`: percentage points of a difference between fractions. */
export function signedPoints(difference: number): string {
  const text = Math.abs(difference * 100).toFixed(1);
  return `${difference < 0 && Number(text) !== 0 ? '−' : '+'}${text}`;
}

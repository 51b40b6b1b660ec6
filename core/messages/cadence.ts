/** How often quiet hosts are inspected, in words. */
import type { QuietHours } from '../model/cadence.ts';

/** `every 2 hours`. */
export function cadenceText(quietHours: QuietHours): string {
  switch (quietHours) {
    case 0:
      return 'on schedule';
    case 1:
      return 'every hour';
    default:
      return `every ${quietHours} hours`;
  }
}

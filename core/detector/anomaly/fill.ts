/** Whether a disk fills: the growth detector over the greatest values of its hours. */
import type { PointFill } from '../../model/point-state.ts';

export function emptyFill(): PointFill {
  return { start: 0, cells: [], checkedAt: null, since: null };
}

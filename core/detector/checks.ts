/** The verdict's conditions as data: every sign with the limit from which it speaks for a leak. */
import type { Gate } from '../model/verdict.ts';
import { SIGNS } from './features.ts';

/** One gate per sign. The verdict is on their sum, so a sign may fail while the sum passes, and the other way round. */
export function signGates(signs: Float64Array, limits: readonly number[]): Gate[] {
  return SIGNS.map(({ name, direction, unit, says }, index) => {
    const limit = limits[index] ?? 0;
    const value = signs[index] ?? Number.NaN;
    if (direction === 1) return atLeast(name, Number.isNaN(value) ? null : value, limit, unit, says);
    const passed = Number.isNaN(value) || value <= limit;
    return { name, value: Number.isNaN(value) ? null : value, comparison: 'at_most', limit, unit, passed, says };
  });
}

/** A gate that has nothing to compare with passes: missing history is no evidence against growth, and costs confidence instead. */
export function atLeast(name: string, value: number | null, limit: number, unit: string, says: string): Gate {
  return { name, value, comparison: 'at_least', limit, unit, passed: value === null || value >= limit, says };
}

/** The verdict's conditions as data: every sign with the limit from which it speaks for a leak. */
import type { Check } from '../model/verdict.ts';
import { FEATURES } from './features.ts';

/** One gate per sign. The verdict is on their sum, so a sign may fail while the sum passes, and the other way round. */
export function featureChecks(features: Float64Array, limits: readonly number[]): Check[] {
  return FEATURES.map(({ name, direction, unit, message }, index) => {
    const limit = limits[index] ?? 0;
    const value = features[index] ?? Number.NaN;
    if (direction === 1) return atLeast(name, Number.isNaN(value) ? null : value, limit, unit, message);
    const passed = Number.isNaN(value) || value <= limit;
    return { name, value: Number.isNaN(value) ? null : value, comparison: 'at_most', limit, unit, passed, message };
  });
}

/** A gate that has nothing to compare with passes: missing history is no evidence against growth, and costs confidence instead. */
export function atLeast(name: string, value: number | null, limit: number, unit: string, message: string): Check {
  return { name, value, comparison: 'at_least', limit, unit, passed: value === null || value >= limit, message };
}

/** Hosts with a past to replay. */
import type { Replay } from '../../../core/backtest/backtest.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import { aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const SAMPLES_PER_HOUR = 4;

/** A host's share of memory in use by the hours before noon, sampled every 15 minutes. The noise is small and always the same. */
export function aPast(hours: number, usedAt: (hour: number) => number, overrides: Partial<Series> = {}): Series {
  const samples = Array.from({ length: hours * SAMPLES_PER_HOUR }, (_, index) => {
    const noise = Math.sin(index * index) * 0.003;
    return usedAt(index / SAMPLES_PER_HOUR - hours) + noise;
  });
  return aSeries(samples, overrides);
}

/** Grows from `from` (hours before noon) by a share an hour, up to all of the memory. */
export function growing({ from, perHour = 0.01 }: { from: number; perHour?: number }): (hour: number) => number {
  return (hour) => Math.min(0.99, 0.3 + Math.max(0, hour - from) * perHour);
}

/** Two days of hourly inspections up to noon, under the default policy. */
export function aReplay(overrides: Partial<Replay> = {}): Replay {
  return {
    tenant: 'acme',
    from: NOON - 48 * HOUR,
    to: NOON,
    everyMs: HOUR,
    ingestionDelayMs: 0,
    policies: [effectivePolicy()],
    ...overrides,
  };
}

/** What each check of an anomaly compares, with its figures. */
import type { AnomalyCheckName } from '../model/anomaly.ts';
import type { AnomalyFact } from '../model/anomaly-facts.ts';
import { formatDuration } from './times.ts';
import { counted, formatNumber, formatPercent } from './units.ts';

type Check = AnomalyFact['checks'][number];

const HOUR_MS = 3_600_000;

/** To be listed one after the other: `evidence 34 (20 is enough)`. */
const CHECK_TEXT: Readonly<Record<AnomalyCheckName, (check: Check) => string>> = {
  anomalous_points: ({ value, limit }) => `${counted(value, 'anomalous point')} (${plain(limit)} are enough)`,
  evidence: ({ value, limit }) => `evidence ${plain(value)} (${plain(limit)} is enough)`,
  distance: ({ value }) => `${plain(value)} times the least distance that counts`,
  growth_confidence: ({ value, limit }) =>
    `growth with a confidence of ${formatPercent(value, 0)} (${formatPercent(limit, 0)} is enough)`,
  hours_until_full: ({ value, limit }) =>
    `full in ${formatDuration(Math.max(0, value) * HOUR_MS)} (up to ${formatDuration(limit * HOUR_MS)} counts)`,
  hours_known: ({ value, limit }) =>
    `${formatDuration(value * HOUR_MS)} of history (${formatDuration(limit * HOUR_MS)} is enough)`,
  reference_points: ({ value, limit }) => `learned from ${counted(value, 'point')} (${plain(limit)} are enough)`,
  cycle_learned: ({ passed }) => (passed ? 'with its cycle' : 'without a cycle'),
};

function plain(value: number): string {
  return formatNumber(value).replace(/\.0+$/, '');
}

/** Names of other versions are any text. */
const TEXTS = new Map(Object.entries(CHECK_TEXT));

/** Empty of a check of another version. */
export function anomalyCheckText(check: Check): string {
  return TEXTS.get(check.name)?.(check) ?? '';
}

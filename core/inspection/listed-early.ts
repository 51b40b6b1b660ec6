/** An early finding as an answer lists it. */
import type { EarlyObservation } from '../incidents/observation.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { ListedFinding } from '../model/inspection-result.ts';
import { unlabelled } from './listed-finding.ts';

const HOUR_MS = 3_600_000;

/** The limit is reached when the host goes on as it did: the severity follows from that, and nothing else does. */
export function earlyExhaustion(finding: EarlyFinding) {
  const { comparison, window } = finding;
  const likely = window.end + ((1 - comparison.level) / growthOf(finding)) * HOUR_MS;
  return { kind: 'expected', earliest: likely, likely, latest: null } as const;
}

/** Levels are fractions of the limit. A comparison gives no probability, and no range of the growth. */
export function listedEarly({ finding, severity, pages }: EarlyObservation): ListedFinding {
  const { resource, metric, comparison, window } = finding;
  const estimate = growthOf(finding);
  return {
    host: unlabelled(resource),
    kind: 'early',
    metric,
    unit: '1',
    grade: pages ? 'confirmed' : 'suspected',
    severity,
    confidence: null,
    level: comparison.level,
    growthPerHour: { low: estimate, estimate, high: estimate },
    pattern: null,
    asOf: window.end,
    onset: null,
    exhaustion: earlyExhaustion(finding),
    topConsumer: null,
  };
}

/** Fractions of the limit per hour. */
function growthOf({ comparison: { rise, ageHours, fromHours } }: EarlyFinding): number {
  return rise / (ageHours - fromHours);
}

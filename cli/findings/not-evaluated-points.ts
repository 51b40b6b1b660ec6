/** Why the points of a metric got no verdict, as a row of the table of those without one. */
import { NOT_READ } from '../../core/messages/readings.ts';
import { counted } from '../../core/messages/units.ts';
import { pointMetric } from '../../core/model/point-metrics.ts';
import { partText } from '../../core/model/points.ts';
import { isResource } from '../../core/model/series.ts';
import type { NotInspected } from '../../core/points/findings.ts';
import { harmless } from '../render/text.ts';
import type { NotEvaluated } from './not-evaluated.ts';
import { hostName, scopeText } from './wording.ts';

const NOT_REPORTED = {
  not_reported: 'it has never been reported',
  stopped_reporting: 'it used to be reported and no longer is',
  unsupported: 'it cannot be collected',
  incommensurable: 'the collected figures cannot be compared',
} as const;

export function notEvaluatedPoints({ replayed }: NotInspected): NotEvaluated {
  switch (replayed.kind) {
    case 'unreadable': {
      const { scope, reason, detail, metric } = replayed;
      const where = isResource(scope) ? hostName(scope) : scopeText(scope);
      return {
        state: 'unreadable',
        host: metric === null ? where : `${where} ${labelOf(metric)}`,
        reason: NOT_READ[reason],
        detail: harmless(detail),
      };
    }
    case 'not_monitored': {
      const { resource, reason, hint, metric } = replayed;
      return {
        state: 'not monitored',
        host: `${hostName(resource)} ${labelOf(metric)}`,
        reason: NOT_REPORTED[reason],
        detail: harmless(hint),
      };
    }
    case 'insufficient': {
      const { series, points, needed } = replayed;
      const part = partText(series.part);
      return {
        state: 'insufficient data',
        host: [hostName(series.resource), labelOf(series.metric), ...(part === '' ? [] : [harmless(part)])].join(' '),
        reason: `${counted(points, 'point')} before the span, and a comparison takes ${needed}`,
        detail: '',
      };
    }
  }
}

function labelOf(metric: string): string {
  return pointMetric(metric)?.label ?? harmless(metric);
}

/** The facts of a message about anomalies: a line each, and what decided. */
import type { AnomalyFact, AnomalyFacts } from '../model/anomaly-facts.ts';
import { anomalyText, anomalyTitle } from './anomaly.ts';
import { anomalyCheckText } from './anomaly-checks.ts';
import { displayText } from './plain-text.ts';
import { counted } from './units.ts';

/** Anomalies that have a line of their own. */
const LISTED = 5;

/** Digits by which scores near 1 differ. */
const SCORE_DIGITS = 4;

export function anomalyFacts(facts: AnomalyFacts, timezone?: string): (readonly [label: string, text: string])[] {
  const { anomalies, more, joined = [] } = facts;
  const shown = anomalies.slice(0, LISTED);
  const left = anomalies.length - shown.length + more;
  const [first] = shown;
  return [
    ...shown.map(
      (fact, index) => [index === 0 ? 'Metric' : '', `${anomalyTitle(fact)} ${anomalyText(fact, timezone)}`] as const,
    ),
    ...(left > 0 ? [['', `and ${counted(left, 'more anomaly', 'more anomalies')}`] as const] : []),
    ...(joined.length > 0 ? [['Joined', joined.map((label) => displayText(label, 40)).join(', ')] as const] : []),
    ...(first === undefined ? [] : [['Decided', `by job ${displayText(first.job)}: ${decidedText(first)}`] as const]),
  ];
}

/** Stated otherwise, or of a time when it went on. */
const LEFT_OUT = { goesOn: ['anomalous_points'], over: ['anomalous_points', 'hours_until_full'] } as const;

/** Of growth no point is anomalous by itself, so that it has no score. */
function decidedText(fact: AnomalyFact): string {
  const { type, points, score, checks, goesOn } = fact;
  const leftOut: readonly string[] = LEFT_OUT[goesOn ? 'goesOn' : 'over'];
  const scored = `${counted(points, 'point')} of ${anomalyTitle(fact)}, score ${score.toFixed(SCORE_DIGITS)}`;
  const compared = checks
    .filter(({ name }) => !leftOut.includes(name))
    .map(anomalyCheckText)
    .filter((text) => text !== '');
  return [type === 'fills' ? anomalyTitle(fact) : scored, ...compared].join(', ');
}

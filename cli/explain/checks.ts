/** The checks of a verdict, each with what it found and its limit, and what would have turned the verdict. */

import { CONFIRMING_HOURS, confirmedFrom } from '../../core/detector/detect.ts';
import { CHECK_DESCRIPTIONS, comparisonText } from '../../core/messages/checks.ts';
import { formatHours } from '../../core/messages/times.ts';
import { formatGrowth, formatPercent, formatShare } from '../../core/messages/units.ts';
import { ENVIRONMENTS, type Policy, THRESHOLDS, thresholdOf } from '../../core/model/policy.ts';
import type { Unit } from '../../core/model/series.ts';
import type { Check, Counterfactual, Leaking, Verdict } from '../../core/model/verdict.ts';
import { type Paint, pad, wrap } from '../render/text.ts';

const HOUR = 3_600_000;

export interface CheckOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** Two lines per check or more: name, value and limit; then its description. */
export function renderChecks(checks: readonly Check[], { width, paint }: CheckOptions): string[] {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap((check) => {
    const mark = check.value === null ? paint('dim', '–') : check.passed ? paint('good', '✓') : paint('bad', '✗');
    const indent = '    ';
    return [
      `  ${mark} ${pad(check.name, nameWidth)}  ${comparisonText(check)}`,
      paint('dim', indent + wrap(CHECK_DESCRIPTIONS[check.name], width, indent)),
    ];
  });
}

/**
 * What would have turned the verdict.
 * @param turn The growth that would have, if any. Without one nothing is stated of a host on which others voted beside its curve: what they know
 * may be missing here.
 */
export function whatWouldChange(verdict: Verdict, unit: Unit, policy: Policy, turn: Counterfactual | null): string {
  if (verdict.state === 'insufficient_data') {
    const failed = verdict.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    return failed.length === 0 ? '' : `To be evaluated it has to pass ${failed.join(', ')}.`;
  }
  const isOfCurve = verdict.evidence.votes.length <= 1;
  if (verdict.state === 'leaking') {
    const turning =
      turn === null
        ? isOfCurve && 'No lesser growth would have made it steady.'
        : `It would be steady had it grown by ${formatGrowth(turn.turnsAt, unit)} or less ${overText(turn, unit)}.`;
    return [turning, confirmedText(verdict, thresholdOf(policy)), thresholdText(verdict, policy)]
      .filter((text) => text !== false && text !== '')
      .join(' ');
  }
  const [confidence, required] = apart(verdict.evidence.confidence, thresholdOf(policy));
  const comparison = `Its confidence is ${confidence}, and its policy requires ${required}${whyText(policy)}.`;
  if (turn === null)
    return isOfCurve ? `${comparison} No growth of the last day would have made it a leak.` : comparison;
  return `${comparison} It would count as a leak had it grown by ${formatGrowth(turn.turnsAt, unit)} or more ${overText(turn, unit)}.`;
}

/** From which confidence on a suspicion is confirmed. */
function confirmedText({ grade, evidence }: Leaking, threshold: number): string {
  if (grade === 'confirmed') return '';
  const lasting = evidence.lastingConfidence ?? evidence.confidence;
  const [limit, now] = apart(confirmedFrom(threshold), lasting);
  const young = evidence.historyHours < CONFIRMING_HOURS ? ', and it has a day of history' : '';
  return `It is confirmed, and pages, once its confidence with five hours ago counted in reaches ${limit} (now ${now})${young}.`;
}

/** Two shares with as many digits as it takes to see which is the greater. */
function apart(one: number, other: number): [string, string] {
  const written = (digits: number): [string, string] => [formatPercent(one, digits), formatPercent(other, digits)];
  return [0, 1, 2].map(written).find(([a, b]) => a !== b) ?? written(0);
}

/** ` (70 % times 1.2, in production)`; nothing where a policy's threshold is taken as it is. */
function whyText({ threshold, environment }: Policy): string {
  const factor = ENVIRONMENTS[environment];
  if (factor === 1) return '';
  const capped = threshold * factor > THRESHOLDS.greatest ? `, and ${formatShare(THRESHOLDS.greatest)} at most` : '';
  return ` (${formatShare(threshold)} times ${factor}, in ${environment}${capped})`;
}

/** Which threshold would clear a leak, where a policy may have one. */
function thresholdText({ evidence: { confidence } }: Leaking, { threshold, environment }: Policy): string {
  const factor = ENVIRONMENTS[environment];
  const clears = confidence / factor;
  if (Math.max(confidence, clears) >= THRESHOLDS.greatest) return '';
  const times = factor === 1 ? '' : `, times ${factor} in ${environment}`;
  return `With a threshold above ${formatShare(clears)} in its policy (it is ${formatShare(threshold)}${times}) it would be steady.`;
}

/** `in the last 40 h (it grew by +0.40 %/h)`. */
function overText({ hours, growthPerHour }: Counterfactual, unit: Unit): string {
  return `in the last ${formatHours(hours * HOUR)} (it grew by ${formatGrowth(growthPerHour, unit)})`;
}

/** The conditions of a verdict, each with what it found and what it asked for, and what would have turned the verdict. */
import { CONFIRMING_HOURS, confirmedFrom } from '../../core/detector/detect.ts';
import { ENVIRONMENTS, type Policy, THRESHOLDS, thresholdOf } from '../../core/model/policy.ts';
import type { Unit } from '../../core/model/series.ts';
import type { Check, Counterfactual, Leaking, Verdict } from '../../core/model/verdict.ts';
import { type Paint, pad, wrap } from '../render/text.ts';
import { formatGrowth, formatHours, formatNumber, formatShare } from '../render/units.ts';

const HOUR = 3_600_000;

export interface CheckOptions {
  readonly width: number;
  readonly paint: Paint;
}

const SIGN = { at_least: '≥', at_most: '≤' } as const;

/** Two lines per gate or more: name, value and limit; then its sentence. */
export function renderChecks(checks: readonly Check[], { width, paint }: CheckOptions): string[] {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap((check) => {
    const mark = check.value === null ? paint('dim', '–') : check.passed ? paint('good', '✓') : paint('bad', '✗');
    const indent = '    ';
    return [
      `  ${mark} ${pad(check.name, nameWidth)}  ${comparisonText(check)}`,
      paint('dim', indent + wrap(check.message, width, indent)),
    ];
  });
}

/** `0.12, limit ≥ 0.30`; a gate that could not be answered says so. */
function comparisonText({ value, comparison, limit, unit }: Check): string {
  const limits = `${SIGN[comparison]} ${amount(limit, unit)}`;
  if (value === null) return `no answer (limit ${limits})`;
  return `${amount(value, unit)}, limit ${limits}`;
}

/** A share is a plain number. */
function amount(value: number, unit: string): string {
  const number = String(Number(formatNumber(value))).replace('-', '−');
  return unit === '1' ? number : `${number} ${unit}`;
}

/**
 * What would have turned the verdict.
 * @param turn The growth that would have, if any.
 */
export function whatWouldChange(verdict: Verdict, unit: Unit, policy: Policy, turn: Counterfactual | null): string {
  if (verdict.state === 'insufficient_data') {
    const failed = verdict.checks.filter(({ passed }) => !passed).map(({ name }) => name);
    return failed.length === 0 ? '' : `To be judged it has to pass ${failed.join(', ')}.`;
  }
  if (verdict.state === 'leaking') {
    const said =
      turn === null
        ? 'No lesser growth would have made it steady.'
        : `It would be steady had it grown by ${formatGrowth(turn.turnsAt, unit)} or less ${overText(turn, unit)}.`;
    return [said, confirmedText(verdict, thresholdOf(policy)), thresholdText(verdict, policy)]
      .filter((text) => text !== '')
      .join(' ');
  }
  const [confidence, requested] = apart(verdict.evidence.confidence, thresholdOf(policy));
  const asks = `Its confidence is ${confidence}, and its policy asks for ${requested}${whyText(policy)}.`;
  if (turn === null) return `${asks} No growth of the last day would have made it a leak.`;
  return `${asks} It would count as a leak had it grown by ${formatGrowth(turn.turnsAt, unit)} or more ${overText(turn, unit)}.`;
}

/** From which confidence on a suspicion is confirmed. */
function confirmedText({ grade, evidence }: Leaking, threshold: number): string {
  if (grade === 'confirmed') return '';
  const young = evidence.historyHours < CONFIRMING_HOURS ? ', and not before it has a day of history' : '';
  const lasting = evidence.lastingConfidence ?? evidence.confidence;
  const [limit, now] = apart(confirmedFrom(threshold), lasting);
  return `It is confirmed, and pages, from ${limit} on with five hours ago counted in: so it is at ${now}${young}.`;
}

/** Two shares with as many digits as it takes to see which is the greater. */
function apart(one: number, other: number): [string, string] {
  const reported = (digits: number) =>
    [one, other].map((share) => `${(share * 100).toFixed(digits)} %`) as [string, string];
  return [0, 1, 2].map(reported).find(([a, b]) => a !== b) ?? reported(0);
}

/** ` (70 % times 1.2, in production)`; nothing where a policy's threshold is asked for as it is. */
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

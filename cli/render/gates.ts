/** The conditions of a verdict, each with what it found and what it asked for, and what would have turned the verdict. */
import type { Gate, Verdict } from '../../model/verdict.ts';
import { counted, type Paint, pad, wrap } from './text.ts';
import { formatNumber, formatShare } from './units.ts';

export interface GateOptions {
  readonly width: number;
  readonly paint: Paint;
}

const SIGN = { at_least: '≥', at_most: '≤' } as const;

/** Two lines per gate or more: name, value and limit; then its sentence. */
export function renderGates(gates: readonly Gate[], { width, paint }: GateOptions): string[] {
  const nameWidth = Math.max(...gates.map(({ name }) => name.length));
  return gates.flatMap((gate) => {
    const mark = gate.passed ? paint('good', '✓') : paint('bad', '✗');
    const indent = '    ';
    return [
      `  ${mark} ${pad(gate.name, nameWidth)}  ${comparisonText(gate)}`,
      paint('dim', indent + wrap(gate.says, width, indent)),
    ];
  });
}

/** `0.12, needs ≥ 0.30`; a gate that could not be answered says so. */
function comparisonText({ value, comparison, limit, unit, passed }: Gate): string {
  const needs = `${SIGN[comparison]} ${amount(limit, unit)}`;
  if (value === null) return `no answer (needs ${needs}), counted as ${passed ? 'passed' : 'failed'}`;
  return `${amount(value, unit)}, needs ${needs}`;
}

/** A share is a plain number. */
function amount(value: number, unit: string): string {
  const number = String(Number(formatNumber(value))).replace('-', '−');
  return unit === '1' ? number : `${number} ${unit}`;
}

/**
 * What would have turned the verdict, as far as the gates of the horizon that decided can say.
 * @param threshold The policy's: confidence from which a host counts as leaking.
 */
export function whatWouldChange(verdict: Verdict, threshold: number): string {
  const gates = verdict.state === 'insufficient_data' ? verdict.gates : verdict.evidence.gates;
  const failed = gates.filter(({ passed }) => !passed);
  const names = failed.map(({ name }) => name).join(', ');
  if (verdict.state === 'insufficient_data') return failed.length === 0 ? '' : `To be judged it has to pass ${names}.`;
  const confidence = formatShare(verdict.evidence.confidence);
  const asked = formatShare(threshold);
  if (verdict.state === 'leaking') {
    return `${closestCall(gates)}With a threshold above ${confidence} in its policy (it is ${asked}) the host would be steady.`;
  }
  if (failed.length > 0)
    return `To count as a leak it would have to pass ${counted(failed.length, 'more gate')}: ${names}.`;
  return `All gates passed, but not by enough: the confidence is ${confidence}, and its policy asks for ${asked}.`;
}

/** The gate that passed by the least. */
function closestCall(gates: readonly Gate[]): string {
  const [closest] = gates.filter(({ value }) => value !== null).sort((a, b) => slack(a) - slack(b));
  return closest === undefined ? '' : `The closest call was ${closest.name} (${comparisonText(closest)}). `;
}

/** How far a value is from its limit, in limits. */
function slack({ value, limit }: Gate): number {
  return Math.abs((value ?? 0) - limit) / Math.max(Math.abs(limit), 0.1);
}

/** The figures of a verdict, each on a line with its name. */
import { EXHAUSTION_REASONS, exhaustionText } from '../../core/messages/exhaustion.ts';
import { cleanedText } from '../../core/messages/insufficient.ts';
import { onsetText } from '../../core/messages/onset.ts';
import { formatHours, formatTime, formatWindow } from '../../core/messages/times.ts';
import { counted, formatGrowthInterval, formatLevel, formatShare } from '../../core/messages/units.ts';
import { severityOf } from '../../core/model/finding.ts';
import type { Evaluated } from '../../core/model/inspected-host.ts';
import type { Cleaned, Evidence, Leaking, Steady } from '../../core/model/verdict.ts';

const HOUR = 3_600_000;

export type Fact = readonly [name: string, text: string];

/** What the verdict is, in the order in which a person on call reads it; nothing where there is none. */
export function verdictFacts({ series: { window, unit }, verdict }: Evaluated): Fact[] {
  if (verdict.state === 'insufficient_data') return [];
  const { evidence } = verdict;
  return [
    ['verdict', verdictFact(verdict, window.end)],
    ['used', `${formatLevel(evidence.level, unit)} at ${formatTime(window.end)}`],
    ['growth', `${formatGrowthInterval(evidence.growthPerHour, unit)}${patternText(evidence)}${steadyOver(verdict)}`],
    ...exhaustionFact(verdict, window.end),
    ...(evidence.onset ? [['onset', onsetText(evidence.onset)] as const] : []),
  ];
}

/** Which samples it rests on. */
export function sampleFacts({ series, verdict }: Evaluated): Fact[] {
  if (verdict.state === 'insufficient_data') {
    const samples = `${counted(series.times.length, 'sample')} in ${formatWindow(series.window)}`;
    return [['samples', samples], ...cleanedFact(verdict.cleaned)];
  }
  const { evidence } = verdict;
  return [
    ['evaluated', evaluatedText(evidence)],
    ...(evidence.restarts.length > 0 ? [['restarts', evidence.restarts.map(formatTime).join(', ')] as const] : []),
    ...cleanedFact(evidence.cleaned),
  ];
}

function verdictFact(verdict: Leaking | Steady, asOf: number): string {
  const confidence = `confidence that it leaks ${formatShare(verdict.evidence.confidence)}`;
  if (verdict.state === 'steady') return `steady, ${confidence}`;
  return `leaking, ${verdict.grade}, severity ${severityOf(verdict.evidence.exhaustion, asOf)}, ${confidence}`;
}

function exhaustionFact(verdict: Leaking | Steady, asOf: number): Fact[] {
  const { exhaustion } = verdict.evidence;
  // What would come of a growth that was not found is of no use to anybody.
  if (verdict.state === 'steady') return [];
  if (exhaustion.kind === 'cannot_say') return [['exhausted', `not known: ${EXHAUSTION_REASONS[exhaustion.reason]}`]];
  return [['exhausted', `${exhaustionText(exhaustion, asOf)}, likely at ${formatTime(exhaustion.likely)}`]];
}

/** The growth of a steady host is not that of its horizon. */
function steadyOver({ state, evidence: { growthHours } }: Leaking | Steady): string {
  return state === 'steady' ? ` over the last ${formatHours(growthHours * HOUR)}` : '';
}

function patternText({ pattern }: Evidence): string {
  return pattern === null ? '' : `, ${pattern.name} (confidence in the shape ${formatShare(pattern.confidence)})`;
}

function evaluatedText({ evaluated, horizonHours, historyHours, coverage }: Evidence): string {
  const hours = `horizon ${formatHours(horizonHours * HOUR)}, history ${formatHours(historyHours * HOUR)}`;
  return `${formatWindow(evaluated)}; ${hours}, ${formatShare(coverage)} covered`;
}

function cleanedFact(cleaned: Cleaned): Fact[] {
  const dropped = cleanedText(cleaned);
  return dropped === '' ? [] : [['dropped', `samples that were not evaluated: ${dropped}`]];
}

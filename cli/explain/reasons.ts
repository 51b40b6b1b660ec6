/** Why a score is what it is: the features that weigh most in it, each with its value, its limit and what it compares. */
import { CHECK_DESCRIPTIONS, comparisonText } from '../../core/messages/checks.ts';
import { formatWeight } from '../../core/messages/units.ts';
import type { Check, ScoreWeights } from '../../core/model/verdict.ts';
import { type Paint, pad, wrap } from '../render/text.ts';

/** Features that are listed; `--json` has the weights of all. */
const LISTED = 5;

const INDENT = '    ';

/** Two lines per reason or more, below a heading that explains the weights. Empty where nothing was scored. */
export function renderReasons(
  scored: ScoreWeights | null,
  checks: readonly Check[],
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string[] {
  if (scored === null) return [];
  const { value, reference, weights } = scored;
  const listed = weights.slice(0, LISTED);
  const nameWidth = Math.max(...listed.map(({ name }) => name.length));
  const scale =
    'Weights are log-odds and add up to the score: + suggests a leak, − suggests none. ' +
    `The score is ${formatWeight(value)}; without any feature it is ${formatWeight(reference)}. A limit holds for its feature alone.`;
  return [
    paint('strong', 'Strongest reasons'),
    paint('dim', wrap(scale, width)),
    ...listed.flatMap(({ name, weight }) => {
      const check = checks.find((one) => one.name === name);
      const compared = check === undefined ? '' : comparisonText(check);
      return [
        `  ${paint(weight < 0 ? 'good' : 'warn', formatWeight(weight))}  ${pad(name, nameWidth)}  ${compared}`.trimEnd(),
        paint('dim', INDENT + wrap(CHECK_DESCRIPTIONS[name], width, INDENT)),
      ];
    }),
  ];
}

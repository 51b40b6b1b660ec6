/** Why a host got its verdict, for people: the answer first, then what would have turned it, the reasons, and the curve. */

import { OWN_SEGMENT_HOURS } from '../../core/detector/evaluate.ts';
import { scoreWeightsOf } from '../../core/detector/score-weights.ts';
import { consumerName } from '../../core/messages/attribution.ts';
import { insufficientText } from '../../core/messages/insufficient.ts';
import { NOT_COLLECTED, NOT_READ, notReadText } from '../../core/messages/readings.ts';
import { formatHours, formatTime } from '../../core/messages/times.ts';
import { formatGrowthInterval, formatShare } from '../../core/messages/units.ts';
import { endText, LEAKING_TEXT, steadyText } from '../../core/messages/verdict.ts';
import type { Attribution } from '../../core/model/attribution.ts';
import { severityOf } from '../../core/model/finding.ts';
import type { Evaluated, Inspected } from '../../core/model/inspected-host.ts';
import type { Policy } from '../../core/model/policy.ts';
import { isResource, type NotMonitored, type Resource, type Series, type Unreadable } from '../../core/model/series.ts';
import type { Evidence, Leaking, Verdict } from '../../core/model/verdict.ts';
import { renderWhoGrew } from '../findings/attribution.ts';
import { turnOf } from '../findings/json.ts';
import { hostTitle, isPath, SEVERITY_TONE, scopeText } from '../findings/wording.ts';
import { cropped } from '../render/buckets.ts';
import { chartLegend, renderChart } from '../render/chart.ts';
import { sparkline } from '../render/sparkline.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { renderChecks, whatWouldChange } from './checks.ts';
import { type Fact, sampleFacts, verdictFacts } from './facts.ts';
import { renderReasons } from './reasons.ts';
import { renderVotes } from './votes.ts';

export interface ExplainOptions {
  /** Columns of the terminal, or those that text is broken at where there is none. */
  readonly width: number;
  readonly paint: Paint;
  /** By which the host was evaluated. */
  readonly policy: Policy;
  /** Whether all checks are listed. */
  readonly checks?: boolean;
}

const HOUR = 3_600_000;

const CHART_COLUMNS = 60;
const CHART_ROWS = 13;
/** Columns that the labels left of a plot take at the most. */
const CHART_MARGIN = 11;
const LEAST_CHART_COLUMNS = 20;
const RECENT_CELLS = 36;

/** Under the text of a fact. */
const FACT_INDENT = ' '.repeat(11);

export function renderExplanation(inspected: Inspected, options: ExplainOptions): string {
  switch (inspected.kind) {
    case 'evaluated':
      return explainEvaluated(inspected, options);
    case 'not_monitored':
      return explainNotMonitored(inspected, options);
    case 'unreadable':
      return explainUnreadable(inspected, options);
  }
}

function explainNotMonitored({ resource, reason, hint }: NotMonitored, { width, paint }: ExplainOptions): string {
  return paragraphs([
    wrap(`${paint('strong', hostTitle(resource))} has no verdict: ${NOT_COLLECTED[reason]}.`, width),
    wrap(harmless(hint), width),
    where(resource, paint),
  ]);
}

function explainUnreadable(failure: Unreadable, { width, paint }: ExplainOptions): string {
  const { scope } = failure;
  const what = isResource(scope) ? hostTitle(scope) : scopeText(scope);
  return paragraphs([
    wrap(
      `${paint('strong', what)} has no verdict, because it could not be read: ${harmless(notReadText(failure))}`,
      width,
    ),
    isResource(scope) && where(scope, paint),
  ]);
}

function explainEvaluated(evaluated: Evaluated, options: ExplainOptions): string {
  const { series, verdict, attribution, unread } = evaluated;
  const { width, paint, policy } = options;
  const evidence = verdict.state === 'insufficient_data' ? undefined : verdict.evidence;
  return paragraphs([
    wrap(sentence(evaluated, paint), width),
    where(series.resource, paint),
    verdictFacts(evaluated).map(factLine),
    attribution !== undefined && renderWhoGrew(attribution, options),
    unread !== undefined && attribution?.kind === 'attributed' && paint('warn', wrap(unreadText(unread), width)),
    wrap(whatWouldChange(verdict, series.unit, policy, turnOf(evaluated, policy)), width),
    evidence !== undefined && renderVotes(evidence, attribution, options),
    evidence !== undefined && renderReasons(scoreWeightsOf(series), evidence.checks, options),
    [...chart(series, evidence, options), ...recentLine(evaluated, options)],
    sampleFacts(evaluated).map(factLine),
    checkLines(verdict, options),
  ]);

  function factLine([name, text]: Fact): string {
    return `${paint('dim', name.padEnd(10))} ${wrap(text, width, FACT_INDENT)}`;
  }
}

/** All checks where they are requested, else how they are. */
function checkLines(verdict: Verdict, options: ExplainOptions): string[] {
  const { paint, width, checks: isRequested = false } = options;
  const checks = verdict.state === 'insufficient_data' ? verdict.checks : verdict.evidence.checks;
  if (checks.length === 0) return [];
  if (!isRequested) return [paint('dim', '--checks lists all checks with value and limit.')];
  return [
    paint('strong', 'Checks'),
    paint('dim', wrap('Of the floor without its daily season; no check decides by itself.', width)),
    ...renderChecks(checks, options),
  ];
}

/** Consumers that are missing above. Where none could be read, the section above explains that already. */
function unreadText(failure: Unreadable): string {
  return `Not all processes or pods could be read: ${harmless(notReadText(failure))}`;
}

/** The verdict in one sentence. */
function sentence({ series, verdict, attribution }: Evaluated, paint: Paint): string {
  const host = paint('strong', hostTitle(series.resource));
  switch (verdict.state) {
    case 'leaking':
      return `${host} ${leakingSentence(verdict, series, paint)}${topConsumer(attribution)} ${LEGITIMATE}`;
    case 'steady':
      return `${host} is ${paint('good', 'steady')}: ${steadyText(verdict)}.${sinceReleased(verdict.evidence)}`;
    case 'insufficient_data':
      return `${host} has no verdict: ${insufficientText(verdict, series)}.`;
  }
}

/** What came after memory was given back at once is too short for a while to be evaluated by itself. */
function sinceReleased({ restarts, evaluated }: Evidence): string {
  const last = restarts.at(-1);
  const alone = last === undefined ? Number.NaN : last + OWN_SEGMENT_HOURS * HOUR;
  if (last === undefined || !(alone > evaluated.end)) return '';
  return ` Memory was given back at once at ${formatTime(last)} (a restart?): from ${formatTime(alone)} on what came since is evaluated by itself too.`;
}

function leakingSentence({ grade, evidence }: Leaking, { unit, window }: Series, paint: Paint): string {
  const severity = severityOf(evidence.exhaustion, window.end);
  const growth = formatGrowthInterval(evidence.growthPerHour, unit);
  return (
    `${paint(SEVERITY_TONE[severity], LEAKING_TEXT[grade])}: ${growth} over ${formatHours(evidence.horizonHours * HOUR)}; ` +
    `${endText(evidence.exhaustion, window.end)}.`
  );
}

const LEGITIMATE = 'Steady growth may be legitimate: compare with what changed when it began.';

/** ` Most of the rise is of node (89 %).`; nothing where no consumer accounts for half of it. */
function topConsumer(attribution: Attribution | undefined): string {
  const [first] = attribution?.kind === 'attributed' ? attribution.grown : [];
  const share = first?.share?.estimate ?? 0;
  if (first === undefined || share < 0.5) return '';
  return ` Most of the rise is of ${harmless(consumerName(first.consumer))} (${formatShare(share)}).`;
}

function chart(series: Series, evidence: Evidence | undefined, { width, paint }: ExplainOptions): string[] {
  if (series.times.length === 0) return [];
  const columns = Math.max(LEAST_CHART_COLUMNS, Math.min(CHART_COLUMNS, width - CHART_MARGIN));
  const marks = evidence && { evaluated: evidence.evaluated, restarts: evidence.restarts, onset: evidence.onset };
  const legend = chartLegend(marks ?? {});
  const lines = renderChart(cropped(series), { columns, rows: CHART_ROWS, paint, ...marks });
  return legend === '' ? lines : [...lines, paint('dim', legend)];
}

/** The finer samples of the last hours, which are read for leaking hosts only. */
function recentLine({ recent }: Evaluated, { width, paint }: ExplainOptions): string[] {
  if (recent?.kind === 'unreadable') return [paint('dim', `finer samples: ${NOT_READ[recent.reason]}`)];
  if (recent?.kind !== 'series' || recent.times.length === 0) return [];
  const label = `last ${formatHours(recent.window.end - recent.window.start)} `;
  const cells = Math.max(1, Math.min(RECENT_CELLS, width - label.length, mostSamples(recent)));
  return [paint('dim', label) + paint('accent', sparkline(recent, cells))];
}

/** Samples that the window would hold without a gap: with more cells than these, each second one would look like a gap. */
function mostSamples({ times, window }: Series): number {
  const spacing = times.reduce((least, time, index) => {
    const before = times[index - 1];
    return before === undefined ? least : Math.min(least, time - before);
  }, window.end - window.start);
  return Math.ceil((window.end - window.start) / spacing);
}

function where(resource: Resource, paint: Paint): string {
  const group = resource.group === undefined ? '' : `, group ${harmless(resource.group)}`;
  const id = isPath(resource) ? `\n${harmless(resource.id)}` : '';
  return paint('dim', scopeText(resource) + group + id);
}

/** Joins blocks with blank lines between them and leaves out empty ones. */
function paragraphs(blocks: readonly (string | readonly string[] | false)[]): string {
  return blocks
    .map((block) => (typeof block === 'object' ? block.join('\n') : block))
    .filter((block) => block !== false && block !== '')
    .join('\n\n');
}

/** The last lines of an anomaly inspection: where points were read, what that cost, and what was found. */
import { formatWindow } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { PointFindings } from '../../core/points/findings.ts';
import { scopeText } from '../findings/wording.ts';
import type { PointStep } from '../source/point-steps.ts';
import type { Terminal } from '../terminal.ts';

export type Summary = Extract<PointStep, { kind: 'summary' }>;

/** Accounts and regions that have a line each; more of them have one together. */
const MOST_SPANS = 3;

export function conclusionOf(findings: PointFindings<Summary>, { paint }: Pick<Terminal, 'paint'>): string[] {
  const { summaries, series, anomalousSeries, notDrawn } = findings;
  const spans = spanLines(summaries).map((line) => paint('dim', line));
  if (series === 0) return [...spans, `${paint('warn', 'Nothing could be inspected')}.`];
  const further = `${counted(notDrawn, 'further series', 'further series')} not drawn: --include name=… selects hosts.`;
  const has = anomalousSeries === 1 ? 'has' : 'have';
  const found = `${grouped(anomalousSeries)} of ${grouped(series)} series ${has} an anomaly that lasts.`;
  return [
    ...spans,
    ...(notDrawn > 0 ? [paint('dim', further)] : []),
    `${paint(anomalousSeries > 0 ? 'bad' : 'good', found)}${loneText(findings)}`,
  ];
}

function loneText({ lone, points }: PointFindings<Summary>): string {
  if (lone === 0) return '';
  return ` ${grouped(lone)} other ${lone === 1 ? 'point' : 'points'} of ${grouped(points)} ${lone === 1 ? 'is' : 'are'} anomalous for too short a time to be reported.`;
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}

function spanLines(summaries: readonly Summary[]): string[] {
  const [first, ...others] = summaries;
  if (first === undefined) return [];
  if (others.length < MOST_SPANS) return summaries.map((summary) => `${whereText(summary)}${costText([summary])}`);
  const windows = new Set(summaries.map(({ window }) => formatWindow(window)));
  return [`${summaries.length} accounts and regions: ${[...windows].join(' and ')}${costText(summaries)}`];
}

function whereText({ target, window }: Summary): string {
  return `${scopeText(target.source.scope)}: ${formatWindow(window)}`;
}

/** Empty where nothing is billed. */
function costText(summaries: readonly Summary[]): string {
  let [billed, usd] = [0, 0];
  for (const { target, meter } of summaries) {
    billed += meter.metricsBilled;
    usd += meter.metricsBilled * (target.source.price?.usdPerMetric ?? 0);
  }
  return billed === 0 ? '' : `, ${counted(billed, 'metric')} billed, ${formatUsd(usd)} at list prices`;
}

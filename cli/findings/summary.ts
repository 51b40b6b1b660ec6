/** What a run saw, missed and cost, for people. */
import { findingsText, fullHostsText } from '../../core/messages/finding.ts';
import { formatWindow } from '../../core/messages/times.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { scopeText } from './wording.ts';

export interface SummaryOptions {
  readonly width?: number | undefined;
  readonly paint: Paint;
}

const INDENT = '             ';

/** A few lines per account and region. */
export function renderSummary(run: RunSummary, { width = Number.POSITIVE_INFINITY, paint }: SummaryOptions): string {
  const partial = run.outcome === 'partial';
  const field = (name: string, text: string) => `  ${paint('dim', name.padEnd(9))}  ${wrap(text, width, INDENT)}`;
  return [
    `${paint('strong', scopeText(run.scope))}  ${partial ? paint('warn', 'partial') : paint('good', 'complete')}`,
    field('window', formatWindow(run.window)),
    field('hosts', hostsText(run)),
    field('verdicts', verdictsText(run)),
    field('calls', `${callsText(run)}; ${counted(run.metricsBilled, 'metric')} billed`),
    field('cost', costText(run)),
    ...run.failures.slice(0, FAILURES_LISTED).map((failure) => field('not read', harmless(failure))),
    ...moreFailures(run).map((more) => field('not read', more)),
  ].join('\n');
}

/** Failures of a run that are listed one by one: what concerns an entire file or account comes before its hosts. */
const FAILURES_LISTED = 5;

function moreFailures({ unreadable, failures }: RunSummary): string[] {
  const failed = Object.values(unreadable).reduce((sum, count) => sum + count, 0);
  const unreported = failed - Math.min(failures.length, FAILURES_LISTED);
  return unreported > 0 ? [`${unreported.toLocaleString('en')} more; --json lists all`] : [];
}

function hostsText({ hosts, unreadable }: RunSummary): string {
  const reasons = Object.entries(unreadable).map(([reason, count]) => `${count} ${reason}`);
  const failed = Object.values(unreadable).reduce((sum, count) => sum + count, 0);
  const failures = failed === 0 ? '' : `; ${counted(failed, 'read')} failed (${reasons.join(', ')})`;
  return `${hosts.known} known: ${hosts.inspected} inspected, ${hosts.notMonitored} not monitored, ${hosts.unreadable} unreadable${failures}`;
}

function verdictsText({ verdicts, exhausted = 0 }: RunSummary): string {
  const { confirmed, suspected, steady, insufficientData } = verdicts;
  const full = exhausted === 0 ? '' : ` (${exhausted} of them full)`;
  return `${confirmed} confirmed, ${suspected} suspected, ${steady} steady${full}, ${insufficientData} with insufficient data`;
}

function callsText({ calls }: RunSummary): string {
  const made = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
  return made.length === 0 ? 'none' : made.join(', ');
}

function costText({ metricsBilled, cost }: RunSummary): string {
  if (metricsBilled === 0) return 'nothing';
  return `${formatUsd(cost.perRun)} a run, ${formatUsd(cost.perMonth)} a month on this schedule; price: ${cost.price}`;
}

function noneEvaluated(known: number): string {
  if (known === 1) return 'The one host that is known could not be evaluated';
  return `None of the ${known.toLocaleString('en')} hosts that are known could be evaluated`;
}

/**
 * One line for all runs together.
 * @param hint Why nothing was evaluated, where that is so.
 */
export function renderConclusion(runs: readonly RunSummary[], paint: Paint, hint = ''): string {
  const sum = (pick: (run: RunSummary) => number) => runs.reduce((total, run) => total + pick(run), 0);
  const found = sum(({ verdicts }) => verdicts.confirmed + verdicts.suspected);
  const known = sum(({ hosts }) => hosts.known);
  const isPartial = runs.some(({ outcome }) => outcome === 'partial');
  if (found + sum(({ verdicts }) => verdicts.steady) === 0) {
    if (known === 0 && isPartial) return `${paint('warn', 'Nothing could be read')}. ${hint}`.trimEnd();
    const nothing = known === 0 ? 'There was no host to inspect' : noneEvaluated(known);
    const read = isPartial ? ', and not everything could be read' : '';
    return `${paint('warn', nothing)}${read}. ${hint}`.trimEnd();
  }
  const exhausted = sum((run) => run.exhausted ?? 0);
  const full = exhausted === 0 ? '' : `, and ${fullHostsText(exhausted)}`;
  const conclusion = paint(found + exhausted === 0 ? 'good' : 'warn', `${findingsText(found, known)}${full}`);
  if (!isPartial) return `${conclusion}.`;
  return `${conclusion}; ${paint('warn', 'this is only a part')}, because not everything could be read.`;
}

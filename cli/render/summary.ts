/** What a run saw, missed and cost, for people. */
import type { RunSummary } from '../../model/run.ts';
import { counted, harmless, type Paint, wrap } from './text.ts';
import { formatUsd, formatWindow } from './units.ts';
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
    ...run.failures.map((failure) => field('not read', harmless(failure))),
  ].join('\n');
}

function hostsText({ hosts, unreadable }: RunSummary): string {
  const reasons = Object.entries(unreadable).map(([reason, count]) => `${count} ${reason}`);
  const failures = reasons.length === 0 ? '' : ` (reads that failed: ${reasons.join(', ')})`;
  return `${hosts.known} known: ${hosts.inspected} inspected, ${hosts.uncovered} uncovered, ${hosts.unreadable} unreadable${failures}`;
}

function verdictsText({ verdicts }: RunSummary): string {
  const { confirmed, suspected, steady, insufficientData } = verdicts;
  return `${confirmed} confirmed, ${suspected} suspected, ${steady} steady, ${insufficientData} with too little data`;
}

function callsText({ calls }: RunSummary): string {
  const made = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
  return made.length === 0 ? 'none' : made.join(', ');
}

function costText({ metricsBilled, cost }: RunSummary): string {
  if (metricsBilled === 0) return 'nothing';
  return `${formatUsd(cost.perRun)} a run, ${formatUsd(cost.perMonth)} a month on this schedule; price: ${cost.price}`;
}

/** One line for all runs together. */
export function renderConclusion(runs: readonly RunSummary[], paint: Paint): string {
  const sum = (pick: (run: RunSummary) => number) => runs.reduce((total, run) => total + pick(run), 0);
  const found = sum(({ verdicts }) => verdicts.confirmed + verdicts.suspected);
  const known = sum(({ hosts }) => hosts.known);
  const says = `${found} of ${counted(known, 'host')} ${found === 1 ? 'grows' : 'grow'} like a leak`;
  const partial = runs.filter(({ outcome }) => outcome === 'partial').length;
  const conclusion = paint(found === 0 ? 'good' : 'warn', known === 0 ? 'There was no host to inspect' : says);
  if (partial === 0) return `${conclusion}.`;
  return `${conclusion}; ${paint('warn', 'this is only a part')}, because not everything could be read.`;
}

/** `plimsoll inspect`: evaluates every host once and shows what grows like a leak, and which hosts are full. It records and publishes nothing. */

import { findingOf } from '../../core/incidents/observation.ts';
import { WEEKS_NOT_KNOWN } from '../../core/messages/not-known.ts';
import { type ExhaustedHost, isExhausted, isLeaking } from '../../core/model/inspected-host.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { isResource, type Scope, type Unreadable } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { type ExitCode, exitCodeOf } from '../exit-code.ts';
import { type FoundHost, renderFindings } from '../findings/findings.ts';
import { renderFullHosts } from '../findings/full-hosts.ts';
import { hostJson, summaryJson } from '../findings/json.ts';
import { type NotEvaluated, notEvaluated, renderNotEvaluated } from '../findings/not-evaluated.ts';
import { renderRuns } from '../findings/runs.ts';
import { renderConclusion, renderSummary } from '../findings/summary.ts';
import { scopeText } from '../findings/wording.ts';
import type { TableOptions } from '../render/table.ts';
import { harmless, plain, wrap } from '../render/text.ts';
import { inspectionSteps, type StepTerms } from '../source/inspection-steps.ts';
import { policyNote } from '../source/policy-option.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { Selection, SourceOptions } from '../source/targets.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { whyNothingEvaluated } from './nothing-evaluated.ts';

export interface InspectOptions extends SourceOptions {
  readonly json?: boolean;
  readonly wide?: boolean;
  readonly only?: 'leaking';
}

/** Runs that are printed in full; more of them make a table. */
const SUMMARIES_IN_FULL = 3;

export async function inspectHosts(options: InspectOptions, context: SelectionContext): Promise<ExitCode> {
  await using selection = await openSelection(options, context);
  const print = options.json ? printJson : printTables;
  return exitCodeOf(await print(selection, options, context));
}

async function printJson(selection: Selection, options: InspectOptions, { terminal, signal }: CommandContext) {
  const { only } = options;
  const runs: RunSummary[] = [];
  for await (const step of inspectionSteps(selection, signal, termsOf(terminal))) {
    if (step.kind === 'summary') {
      runs.push(step.run);
      terminal.printJson(summaryJson(step.run));
    } else if (only === undefined || isLeaking(step.inspected)) {
      terminal.printJson(hostJson(step.target.tenant, step.inspected));
    }
  }
  const hint = whyNothingEvaluated(runs, selection);
  if (hint !== undefined) terminal.note(renderConclusion(runs, plain, hint));
  if (isLessKnown(selection, options)) terminal.note(wrap(WEEKS_NOT_KNOWN, textWidth(terminal)));
  return runs;
}

async function printTables(selection: Selection, options: InspectOptions, { terminal, signal }: CommandContext) {
  const { only, policy, wide } = options;
  const table: TableOptions = { paint: terminal.paint, width: wide ? undefined : terminal.width, widener: '--wide' };
  const { found, full, missed, unread, runs } = await collect(selection, terminal, signal);
  if (found.length > 0) terminal.print(`${renderFindings(found, table)}\n`);
  if (full.length > 0 && only === undefined) terminal.print(`${renderFullHosts(full, table)}\n`);
  if (missed.length > 0 && only === undefined) terminal.print(`${renderNotEvaluated(missed, table)}\n`);
  if (runs.length > SUMMARIES_IN_FULL) terminal.print(`${renderRuns(runs, table)}\n`);
  else
    for (const run of runs)
      terminal.print(`${isUnread(run) ? unreadText(run, unread, terminal) : renderSummary(run, terminal)}\n`);
  // Under other values than the configured ones the findings are not those that subscribers receive.
  if (policy !== undefined) terminal.print(wrap(policyNote(policy), textWidth(terminal)));
  const conclusion = renderConclusion(runs, terminal.paint, whyNothingEvaluated(runs, selection));
  terminal.print(wrap(conclusion, textWidth(terminal)));
  if (isLessKnown(selection, options))
    terminal.print(terminal.paint('dim', wrap(WEEKS_NOT_KNOWN, textWidth(terminal))));
  return runs;
}

/** Whether inspections of a deployment know more of these hosts than can be read here. */
function isLessKnown({ targets }: Selection, { demo, traces }: InspectOptions): boolean {
  return demo !== true && traces === undefined && targets.some(({ knowledge }) => knowledge === undefined);
}

function termsOf(terminal: Terminal): StepTerms {
  return { onProblem: (problem) => terminal.note(wrap(`warning: ${harmless(problem)}`, textWidth(terminal), '  ')) };
}

/** Whether nothing at all is known of an account and region: then there is nothing to count. */
function isUnread({ outcome, hosts }: RunSummary): boolean {
  return outcome === 'partial' && hosts.known === 0;
}

/** A line for each failure that hides an entire account and region or file. */
function unreadText({ scope }: RunSummary, unread: readonly Unreadable[], terminal: Terminal): string {
  const { paint } = terminal;
  return unread
    .filter((failure) => hasSameScope(failure.scope, scope))
    .map(({ detail }) =>
      wrap(
        `${paint('strong', scopeText(scope))}  ${paint('warn', 'not read')}: ${harmless(detail)}`,
        textWidth(terminal),
        '  ',
      ),
    )
    .join('\n');
}

function hasSameScope(a: Scope, b: Scope): boolean {
  return a.provider === b.provider && a.account === b.account && a.region === b.region;
}

interface Collected {
  readonly found: readonly FoundHost[];
  /** Hosts that are full, or fill again and again, without a leak that is found. */
  readonly full: readonly ExhaustedHost[];
  /** Hosts without a verdict. */
  readonly missed: readonly NotEvaluated[];
  /** Failures that concern an entire account and region or file: its run reports them. */
  readonly unread: readonly Unreadable[];
  readonly runs: readonly RunSummary[];
}

/** Steady hosts are counted and not kept: a fleet's series do not fit in memory, its findings do. */
async function collect(selection: Selection, terminal: Terminal, signal: AbortSignal): Promise<Collected> {
  const found: FoundHost[] = [];
  const full: ExhaustedHost[] = [];
  const missed: NotEvaluated[] = [];
  const unread: Unreadable[] = [];
  const runs: RunSummary[] = [];
  let hosts = 0;
  for await (const step of inspectionSteps(selection, signal, termsOf(terminal))) {
    if (step.kind === 'summary') {
      runs.push(step.run);
      continue;
    }
    hosts++;
    terminal.progress(`inspecting … ${hosts} hosts, ${found.length} grow like a leak`);
    const { inspected, target } = step;
    if (isLeaking(inspected)) found.push({ finding: findingOf(target.tenant, inspected), series: inspected.series });
    if (isExhausted(inspected)) full.push(inspected);
    const row = notEvaluated(inspected);
    if (inspected.kind === 'unreadable' && !isResource(inspected.scope)) unread.push(inspected);
    else if (row !== undefined) missed.push(row);
  }
  return { found, full, missed, unread, runs };
}

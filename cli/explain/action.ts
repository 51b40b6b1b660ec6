/** `plimsoll explain HOST`: why one host got its verdict. */
import { isCandidate } from '../../core/inspection/compare-siblings.ts';
import { notKnownText } from '../../core/messages/not-known.ts';
import type { Inspected } from '../../core/model/inspected-host.ts';
import { isResource, type Resource, type Unreadable } from '../../core/model/series.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { explanationJson } from '../findings/json.ts';
import { hostNameAndId, scopeText } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless, wrap } from '../render/text.ts';
import { noticeWhenSlow } from '../slow-notice.ts';
import { inspectionSteps } from '../source/inspection-steps.ts';
import { nearestHosts } from '../source/nearest-hosts.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { Selection, SourceOptions, Target } from '../source/targets.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { isCalled } from './is-called.ts';
import { renderExplanation } from './report.ts';

export interface ExplainOptions extends SourceOptions {
  readonly json?: boolean;
  readonly checks?: boolean;
  readonly baseline?: boolean;
}

/** What was found under the host's id or name. */
interface Match {
  readonly target: Target;
  readonly inspected: Inspected;
  /** What inspections know of it, and could not be read here. */
  readonly problems?: readonly string[];
}

/** A failure that concerns more than one host, and may hide the host or a part of it. */
interface Failure {
  readonly target: Target;
  readonly inspected: Unreadable;
}

/** The verdict itself does not show in the exit code: whatever it is, an explanation is a success. */
export async function explainHost(host: string, options: ExplainOptions, context: SelectionContext): Promise<ExitCode> {
  using _ = noticeWhenSlow(`reading ${harmless(host)} …`, context.terminal);
  await using selection = await openSelection(options, context);
  const { matches, failures } = await findHost(selection.hostIds?.get(host) ?? host, selection, context);
  const [match, another] = matches;
  if (match !== undefined && another !== undefined) throw new UsageError(severalHosts(host, matches));
  const { terminal } = context;
  if (match === undefined) {
    const near = await nearestHosts(host, selection, context.signal);
    const [failure] = failures;
    const isOnlyLocation = selection.targets.length === 1 && near.length === 0;
    if (failure === undefined || !isOnlyLocation) return noSuchHost(host, near, failures, selection, terminal);
    terminal.note(`${host} is not among the hosts that could be read; this was not read:`);
    return show(failure, options, terminal);
  }
  if (options.baseline) return await showBaseline(match, selection, options, context);
  for (const { target, inspected } of failures) {
    if (target !== match.target) continue;
    terminal.note(wrap(`not read: ${harmless(inspected.detail)}`, textWidth(terminal), '  '));
  }
  const name = selection.hostIds?.has(host) && !options.json ? host : undefined;
  return show({ ...match, inspected: withName(match.inspected, name) }, options, terminal);
}

async function showBaseline(
  { target, inspected }: Match,
  { scheduledTime }: Selection,
  { tenant, json = false, ...options }: ExplainOptions,
  context: SelectionContext,
): Promise<ExitCode> {
  const host = resourceOf(inspected);
  if (host === undefined) return show({ target, inspected }, options, context.terminal);
  const { explainBaseline } = await import('./baseline.ts');
  return explainBaseline({ target, host, scheduledTime, isKept: tenant !== undefined, json }, context);
}

function show({ target, inspected, problems = [] }: Match, options: ExplainOptions, terminal: Terminal): ExitCode {
  const { json, checks = false } = options;
  const { tenant, policies } = target;
  const resource = resourceOf(inspected);
  const policy = resource === undefined ? policies.common : policies.of(resource);
  const [paint, width] = [terminal.paint, textWidth(terminal)];
  for (const problem of problems) terminal.note(wrap(`warning: ${harmless(problem)}`, width, '  '));
  const missing = notKnownOf(inspected, problems.length === 0 && target.knowledge !== undefined, options);
  if (json) {
    terminal.printJson(explanationJson(tenant, inspected, policy));
    if (missing !== undefined) terminal.note(wrap(missing, width));
  } else {
    terminal.print(renderExplanation(inspected, { paint, width, policy, checks }));
    if (missing !== undefined) terminal.print(paint('dim', wrap(missing, width)));
  }
  return inspected.kind === 'unreadable' ? EXIT.partial : EXIT.clean;
}

/** Host and samples alone were read: what an inspection of a deployment, or of all these hosts, goes by beside them. */
function notKnownOf(inspected: Inspected, isKnown: boolean, { demo, traces }: ExplainOptions): string | undefined {
  if (inspected.kind !== 'evaluated' || inspected.verdict.state === 'insufficient_data') return undefined;
  const isDeployed = demo !== true && traces === undefined;
  return notKnownText({ siblings: isCandidate(inspected.verdict), weeks: isDeployed && !isKnown });
}

/** The host under the requested name, where its metrics do not carry it. */
function withName(inspected: Inspected, name: string | undefined): Inspected {
  if (name === undefined) return inspected;
  switch (inspected.kind) {
    case 'evaluated':
      return { ...inspected, series: { ...inspected.series, resource: { ...inspected.series.resource, name } } };
    case 'not_monitored':
      return { ...inspected, resource: { ...inspected.resource, name } };
    case 'unreadable':
      return isResource(inspected.scope) ? { ...inspected, scope: { ...inspected.scope, name } } : inspected;
  }
}

/** Reads this host alone from each target: samples are billed per host. */
async function findHost(
  host: string,
  { targets, scheduledTime }: Selection,
  { signal }: CommandContext,
): Promise<{ matches: Match[]; failures: Failure[] }> {
  const only = { include: [{ id: host }, { name: host }] };
  const narrowed = targets.map((target) => ({ ...target, filters: [...target.filters, only] }));
  const matches: Match[] = [];
  const failures: Failure[] = [];
  const problems: string[] = [];
  const terms = { explains: true, onProblem: (problem: string) => void problems.push(problem) };
  for await (const step of inspectionSteps({ targets: narrowed, scheduledTime }, signal, terms)) {
    if (step.kind === 'summary') continue;
    const { inspected, target } = step;
    const resource = resourceOf(inspected);
    // The filter takes * and ? for patterns, which a name may contain: here it has to be the very host.
    if (resource !== undefined && isCalled(resource, host)) matches.push({ target, inspected, problems });
    else if (resource === undefined && inspected.kind === 'unreadable') failures.push({ target, inspected });
  }
  return { matches, failures };
}

/** Undefined for a failure that concerns an entire account and region. */
function resourceOf(inspected: Inspected): Resource | undefined {
  switch (inspected.kind) {
    case 'evaluated':
      return inspected.series.resource;
    case 'not_monitored':
      return inspected.resource;
    case 'unreadable':
      return isResource(inspected.scope) ? inspected.scope : undefined;
  }
}

function severalHosts(host: string, matches: readonly Match[]): string {
  const listed = matches.map(({ inspected }) => {
    const resource = resourceOf(inspected);
    return resource === undefined ? '' : `  ${hostNameAndId(resource)}  ${scopeText(resource)}`;
  });
  const isLocal = matches.every(({ target }) => target.source.scope.provider === 'local');
  const narrower = isLocal
    ? 'Give one of their files alone:'
    : 'Give the id of one of them, or narrow the source with --account or --region:';
  return `${matches.length} hosts are called ${host}. ${narrower}\n${listed.join('\n')}`;
}

/** An error where everything could be read; partial where the host may be in what could not. */
function noSuchHost(
  host: string,
  near: readonly string[],
  failures: readonly Failure[],
  { targets }: Selection,
  terminal: Terminal,
): ExitCode {
  const locations = targets.map(({ source }) => scopeText(source.scope)).join(', ');
  const message =
    near.length > 0
      ? `There is no host with the id or name ${host}. Did you mean ${near.map(harmless).join(' or ')}?`
      : `There is no host with the id or name ${host} in ${locations}. Names are compared exactly; \`${PLIMSOLL} inspect --json\` lists all hosts.`;
  if (failures.length === 0) throw new UsageError(message);
  const unread = new Set(
    failures.map(({ inspected: { scope, detail } }) => `${scopeText(scope)} (${harmless(detail)})`),
  );
  terminal.note(wrap(message, textWidth(terminal), '  '));
  terminal.note(wrap(`Not everything could be read: ${[...unread].join(', ')}.`, textWidth(terminal), '  '));
  return EXIT.partial;
}

/** `plimsoll explain HOST`: why one host got its verdict. */
import type { Inspected } from '../inspection/inspect.ts';
import { isResource, type Resource } from '../model/series.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { inspectionSteps } from './inspection-steps.ts';
import { renderExplanation } from './render/explain.ts';
import { hostJson } from './render/json.ts';
import { hostNameAndId, scopeText } from './render/wording.ts';
import { openSelection } from './selection.ts';
import type { Selection, SourceOptions, Target } from './targets.ts';
import { textWidth } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ExplainOptions extends SourceOptions {
  readonly json?: boolean;
}

/** What was found under the host's id or name, or a failure that may hide it. */
interface Match {
  readonly target: Target;
  readonly inspected: Inspected;
}

/** The verdict itself does not show in the exit code: the command did what it was asked for when it has explained. */
export async function explainHost(host: string, options: ExplainOptions, context: Context): Promise<ExitCode> {
  await using selection = await openSelection(options, context);
  const { matches, failures } = await findHost(selection.hostIds?.get(host) ?? host, selection, context);
  const [match, another] = matches;
  if (match !== undefined && another !== undefined) throw new UsageError(severalHosts(host, matches));
  const explained = match ?? failures[0];
  if (explained === undefined) throw new UsageError(noSuchHost(host, selection));
  const { terminal } = context;
  if (match === undefined) terminal.note(`${host} is not among the hosts that could be read; this was not read:`);
  const { target, inspected } = explained;
  const { threshold } = target.policy;
  terminal.print(
    options.json
      ? hostJson(target.tenant, inspected)
      : renderExplanation(inspected, { paint: terminal.paint, width: textWidth(terminal), threshold }),
  );
  return inspected.kind === 'unreadable' ? EXIT.partial : EXIT.clean;
}

/** Asks each target for this host alone: samples are billed per host. */
async function findHost(
  host: string,
  { targets, scheduledTime }: Selection,
  { signal }: Context,
): Promise<{ matches: Match[]; failures: Match[] }> {
  const only = { include: [{ id: host }, { name: host }] };
  const narrowed = targets.map((target) => ({ ...target, filters: [...target.filters, only] }));
  const matches: Match[] = [];
  const failures: Match[] = [];
  for await (const step of inspectionSteps({ targets: narrowed, scheduledTime }, signal)) {
    if (step.kind === 'summary') continue;
    const { inspected, target } = step;
    const resource = resourceOf(inspected);
    if (resource === undefined) failures.push({ target, inspected });
    // The filter takes * and ? for patterns, which a name may contain: here it has to be the very host.
    else if (resource.id === host || resource.name === host) matches.push({ target, inspected });
  }
  return { matches, failures };
}

/** Undefined for a failure that concerns a whole account and region. */
function resourceOf(inspected: Inspected): Resource | undefined {
  switch (inspected.kind) {
    case 'judged':
      return inspected.series.resource;
    case 'uncovered':
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
  const narrower = 'Give the id of one of them, or narrow the source with --account or --region:';
  return `${matches.length} hosts are called ${host}. ${narrower}\n${listed.join('\n')}`;
}

function noSuchHost(host: string, { targets }: Selection): string {
  const places = targets.map(({ source }) => scopeText(source.scope)).join(', ');
  return (
    `There is no host with the id or name ${host} in ${places}. ` +
    'Names are compared exactly; `plimsoll inspect --json` lists all hosts.'
  );
}

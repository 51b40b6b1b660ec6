/** `plimsoll explain HOST --metric NAME`: why the newest point of a series is an anomaly or none, and why something lasts or does not. */
import type { AnomalyJob } from '../../core/model/anomaly-job.ts';
import { partText } from '../../core/model/points.ts';
import { isResource, type Resource } from '../../core/model/series.ts';
import { composeView } from '../../core/points/compose-view.ts';
import type { Replayed } from '../../core/points/replay.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { renderPicture } from '../findings/anomalies.ts';
import { notEvaluatedPoints } from '../findings/not-evaluated-points.ts';
import { scopeText } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import { harmless, wrap } from '../render/text.ts';
import { noticeWhenSlow } from '../slow-notice.ts';
import { endOfOptions, jobOfOptions, type PointOptions } from '../source/point-options.ts';
import { type PointStep, pointSteps } from '../source/point-steps.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { Selection, SourceOptions, Target } from '../source/targets.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { isCalled } from './is-called.ts';
import { type ExplainedPoints, explanationOf, renderPointFacts } from './point-facts.ts';

export interface ExplainPointsOptions extends SourceOptions, PointOptions {
  readonly json?: boolean;
  /** Of several parts of the host, this one: `mountpoint=/var`. */
  readonly part?: string;
}

/** Locations that a message names. */
const MOST_NAMED = 3;

/** Exit code 4 where the host, or what may hold it, could not be read. */
export async function explainPoints(
  host: string,
  options: ExplainPointsOptions,
  context: SelectionContext,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  using _ = noticeWhenSlow(`reading ${harmless(host)} …`, terminal);
  const endOption = options.to === undefined ? '--at' : '--to';
  await using selection = await openSelection({ ...options, ...endOfOptions(options) }, context, { endOption });
  const id = selection.hostIds?.get(host) ?? host;
  const own = jobOfOptions(options);
  const wanted = { id, part: options.part };
  const read = async (looks: readonly Look[]) => {
    const jobs = new Map(looks.map(({ target, job }) => [target, job]));
    const terms = { job: own, jobOf: (target: Target) => jobs.get(target) ?? own, from: options.from };
    const targets = [...jobs.keys()];
    return collect(pointSteps({ ...selection, targets }, terms, signal), { ...wanted, jobOf: terms.jobOf });
  };
  const looks = selection.targets.flatMap((target) => looksAt(target, id, own, options));
  const first = await read(looks);
  // No job of the config inspects this host: then it is shown as the options have it.
  const isRestricted = looks.some(({ job }) => job.hosts !== undefined);
  const isMissed = first.found.length === 0 && first.parts.size === 0 && isRestricted;
  const collected = isMissed ? await read(selection.targets.map((target) => lookAt(target, id, own))) : first;
  return show(host, collected, { options, selection, terminal });
}

interface Shown {
  readonly options: ExplainPointsOptions;
  readonly selection: Selection;
  readonly terminal: Terminal;
}

function show(host: string, { found, failures, parts }: Collected, { options, selection, terminal }: Shown): ExitCode {
  const note = (text: string) => terminal.note(wrap(text, textWidth(terminal), '  '));
  if (found.length === 0 && parts.size > 0) throw new UsageError(noPartText(host, options, [...parts]));
  if (found.length === 0 && failures.length === 0) throw new UsageError(nothingText(host, options, selection));
  if (found.length === 0) note(`${harmless(host)} is not among the hosts that could be read.`);
  const locations = new Set(found.map(({ target }) => target.source));
  // Of a host that was found, what the others have not read is no news.
  const unread = failures.filter(({ target }) => found.length === 0 || locations.has(target.source));
  for (const text of new Set(unread.map((failure) => failure.text))) note(`not read: ${text}`);
  for (const { series, missed } of found) {
    if (series === undefined) note(missed);
    else if (options.json) terminal.printJson(JSON.stringify(explanationOf(series)));
    else printSeries(series, terminal);
  }
  return found.length > 0 && found.every(({ series }) => series !== undefined) ? EXIT.clean : EXIT.partial;
}

/** A target that is read for one host, and as what. */
interface Look {
  readonly target: Target;
  readonly job: AnomalyJob;
}

/** As each job of the account that has some of the metrics inspects them, with the options before it; and the others as the options have it. */
function looksAt(target: Target, id: string, own: AnomalyJob, options: PointOptions): Look[] {
  const { period, reference, cycle, score } = options;
  const configured = (target.jobs ?? []).flatMap((job) => {
    const metrics = own.metrics.filter((name) => job.enabled && job.metrics.includes(name));
    if (metrics.length === 0) return [];
    const asked = {
      ...job,
      metrics,
      ...(period !== undefined && { periodSeconds: own.periodSeconds }),
      ...(reference !== undefined && { referencePoints: own.referencePoints }),
      ...(cycle !== undefined && { cycle: own.cycle }),
      ...(score !== undefined && { threshold: own.threshold }),
    };
    return [lookAt(target, id, asked)];
  });
  const known = new Set(configured.flatMap(({ job }) => job.metrics));
  const metrics = own.metrics.filter((name) => !known.has(name));
  return metrics.length === 0 ? configured : [...configured, lookAt(target, id, { ...own, metrics })];
}

function lookAt(target: Target, id: string, job: AnomalyJob): Look {
  const only = { include: [{ id }, { name: id }] };
  return { target: { ...target, filters: [...target.filters, ...(job.hosts ? [job.hosts] : []), only] }, job };
}

/** A series of the host, or why it has none. */
type Found = { readonly target: Target } & (
  | { readonly series: ExplainedPoints; readonly missed?: undefined }
  | { readonly series?: undefined; readonly missed: string }
);

/** What hides more than one host, and maybe this one. */
interface Failure {
  readonly target: Target;
  readonly text: string;
}

interface Wanted {
  /** Id or name. */
  readonly id: string;
  readonly part: string | undefined;
  readonly jobOf: (target: Target) => AnomalyJob;
}

interface Collected {
  readonly found: readonly Found[];
  readonly failures: readonly Failure[];
  /** Of the host, those that were not wanted. */
  readonly parts: ReadonlySet<string>;
}

async function collect(steps: AsyncIterable<PointStep>, wanted: Wanted): Promise<Collected> {
  const [found, failures, parts]: [Found[], Failure[], Set<string>] = [[], [], new Set()];
  for await (const step of steps) {
    if (step.kind === 'summary') continue;
    const { replayed, target } = step;
    const host = replayed.kind === 'inspected' ? replayed.series.resource : hostOf(replayed);
    if (host === undefined && replayed.kind === 'unreadable') failures.push({ target, text: missedText({ replayed }) });
    // The filter takes * and ? for patterns, which a name may contain: here it has to be the very host.
    if (host === undefined || !isCalled(host, wanted.id)) continue;
    const other = partBeside(replayed, wanted);
    if (other === undefined) found.push(foundIn(step, wanted));
    else parts.add(other);
  }
  return { found, failures, parts };
}

/** The part of a series that is of another one than is wanted. */
function partBeside(replayed: Replayed, { part }: Wanted): string | undefined {
  if (part === undefined || replayed.kind !== 'inspected') return undefined;
  const own = partText(replayed.series.part);
  return own === part ? undefined : own;
}

function foundIn({ replayed, window, target }: Extract<PointStep, { kind: 'reading' }>, { jobOf }: Wanted): Found {
  if (replayed.kind !== 'inspected') return { target, missed: missedText({ replayed }) };
  const { series, inspection } = replayed;
  if (inspection.kind === 'insufficient')
    return { target, missed: missedText({ replayed: { ...inspection, series } }) };
  const view = composeView({ ...replayed, inspection, window, job: null });
  return { target, series: { ...replayed, inspection, job: jobOf(target), view } };
}

/** Undefined of a failure that concerns an entire account and region. */
function hostOf(replayed: Exclude<Replayed, { kind: 'inspected' }>): Resource | undefined {
  if (replayed.kind === 'not_monitored') return replayed.resource;
  return isResource(replayed.scope) ? replayed.scope : undefined;
}

function missedText(missed: Parameters<typeof notEvaluatedPoints>[0]): string {
  const { state, host, reason, detail } = notEvaluatedPoints(missed);
  return harmless(`${state}: ${host}: ${[reason, ...(detail === '' ? [] : [detail])].join('. ')}`);
}

function printSeries(series: ExplainedPoints, terminal: Terminal): void {
  const width = textWidth(terminal);
  terminal.print(`${renderPicture(series.view, { paint: terminal.paint, width: terminal.width })}\n`);
  terminal.print(`${renderPointFacts(series, { paint: terminal.paint, width })}\n`);
}

function noPartText(host: string, { metric = [], part }: ExplainPointsOptions, parts: readonly string[]): string {
  const some = parts.slice(0, MOST_NAMED).map((text) => (text === '' ? 'no parts' : text));
  const more = parts.length > MOST_NAMED ? ` and ${parts.length - MOST_NAMED} more` : '';
  return `${harmless(host)} has no ${part} of ${metric.join(' ')}: it has ${harmless(some.join(', '))}${more}.`;
}

function nothingText(host: string, { metric = [], part }: ExplainPointsOptions, { targets }: Selection): string {
  const what = [...metric, ...(part === undefined ? [] : [part])].join(' ');
  const all = targets.map(({ source }) => scopeText(source.scope));
  const where = all.length > MOST_NAMED ? `${all.length} accounts and regions` : all.join(', ');
  return (
    `There is no ${what} of a host with the id or name ${host} in ${where}. Names are compared exactly; ` +
    `\`${PLIMSOLL} inspect --metric ${metric[0] ?? 'NAME'} --points all\` lists what there is.`
  );
}

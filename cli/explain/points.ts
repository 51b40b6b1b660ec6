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
  const only = { include: [{ id }, { name: id }] };
  const targets = selection.targets.map((target) => ({ ...target, filters: [...target.filters, only] }));
  const job = jobToExplain(options, targets);
  const steps = pointSteps({ ...selection, targets }, { job, from: options.from }, signal);
  const { found, failures } = await collect(steps, { id, part: options.part, job });
  const locations = new Set(found.map(({ target }) => target));
  // Of a host that was found, what the others have not read is no news.
  const unread = failures.filter(({ target }) => found.length === 0 || locations.has(target));
  for (const { text } of unread) terminal.note(wrap(`not read: ${text}`, textWidth(terminal), '  '));
  if (found.length === 0 && unread.length === 0) throw new UsageError(nothingText(host, options, selection));
  if (found.length === 0) terminal.note(wrap(nothingText(host, options, selection), textWidth(terminal), '  '));
  for (const { series, missed } of found) {
    if (series === undefined) terminal.note(wrap(missed, textWidth(terminal), '  '));
    else if (options.json) terminal.printJson(JSON.stringify(explanationOf(series)));
    else printSeries(series, terminal);
  }
  return found.length > 0 && found.every(({ series }) => series !== undefined) ? EXIT.clean : EXIT.partial;
}

/** As the job of the config inspects the first of the metrics, where there is one; options go before it. */
function jobToExplain(options: PointOptions, targets: readonly Target[]): AnomalyJob {
  const own = jobOfOptions(options);
  const configured = targets
    .flatMap(({ jobs = [] }) => jobs)
    .find(({ metrics }) => metrics.some((name) => own.metrics.includes(name)));
  if (configured === undefined) return own;
  const { period, reference, cycle, score } = options;
  return {
    ...configured,
    metrics: own.metrics,
    ...(period !== undefined && { periodSeconds: own.periodSeconds }),
    ...(reference !== undefined && { referencePoints: own.referencePoints }),
    ...(cycle !== undefined && { cycle: own.cycle }),
    ...(score !== undefined && { threshold: own.threshold }),
  };
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
  readonly job: AnomalyJob;
}

async function collect(steps: AsyncIterable<PointStep>, wanted: Wanted) {
  const [found, failures]: [Found[], Failure[]] = [[], []];
  for await (const step of steps) {
    if (step.kind === 'summary') continue;
    const { replayed, target } = step;
    const host = replayed.kind === 'inspected' ? replayed.series.resource : hostOf(replayed);
    if (host === undefined && replayed.kind === 'unreadable') failures.push({ target, text: missedText({ replayed }) });
    // The filter takes * and ? for patterns, which a name may contain: here it has to be the very host.
    if (host !== undefined && isCalled(host, wanted.id)) found.push(...foundIn(step, wanted));
  }
  return { found, failures };
}

/** Nothing of another part. */
function foundIn(
  { replayed, window, target }: Extract<PointStep, { kind: 'reading' }>,
  { part, job }: Wanted,
): readonly Found[] {
  if (replayed.kind !== 'inspected') return [{ target, missed: missedText({ replayed }) }];
  const { series, inspection } = replayed;
  if (part !== undefined && partText(series.part) !== part) return [];
  if (inspection.kind === 'insufficient')
    return [{ target, missed: missedText({ replayed: { ...inspection, series } }) }];
  const view = composeView({ ...replayed, inspection, window, job: null });
  return [{ target, series: { ...replayed, inspection, job, view } }];
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

function nothingText(host: string, { metric = [], part }: ExplainPointsOptions, { targets }: Selection): string {
  const what = [...metric, ...(part === undefined ? [] : [part])].join(' ');
  const all = targets.map(({ source }) => scopeText(source.scope));
  const where = all.length > MOST_NAMED ? `${all.length} accounts and regions` : all.join(', ');
  return (
    `There is no ${what} of a host with the id or name ${host} in ${where}. Names are compared exactly; ` +
    `\`${PLIMSOLL} inspect --metric ${metric[0] ?? 'NAME'} --points all\` lists what there is.`
  );
}

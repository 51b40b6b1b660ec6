/** `plimsoll inspect --metric`: inspects points for anomalies, and shows a picture of each series that has some. It records nothing. */
import { anomalyLineSchema } from '../../core/model/anomaly-line.ts';
import { encoded } from '../../core/model/notation.ts';
import { linesOf } from '../../core/points/anomaly-lines.ts';
import { collectPoints } from '../../core/points/findings.ts';
import { type ExitCode, exitCodeOfPoints } from '../exit-code.ts';
import { MOST_PICTURES, renderAnomalies, renderPicture } from '../findings/anomalies.ts';
import { renderNotEvaluated } from '../findings/not-evaluated.ts';
import { notEvaluatedPoints } from '../findings/not-evaluated-points.ts';
import type { TableOptions } from '../render/table.ts';
import { wrap } from '../render/text.ts';
import { endOfOptions, jobOfOptions, NO_JOB, type PointOptions } from '../source/point-options.ts';
import { type PointStep, pointSteps } from '../source/point-steps.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { SourceOptions } from '../source/targets.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { conclusionOf, type Summary } from './points-conclusion.ts';

export interface InspectPointsOptions extends SourceOptions, PointOptions {
  readonly json?: boolean;
  readonly wide?: boolean;
  readonly points?: 'anomalies' | 'all';
  readonly only?: 'leaking' | 'anomalous';
}

/** Exit code 3 where an anomaly lasts, 4 where something could not be read or nothing could be inspected. */
export async function inspectPointsOfHosts(
  options: InspectPointsOptions,
  context: SelectionContext,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  if (options.only === 'leaking') throw new UsageError('--only leaking is of memory: with --metric, --only anomalous.');
  const job = jobOfOptions(options);
  const end = endOfOptions(options);
  const endOption = options.to === undefined ? '--at' : '--to';
  await using selection = await openSelection({ ...options, ...end }, context, { endOption });
  const steps = pointSteps(selection, { job, from: options.from }, signal);
  const print = options.json ? printLines : printPictures;
  // Awaited here: the demo's clouds end with the selection.
  return await print(steps, options, terminal);
}

/** One line a point, as they are kept by a deployment. What could not be read is stated on stderr. */
async function printLines(
  steps: AsyncIterable<PointStep>,
  { points = 'anomalies', only }: InspectPointsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const findings = await collectPoints<Summary>(steps, {
    onSeries: ({ series, inspection: { scored, episodes } }) => {
      if (only === 'anomalous' && episodes.length === 0) return;
      const record = { ...series, host: series.resource };
      for (const line of linesOf({ record, scored }, NO_JOB, points))
        terminal.printJson(JSON.stringify(encoded(anomalyLineSchema, line)));
    },
    mostViews: 0,
  });
  for (const { state, host, reason, detail } of findings.notInspected.map(notEvaluatedPoints))
    terminal.note(`${state}: ${host}: ${[reason, ...(detail === '' ? [] : [detail])].join('. ')}`);
  return exitCodeOfPoints(findings);
}

async function printPictures(
  steps: AsyncIterable<PointStep>,
  { points = 'anomalies', only, wide = false }: InspectPointsOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const table: TableOptions = { paint: terminal.paint, width: wide ? undefined : terminal.width, widener: '--wide' };
  const picture: TableOptions = { paint: terminal.paint, width: terminal.width };
  const findings = await collectPoints<Summary>(steps, {
    mostViews: MOST_PICTURES,
    draws: points === 'all' ? 'all' : 'anomalous',
    onProgress: (text) => terminal.progress(text),
  });
  for (const view of findings.views) terminal.print(`${renderPicture(view, picture)}\n`);
  const anomalies = renderAnomalies(findings.anomalous, table);
  if (anomalies !== undefined) terminal.print(`${anomalies}\n`);
  const rows = findings.notInspected.map(notEvaluatedPoints);
  if (rows.length > 0 && only === undefined)
    terminal.print(`${renderNotEvaluated(rows, table, ['not monitored', 'unreadable'])}\n`);
  for (const line of conclusionOf(findings, terminal)) terminal.print(wrap(line, textWidth(terminal)));
  return exitCodeOfPoints(findings);
}

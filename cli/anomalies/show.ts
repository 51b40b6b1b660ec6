/** `plimsoll anomalies show`: one metric of a host as it was kept, with its points above a score. */
import { type AnomalyLine, anomalyLineSchema } from '../../core/model/anomaly-line.ts';
import { encoded } from '../../core/model/notation.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { renderPicture } from '../findings/anomalies.ts';
import { openPointStores } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { viewOfLines } from './kept-view.ts';
import { eachPoint, type SpanOptions, spanOf } from './list.ts';
import { requireTenant } from './tenant.ts';
import { renderPoints } from './text.ts';

export interface ShowOptions extends SpanOptions {
  readonly minScore?: number;
}

interface Shown {
  readonly tenant: string;
  readonly host: string;
  readonly metric: string;
}

const MIN_SCORE = 0.5;

/** Points of one metric that are read: two weeks of minutes. */
const MOST_POINTS = 20_160;

export async function showAnomalies(
  { tenant, host, metric }: Shown,
  options: ShowOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  await requireTenant(tenant, options, context);
  const { anomalyResults } = await openPointStores(environment);
  const { job, minScore = MIN_SCORE, json = false } = options;
  const window = spanOf(options, now);
  const lines: AnomalyLine[] = [];
  const wanted = { within: { tenant, ...(job !== undefined && { job }) }, window, named: host, metric, minScore: 0 };
  const { messages } = await eachPoint(wanted, anomalyResults, context, (line) => {
    lines.push(line);
    return MOST_POINTS;
  });
  const above = lines.filter(({ score }) => score >= minScore);
  if (json) for (const line of lines) terminal.printJson(JSON.stringify(encoded(anomalyLineSchema, line)));
  else {
    const series = Map.groupBy(lines, (line) => JSON.stringify([line.job, line.host, line.part]));
    for (const own of series.values())
      terminal.print(`${renderPicture(viewOfLines(own, window, minScore), tableOptions(terminal))}\n`);
    terminal.print(renderPoints(above, tableOptions(terminal)));
    if (lines.length > 0 && lines.every((line) => line.is_anomaly)) terminal.note(ONLY_ANOMALIES);
  }
  for (const message of messages) terminal.note(`error: ${message}`);
  if (messages.length > 0) return EXIT.partial;
  return above.length > 0 ? EXIT.findings : EXIT.clean;
}

const ONLY_ANOMALIES =
  'The job keeps anomalous points alone: `keep: all` keeps the curve between them, and `plimsoll inspect --metric` reads it from the source.';

/** `plimsoll anomalies list`: the newest anomalous points. */
import type { AnomalyLine } from '../../core/model/anomaly-line.ts';
import { anomalyLineSchema } from '../../core/model/anomaly-line.ts';
import { encoded } from '../../core/model/notation.ts';
import type { PointPosition } from '../../core/model/point-position.ts';
import { keptPoints, type WantedPoints } from '../../core/points/kept-points.ts';
import type { AnomalyResultsStore } from '../../core/ports/anomaly-results-store.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openPointStores } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { requireTenant } from './tenant.ts';
import { renderPoints } from './text.ts';

export interface SpanOptions extends DeploymentOptions {
  readonly from?: number;
  readonly to?: number;
  readonly job?: string;
  readonly json?: boolean;
}

export interface ListOptions extends SpanOptions {
  readonly host?: string;
  readonly metric?: string;
  readonly account?: string;
  readonly region?: string;
  readonly minScore?: number;
  readonly limit?: number;
}

const DAY_MS = 86_400_000;

/** Points of the table where no number is given, and of one page. */
const ROWS_SHOWN = 100;
const PAGE = 200;

export async function listAnomalies(tenant: string, options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  await requireTenant(tenant, options, context);
  const { anomalyResults } = await openPointStores(environment);
  const { host, metric, account, region, job, minScore, json = false } = options;
  const within = {
    tenant,
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(job !== undefined && { job }),
  };
  const wanted = { within, window: spanOf(options, now), named: host, metric, minScore };
  const most = options.limit ?? (json ? Number.POSITIVE_INFINITY : ROWS_SHOWN);
  const lines: AnomalyLine[] = [];
  const unreadable = await eachPoint(wanted, anomalyResults, context, (line) => {
    if (json) terminal.printJson(JSON.stringify(encoded(anomalyLineSchema, line)));
    else lines.push(line);
    return most;
  });
  if (!json) terminal.print(renderPoints(lines, tableOptions(terminal)));
  for (const message of unreadable.messages) terminal.note(`error: ${message}`);
  if (unreadable.messages.length > 0) return EXIT.partial;
  return unreadable.points > 0 ? EXIT.findings : EXIT.clean;
}

/** Default: the 24 hours before now. */
export function spanOf({ from, to }: SpanOptions, now: number) {
  const end = to ?? now;
  return { start: from ?? end - DAY_MS, end };
}

type Wanted = Omit<WantedPoints, 'limit' | 'after'>;

/** Hands over point by point, the newest first, until so many were as the callback returns. */
export async function eachPoint(
  wanted: Wanted,
  results: AnomalyResultsStore,
  { terminal, signal }: CommandContext,
  take: (line: AnomalyLine) => number,
): Promise<{ readonly points: number; readonly messages: readonly string[] }> {
  const messages: string[] = [];
  let points = 0;
  let after: PointPosition | undefined;
  do {
    signal.throwIfAborted();
    terminal.progress(`reading points: ${points.toLocaleString('en')} so far …`);
    const page = await keptPoints({ ...wanted, limit: PAGE, after }, results);
    messages.push(...page.unreadable);
    for (const line of page.lines) {
      points++;
      if (take(line) <= points) return { points, messages };
    }
    after = page.next;
  } while (after !== undefined);
  return { points, messages };
}

/** The report about metrics of hosts: one picture a host and metric with an anomaly that lasts, read now. */
import { counted } from '../../core/messages/units.ts';
import type { AnomalyView } from '../../core/model/anomaly-view.ts';
import { collectPoints, type PointFindings } from '../../core/points/findings.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { type ExitCode, exitCodeOfPoints } from '../exit-code.ts';
import { notEvaluatedPoints } from '../findings/not-evaluated-points.ts';
import { endOfOptions, jobOfOptions, type PointOptions } from '../source/point-options.ts';
import { pointSteps } from '../source/point-steps.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { SourceOptions } from '../source/targets.ts';
import type { Collected } from './collect.ts';

/** Pictures of one report: each has some 200 kB at the most. */
const MOST_PICTURES = 50;
/** What could not be inspected and is stated one by one. */
const MOST_GAPS = 20;

export interface MetricsReport extends Collected {
  readonly tenant: string;
  readonly title: string;
  /** Epoch milliseconds: the end of the points. */
  readonly asOf: number;
  readonly code: ExitCode;
  readonly metrics: readonly AnomalyView[];
}

export type MetricsReportOptions = SourceOptions & PointOptions & DeploymentOptions;

/** Exit code 3 where an anomaly lasts, 4 where something could not be read or nothing could be inspected. */
export async function reportOfMetrics(
  options: MetricsReportOptions,
  context: SelectionContext,
): Promise<MetricsReport> {
  const { terminal, signal } = context;
  const job = jobOfOptions(options);
  await using selection = await openSelection({ ...options, ...endOfOptions(options) }, context);
  const findings = await collectPoints(pointSteps(selection, { job, from: options.from }, signal), {
    mostViews: MOST_PICTURES,
    onProgress: (text) => terminal.progress(text),
  });
  const { demo, tenant, traces = [] } = options;
  const whose = demo === true ? 'The simulated fleet of the demo' : (tenant ?? traces.join(', '));
  return {
    tenant: tenant ?? 'local',
    title: `${whose}: ${job.metrics.join(', ')}`,
    asOf: selection.scheduledTime,
    code: exitCodeOfPoints(findings),
    metrics: findings.views,
    incidents: [],
    answers: {},
    problems: {},
    gaps: gapsOf(findings),
  };
}

function gapsOf({ notInspected, notDrawn, series }: PointFindings): string[] {
  const missed = notInspected.map(notEvaluatedPoints);
  const stated = missed.slice(0, MOST_GAPS).map(({ host, state, reason, detail }) => {
    const more = detail === '' ? '' : ` (${detail})`;
    return `${host}: ${state}, ${reason}${more}`;
  });
  return [
    ...(series === 0 ? ['Nothing could be inspected.'] : []),
    ...stated,
    ...(missed.length > MOST_GAPS
      ? [`${counted(missed.length - MOST_GAPS, 'further series', 'further series')} could not be inspected.`]
      : []),
    ...(notDrawn > 0
      ? [
          `${counted(notDrawn, 'further series', 'further series')} with an anomaly left out: a report has ${MOST_PICTURES} at the most.`,
        ]
      : []),
  ];
}

/** `plimsoll report`: one file that shows incidents offline. It only reads. */
import { writeFile } from 'node:fs/promises';
import type { ReportData } from '../../console/report/data.ts';
import { counted } from '../../core/messages/units.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type DeploymentOptions, withTenantDeployment } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type PointOptions, refuseWithoutMetric } from '../source/point-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import type { SourceOptions } from '../source/targets.ts';
import { UsageError } from '../usage-error.ts';
import { composeReport } from './compose.ts';
import { reportOfDeployment } from './of-deployment.ts';
import { reportOfMetrics } from './of-metrics.ts';
import { reportOfSelection } from './of-selection.ts';
import { reportTemplate } from './template.ts';

export interface ReportOptions extends SourceOptions, DeploymentOptions, PointOptions {
  readonly output: string;
}

/** Of a deployment: exit code 4 where something could not be read. Of recorded series: as `backtest`. */
export async function writeReport(
  name: string | undefined,
  options: ReportOptions,
  context: SelectionContext,
): Promise<ExitCode> {
  const { terminal, now } = context;
  const found = await findingsOf(name, options, context);
  const { code, asOf = now, ...data } = found;
  terminal.progress('composing the report …');
  const { output } = options;
  const html = composeReport(await reportTemplate(), { ...data, ...stamps(now, asOf) });
  await writeFile(output, html);
  const size = `${(Buffer.byteLength(html) / 1e6).toFixed(1)} MB`;
  const { incidents, metrics } = data;
  const content = metrics === undefined ? counted(incidents.length, 'incident') : counted(metrics.length, 'metric');
  terminal.print(`${output}: ${content}, ${size}. Open it in a browser; it requests nothing.`);
  for (const gap of data.gaps) terminal.note(`warning: ${gap}`);
  return code;
}

type Found = Omit<ReportData, 'madeAt' | 'asOf' | 'version'> & {
  readonly code: ExitCode;
  /** Epoch milliseconds; undefined: now. */
  readonly asOf: number | undefined;
};

async function findingsOf(name: string | undefined, options: ReportOptions, context: SelectionContext): Promise<Found> {
  if (options.metric !== undefined) {
    if (name !== undefined) throw new UsageError(METRIC_WAYS);
    return reportOfMetrics(options, await withTenantDeployment(options, context));
  }
  refuseWithoutMetric(options);
  if ((name !== undefined) === isSelection(options)) throw new UsageError(WAYS);
  return name === undefined ? reportOfSelection(options, context) : ofDeployment(name, options, context);
}

const METRIC_WAYS = 'With --metric name the hosts by --traces FILE…, --demo or --tenant ID, and no incident or run.';

const WAYS = 'Name an incident or a run, or the hosts by --traces FILE… or --demo: one of them.';

function isSelection({ traces, demo }: ReportOptions): boolean {
  return traces !== undefined || demo === true;
}

function stamps(now: number, asOf: number): Pick<ReportData, 'madeAt' | 'asOf' | 'version'> {
  return { madeAt: new Date(now).toISOString(), asOf: new Date(asOf).toISOString(), version: packageJson.version };
}

async function ofDeployment(name: string, options: ReportOptions, given: SelectionContext) {
  const context = await withTenantDeployment(options, given);
  const report = await reportOfDeployment(name, options, context);
  const isPartial = report.gaps.length > 0 || Object.keys(report.problems).length > 0;
  return { ...report, asOf: undefined, code: isPartial ? EXIT.partial : EXIT.clean };
}

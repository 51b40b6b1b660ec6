/** The options for anomaly inspection: which metrics, of which span, held against what. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AnomalyJob, anomalyJobSchema, MOST_REFERENCE_POINTS } from '../../core/model/anomaly-job.ts';
import { parseInput } from '../../core/model/issues.ts';
import { POINT_METRICS } from '../../core/model/point-metrics.ts';
import { parsePositive, parseRepeated, parseTime } from '../option-values.ts';
import { UsageError } from '../usage-error.ts';

export interface PointOptions {
  readonly metric?: readonly string[];
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** Seconds. */
  readonly period?: number;
  readonly reference?: number;
  readonly cycle?: AnomalyJob['cycle'];
  readonly score?: number;
}

/** Of lines of a program, what stands for a job of a config. */
export const NO_JOB = 'inspect';

/** Options that mean nothing without a metric. */
const BELONGINGS = [
  ['from', '--from'],
  ['to', '--to'],
  ['period', '--period'],
  ['reference', '--reference'],
  ['cycle', '--cycle'],
  ['score', '--threshold'],
] as const satisfies readonly (readonly [keyof PointOptions, string])[];

export function addPointOptions(command: Command): Command {
  const names = POINT_METRICS.map(({ name }) => name).join(', ');
  return command
    .optionsGroup('Anomalies of metrics:')
    .option(
      '--metric <name>',
      `inspect it for anomalies instead of memory for leaks; repeatable: ${names}, or one of a feed of the tenant’s account`,
      parseRepeated,
    )
    .option('--from <time>', 'with --metric: score the points from then on (default: a day before the end)', parseTime)
    .option('--to <time>', 'with --metric: the end, as --at', parseTime)
    .option('--period <seconds>', 'with --metric: what one point stands for (default: 300)', parsePositive)
    .option(
      '--reference <points>',
      'with --metric: points before them that they are compared with (default: 2016, a week of five minutes)',
      parsePositive,
    )
    .addOption(
      new Option('--cycle <length>', 'with --metric: how often the curve repeats itself (default: day)').choices([
        'none',
        'day',
        'week',
      ]),
    )
    .addOption(new PlainOption('--threshold <score>', 'score').argParser(parseScore));
}

/** An option whose property has another name: `threshold` is of policies. */
class PlainOption extends Option {
  readonly #attribute: string;

  constructor(flags: string, attribute: string) {
    super(flags, 'with --metric: score from which a point is an anomaly (default: 0.99, 1 of 100 healthy points)');
    this.#attribute = attribute;
  }

  override attributeName(): string {
    return this.#attribute;
  }
}

function parseScore(text: string): number {
  const parsed = anomalyJobSchema.shape.threshold.safeParse(Number(text));
  if (parsed.success && text.trim() !== '') return parsed.data;
  throw new InvalidArgumentError('Give a score from 0.5 to 0.9999, for example 0.999.');
}

/** Throws `UsageError` where one of the options is given and no metric is. */
export function refuseWithoutMetric(options: PointOptions): void {
  const given = BELONGINGS.filter(([name]) => options[name] !== undefined).map(([, option]) => option);
  if (given.length > 0) throw new UsageError(`${given.join(', ')}: add --metric NAME, which they belong to.`);
}

/** The job that the options stand for. Throws `UsageError` where they are out of their bounds. */
export function jobOfOptions({ metric = [], period, reference, cycle, score }: PointOptions): AnomalyJob {
  const parsed = parseInput(anomalyJobSchema, {
    name: NO_JOB,
    metrics: [...new Set(metric)],
    ...(period !== undefined && { periodSeconds: period }),
    ...(reference !== undefined && { referencePoints: reference }),
    ...(cycle !== undefined && { cycle }),
    ...(score !== undefined && { threshold: score }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field = ''] = issue?.path ?? [];
  throw new UsageError(`${OPTION_OF_FIELD[String(field)] ?? '--metric'}: it ${issue?.message ?? 'is not usable'}.`);
}

const OPTION_OF_FIELD: Readonly<Record<string, string>> = {
  periodSeconds: '--period (1 to 3600 seconds)',
  referencePoints: `--reference (60 to ${MOST_REFERENCE_POINTS} points)`,
};

/** The end of the span: `--to` is `--at` by another name. */
export function endOfOptions({ at, to }: { readonly at?: number; readonly to?: number }): { readonly at?: number } {
  if (at !== undefined && to !== undefined) throw new UsageError('Give the end once: with --to or with --at.');
  const end = to ?? at;
  return end === undefined ? {} : { at: end };
}

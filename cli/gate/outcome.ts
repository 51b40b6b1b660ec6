/** What a check of a job ends with: its exit code, and what of it is written for programs. */
import type { JobVerdict, NameVerdict } from '../../core/detector/gate.ts';
import { EXIT } from '../exit-code.ts';
import type { JobRun } from './job.ts';

export type WhenUndecided = 'pass' | 'fail';

/**
 * A leak comes before the command's own code: a job that is killed for its memory fails because it leaks. Then the command's own code,
 * then what was too short to decide. Of a check that was interrupted nothing counts but the signal.
 */
export function jobExitCode(
  { ended, code }: Pick<JobRun, 'ended' | 'code'>,
  { outcome }: Pick<JobVerdict, 'outcome'>,
  whenUndecided: WhenUndecided,
): number {
  if (ended === 'signal') return code;
  if (outcome === 'leak') return EXIT.findings;
  // What was stopped because its time was up has not failed.
  if (ended === 'itself' && code !== 0) return code;
  return outcome === 'undecided' && whenUndecided === 'fail' ? EXIT.partial : EXIT.clean;
}

/** One JSON object. Times are epoch milliseconds, sizes bytes. */
export function jobAsJson(run: JobRun, verdict: JobVerdict, exitCode: number): string {
  const { name, startedAt, durationMs, sweeps, ended, code, leftOut } = run;
  const result = {
    version: 1,
    outcome: verdict.outcome,
    exitCode,
    command: { name, ended, ...(ended === 'itself' && { exitCode: code }) },
    startedAt,
    durationMs: Math.round(durationMs),
    samples: sweeps,
    processes: verdict.names.map(nameAsJson),
    ...(leftOut > 0 && { namesLeftOut: leftOut }),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function nameAsJson({ name, processes, outcome, confidence, growth }: NameVerdict) {
  return {
    name,
    most: processes,
    outcome,
    ...(confidence !== undefined && { confidence: Number(confidence.toFixed(4)) }),
    ...(growth !== undefined && {
      evaluated: { fromMs: Math.round(growth.from), toMs: Math.round(growth.to) },
      floor: { first: Math.round(growth.first), last: Math.round(growth.last) },
      bytesPerMinute: Math.round(growth.bytesPerMinute),
      features: growth.features,
    }),
  };
}

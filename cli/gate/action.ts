/** Runs a job, evaluates the memory of its processes, and states the result. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { evaluateJob, JOB_POLICY, type JobVerdict } from '../../core/detector/gate.ts';
import type { CommandContext } from '../context.ts';
import { plain } from '../render/text.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type JobRun, runJob } from './job.ts';
import { jobAsJunit } from './junit.ts';
import { jobAsJson, jobExitCode, type WhenUndecided } from './outcome.ts';
import { jobPicture } from './picture.ts';
import { jobText } from './text.ts';

export interface JobOptions {
  readonly for?: number;
  readonly every: number;
  readonly warmUp?: number;
  readonly atLeast: number;
  readonly maxGrowth: number;
  readonly confidence: number;
  readonly allowName?: readonly string[];
  readonly undecided: WhenUndecided;
  readonly grace: number;
  readonly json?: string;
  readonly junit?: string;
  readonly picture?: string;
}

/** The exit code. Results are on stderr: stdout is the command's own. */
export async function checkJob(
  command: readonly [string, ...string[]],
  options: JobOptions,
  { terminal }: CommandContext,
): Promise<number> {
  await assertWritable([options.json, options.junit, options.picture].filter((file) => file !== undefined));
  const run = await runJob({
    command,
    everyMs: options.every,
    graceMs: options.grace,
    ...(options.for !== undefined && { forMs: options.for }),
  });
  const verdict = evaluateJob(run.series, {
    ...JOB_POLICY,
    atLeastMs: options.atLeast,
    maxGrowth: options.maxGrowth,
    threshold: options.confidence,
    allowNames: options.allowName ?? [],
    ...(options.warmUp !== undefined && { warmUpMs: options.warmUp }),
  });
  const exitCode = jobExitCode(run, verdict, options.undecided);
  terminal.note(
    jobText(run, verdict, terminal.live ? terminal.paint : plain, terminal.live ? textWidth(terminal) : undefined),
  );
  await writeResults(run, verdict, exitCode, options);
  return exitCode;
}

/** Before the job: one of ten minutes should not fail at its end. */
async function assertWritable(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const folder = dirname(resolve(file));
    try {
      await access(folder, constants.W_OK);
    } catch (cause) {
      throw new UsageError(
        `${file} cannot be written: ${folder} is not a folder that can be written to. Make it first.`,
        { cause },
      );
    }
    if (!(await mayReplace(file))) throw new UsageError(`${file} cannot be written: give the name of a file.`);
  }
}

/** Whether nothing is there, or something that takes what is written to it. */
async function mayReplace(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return true;
  return (
    !found.isDirectory() &&
    (await access(file, constants.W_OK).then(
      () => true,
      () => false,
    ))
  );
}

async function writeResults(run: JobRun, verdict: JobVerdict, exitCode: number, options: JobOptions): Promise<void> {
  const { json, junit, picture } = options;
  if (json !== undefined) await writeFile(json, jobAsJson(run, verdict, exitCode));
  if (junit !== undefined) await writeFile(junit, jobAsJunit(run, verdict));
  if (picture !== undefined) await writeFile(picture, jobPicture(run, verdict));
}

/** A check of a job that cannot begin states why, before anything runs. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkJob } from '../../../cli/gate/action.ts';
import { runJob } from '../../../cli/gate/job.ts';
import { parseFor } from '../../../cli/gate/values.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { aContext } from '../a-context.ts';

const OPTIONS = {
  every: 1000,
  atLeast: 120_000,
  maxGrowth: 1,
  confidence: 0.5,
  undecided: 'pass',
  grace: 1000,
} as const;

describe('a check of a job', () => {
  it.each(['', `${import.meta.filename}/program`, '/nowhere/program'])('cannot start %j', async (program) => {
    const run = runJob({ command: [program], everyMs: 1000, graceMs: 1000 });

    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow('could not be started');
  });

  it('writes no result where a folder is', async () => {
    const check = checkJob(['/nowhere/program'], { ...OPTIONS, json: tmpdir() }, aContext().context);

    await expect(check).rejects.toThrow(`${tmpdir()} cannot be written: give the name of a file.`);
  });

  it('runs no longer than a timer can', () => {
    expect(parseFor('500h')).toBe(1_800_000_000);
    for (const text of ['0s', '501h', '999999m']) expect(() => parseFor(text)).toThrow('at most 500h');
  });
});

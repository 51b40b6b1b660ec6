import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEASURED_ON } from '../../../bench/corpus.ts';
import type { BenchSeries } from '../../../bench/data.ts';
import { randomFrom } from '../../../bench/random.ts';
import { aBenchSeries, aLeak, HOUR_S } from '../../bench/bench-series.ts';

/** Each of the bench's workers is compiled as the first was. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../node_modules/.cache/node') };

function run(program: string, args: readonly string[]) {
  return promisify(execFile)(program, args, { env });
}

const STEP = 300;
const DAYS = 11;

/** Eleven days of five-minute samples with noise, of which the last six hours are evaluated. */
function samples(seed: number, percentAt: (hour: number) => number): Partial<BenchSeries> {
  const random = randomFrom(seed);
  return {
    id: `made/${seed}`,
    base: `host-${seed}`,
    step: STEP,
    evalFrom: (DAYS * 24 - 6) * HOUR_S,
    v: Array.from({ length: DAYS * 288 }, (_, sample) => percentAt(sample / 12) + random()),
  };
}

const LEAK_FROM_HOUR = (DAYS - 2) * 24;
const SERIES = [
  ...[1, 2, 3, 4].map((seed) => aBenchSeries(samples(seed, () => 40))),
  ...[5, 6, 7, 8].map((seed) =>
    aLeak(
      LEAK_FROM_HOUR,
      samples(seed, (hour) => 40 + Math.max(0, hour - LEAK_FROM_HOUR)),
    ),
  ),
];

describe('bench/detector.ts', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
    const lines = SERIES.map((series) => JSON.stringify(series)).join('\n');
    for (const name of MEASURED_ON) await writeFile(join(directory, `${name}.ndjson.gz`), gzipSync(lines));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('writes what it prints, with every injected leak found and no host falsely', async () => {
    const out = join(directory, 'results', 'detector.md');

    const { stdout } = await run(process.execPath, ['bench/detector.ts', '--data', directory, '--out', out]);

    const written = await readFile(out, 'utf8');
    expect(stdout.trim()).toBe(written.trim());
    const all = written.slice(written.indexOf('### All'));
    expect(all).toMatch(/ours, suspected \+ confirmed +\| 1\.00 \| 1\.00 \| 1\.000 /);
    expect(written.indexOf('### Held back')).toBeLessThan(written.indexOf('### Tuning'));
    expect(written.match(/^## .*/gm)?.at(-1)).toBe('## Speed');
    expect(written).toMatch(/^\| linear +\|.* 4 of 4 \|/m);
  });

  it('explains its usage where it is called wrongly', async () => {
    const calls = [[], ['--data', directory, '--jobs', '0']].map((words) =>
      run(process.execPath, ['bench/detector.ts', ...words]),
    );

    const outcomes = await Promise.allSettled(calls);

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 2 } });
      expect(String(outcome.status === 'rejected' && outcome.reason.stderr)).toContain('usage:');
    }
  });
});

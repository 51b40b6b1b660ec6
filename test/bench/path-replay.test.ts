import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BenchSeries } from '../../bench/data.ts';
import { asBefore, keepAsBefore } from '../../bench/path-before.ts';
import { replayPath } from '../../bench/path-replay.ts';
import { pathReport } from '../../bench/path-report.ts';
import type { Replayed } from '../../bench/path-score.ts';
import { readVerdicts, verdictFiles, verdictsOf } from '../../bench/path-verdicts.ts';
import { aBenchSeries, aLeak, HOUR_S } from './bench-series.ts';

const CELL_S = 900;

/** Level for two days, then two points an hour for a day, then as it was. */
function grown(): Partial<BenchSeries> {
  const v = Array.from({ length: 4 * 96 }, (_, cell) => {
    const hour = cell / 4;
    return 30 + Math.sin(cell) / 4 + (hour > 48 && hour < 72 ? (hour - 48) * 2 : 0);
  });
  return { step: CELL_S, v, evalFrom: 30 * HOUR_S, active: [[48 * HOUR_S, 72 * HOUR_S]], resets: [72 * HOUR_S] };
}

const series = aLeak(48, { ...grown(), group: 'api' });
const verdicts = verdictsOf(series, 'mixed');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plimsoll-path-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('the replay of the path', () => {
  it('pages a leak while it lasts and reports its end', () => {
    const received = replayPath(series, verdicts, { recoverAfter: 4 });

    const page = received.find(({ pages }) => pages);
    expect(page?.kind).toBe('opened');
    expect(page?.at).toBeGreaterThan(48 * HOUR_S);
    expect(page?.at).toBeLessThan(72 * HOUR_S);
    expect(received.at(-1)?.kind).toBe('recovered');
    expect(received.at(-1)?.at).toBeGreaterThan(72 * HOUR_S);
  });

  it('sends nothing about a steady host', () => {
    const steady = aBenchSeries({ ...grown(), v: grown().v?.map(() => 40) ?? [] });

    expect(replayPath(steady, verdictsOf(steady, 'mixed'), { recoverAfter: 4 })).toEqual([]);
  });

  it('refuses verdicts that are not those of the series', () => {
    expect(() => replayPath(series, verdicts.slice(0, 5), { recoverAfter: 4 })).toThrow('no verdict for its hour 5');
  });
});

describe('verdicts on disk', () => {
  const options = () => ({ cache: directory, jobs: 1, progress: () => {} });

  it('are those of the detector, and are evaluated once', async () => {
    const [first = ''] = await verdictFiles([{ series, half: 'mixed' }], options());
    const written = await stat(first);

    const [second = ''] = await verdictFiles([{ series, half: 'mixed' }], options());

    expect(readVerdicts(second)).toEqual(verdicts);
    expect((await stat(second)).mtimeMs).toBe(written.mtimeMs);
    expect(await readdir(join(second, '..'))).toHaveLength(1);
  });

  it('are others for other samples and for another table', async () => {
    const other = { ...series, v: [...series.v.slice(1), 31] };
    const hosts = [
      { series, half: 'mixed' },
      { series, half: 'tuning' },
      { series: other, half: 'mixed' },
    ] as const;

    const files = await verdictFiles(hosts, options());

    expect(new Set(files).size).toBe(3);
  });
});

describe('what was received before', () => {
  const received = replayPath(series, verdicts, { recoverAfter: 4 });
  const host: Replayed = { set: 'made: stops', role: 'stops', half: 'mixed', series, received };

  it('is the same after it was kept', () => {
    const file = join(directory, 'before.ndjson');
    const quiet: Replayed = { ...host, series: { ...series, id: 'quiet' }, received: [] };

    keepAsBefore(file, [host, quiet], 1);

    const again = asBefore(file, [host, quiet], 1);
    expect(again.map((one) => one.received.map(({ at, kind, pages }) => [at, kind, pages]))).toEqual([
      received.map(({ at, kind, pages }) => [at, kind, pages]),
      [],
    ]);
  });

  it('leaves out sets that were not replayed, and those that are made of another seed', () => {
    const file = join(directory, 'before.ndjson');
    keepAsBefore(file, [host], 1);

    const others = [host, { ...host, set: 'unknown' }];

    expect(asBefore(file, others, 1).map(({ set }) => set)).toEqual(['made: stops']);
    expect(asBefore(file, others, 2)).toEqual([]);
  });

  it('stands beside what is received now', () => {
    const now = { ...host, received: [] };

    const report = pathReport({ hosts: [now], before: [host], seed: 1 });

    expect(report).toContain('memory given back ▸ recovered: median, h');
    expect(report).toMatch(/share within 12 h +\| +1\.00 \| +– \|/);
  });
});

/** What is kept of a job's sweeps. */
import { describe, expect, it } from 'vitest';
import { createJobSeries, type JobProcess } from '../../../core/detector/gate-series.ts';

const process = (name: string, pid: number, bytes: number): JobProcess => ({ name, pid, bytes });

describe('the series of a job', () => {
  it('sums the processes of a name and remembers how many there were', () => {
    const job = createJobSeries();

    job.add(0, [process('node', 1, 10), process('sh', 2, 3)]);
    job.add(1000, [process('node', 1, 10), process('node', 3, 5), process('node', 4, 6)]);
    job.add(2000, [process('node', 5, 7)]);

    expect(job.series()).toEqual([
      { name: 'node', processes: 3, times: [0, 1000, 2000], values: [10, 21, 7] },
      { name: 'sh', processes: 1, times: [0], values: [3] },
    ]);
  });

  it('stays bounded over a week, in order, with the least of what it joins', () => {
    const job = createJobSeries();

    for (let second = 0; second < 40_000; second += 1) job.add(second, [process('node', 1, 1000 + (second % 16))]);

    const [series] = job.series();
    expect(series?.times.length).toBeLessThan(10_000);
    expect(series?.times.at(-1)).toBeGreaterThan(39_980);
    expect(series?.times).toEqual(series?.times.toSorted((a, b) => a - b));
    expect(series?.values.slice(0, 3)).toEqual([1000, 1008, 1000]);
  });

  it('follows 200 names and counts the others', () => {
    const job = createJobSeries();

    job.add(
      0,
      Array.from({ length: 230 }, (_, pid) => process(`tool-${pid}`, pid, 1)),
    );

    expect(job.series()).toHaveLength(200);
    expect(job.leftOut()).toBe(30);
  });
});

/** What a check of a job ends with: exit code, text, JSON, JUnit XML, picture. */
import { describe, expect, it } from 'vitest';
import type { JobRun } from '../../../cli/gate/job.ts';
import { jobAsJunit } from '../../../cli/gate/junit.ts';
import { jobAsJson, jobExitCode } from '../../../cli/gate/outcome.ts';
import { jobPicture } from '../../../cli/gate/picture.ts';
import { formatSpan, jobText } from '../../../cli/gate/text.ts';
import { parseEvery, parseGrowth, parseSpan } from '../../../cli/gate/values.ts';
import { plain } from '../../../cli/render/text.ts';
import { evaluateJob, type JobVerdict } from '../../../core/detector/gate.ts';
import type { NameSeries } from '../../../core/detector/gate-series.ts';

const MIB = 1024 * 1024;

function growing(name: string, perSecond: number): NameSeries {
  const times = Array.from({ length: 600 }, (_, second) => second * 1000);
  return { name, processes: 2, times, values: times.map((time) => (60 + (time / 1000) * perSecond) * MIB) };
}

function aRun(series: readonly NameSeries[], given: Partial<JobRun> = {}): JobRun {
  const startedAt = Date.UTC(2026, 10, 20, 12);
  return {
    name: 'npm',
    startedAt,
    durationMs: 600_000,
    sweeps: 600,
    series,
    leftOut: 0,
    ended: 'itself',
    code: 0,
    ...given,
  };
}

const LEAKING = [growing('node', 0.1), growing('postgres', 0)];

describe('the exit code of a checked job', () => {
  const leak = { outcome: 'leak' } as const;
  const steady = { outcome: 'steady' } as const;
  const undecided = { outcome: 'undecided' } as const;

  it.each([
    ['a leak', { ended: 'itself', code: 0 }, leak, 'pass', 3],
    ['a leak of a job that fails', { ended: 'itself', code: 137 }, leak, 'pass', 3],
    ['a job that fails', { ended: 'itself', code: 7 }, steady, 'pass', 7],
    ['a job that fails and was too short', { ended: 'itself', code: 7 }, undecided, 'fail', 7],
    ['a job that was stopped in time', { ended: 'time', code: 143 }, steady, 'pass', 0],
    ['a job that was too short', { ended: 'itself', code: 0 }, undecided, 'pass', 0],
    ['a job that was too short and must not be', { ended: 'itself', code: 0 }, undecided, 'fail', 4],
    ['a check that was interrupted', { ended: 'signal', code: 143 }, leak, 'pass', 143],
  ] as const)('is, of %s, as documented', (_, run, verdict, whenUndecided, expected) => {
    expect(jobExitCode(run, verdict, whenUndecided)).toBe(expected);
  });
});

describe('the text of a checked job', () => {
  it('names the process that grew, with its figures and its curve', () => {
    const text = jobText(aRun(LEAKING), evaluateJob(LEAKING), plain);

    expect(text).toMatch(
      /^node grows like a leak: its floor went from 72\.0 MiB to 11\d MiB, \+5\.\d+ MiB a minute \(confidence/,
    );
    expect(text).toContain('600 samples in 10 min.');
    expect(text).toMatch(/[\u2801-\u28ff]/);
    expect(text).toMatch(/postgres +2 .* steady$/m);
  });

  it('states that a job was too short, and what to do', () => {
    const text = jobText(aRun([], { sweeps: 3, durationMs: 3000 }), evaluateJob([]), plain);

    expect(text).toMatch(/^Too short to decide: .* Run the job for longer, or lower --at-least\. 3 samples in 3 s\.$/);
  });

  it('fits a terminal of 80 columns', () => {
    const text = jobText(aRun(LEAKING), evaluateJob(LEAKING), plain, 80);

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^postgres .* steady$/m);
  });

  it('fits a terminal of 80 columns with long names, and keeps the verdict', () => {
    const series = [growing('a-worker-with-a-long-name-of-its-own', 0.1), growing('postgres', 0)];
    const text = jobText(aRun(series), evaluateJob(series), plain, 80);

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^a-worker.* grows like a leak$/m);
  });

  it('states with which code a command failed, which may be that of a leak', () => {
    const run = aRun([], { sweeps: 3, durationMs: 3000, code: 3 });

    expect(jobText(run, evaluateJob([]), plain)).toMatch(/The command itself ended with exit code 3\.$/);
  });

  it('states that it was interrupted', () => {
    const run = aRun([], { sweeps: 3, durationMs: 3000, ended: 'signal', code: 143 });

    expect(jobText(run, evaluateJob([]), plain)).toContain('in 3 s, then interrupted by a signal.');
  });

  it('shows no control characters of a name', () => {
    const series = [growing('no\u001b[31mde', 0.1)];

    expect(jobText(aRun(series), evaluateJob(series), plain)).not.toContain('\u001b');
  });

  it.each([
    [400, '400 ms'],
    [12_000, '12 s'],
    [580_000, '9 min 40 s'],
    [600_000, '10 min'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text);
  });
});

describe('the files of a checked job', () => {
  const run = aRun([growing('a<b>&"c"', 0.1), growing('postgres', 0)]);
  const verdict: JobVerdict = evaluateJob(run.series);

  it('hold a JSON object with the outcome, the exit code and each name', () => {
    const result = JSON.parse(jobAsJson(run, verdict, 3));

    expect(result).toMatchObject({
      version: 1,
      outcome: 'leak',
      exitCode: 3,
      command: { name: 'npm', ended: 'itself', exitCode: 0 },
      samples: 600,
      processes: [
        { name: 'a<b>&"c"', outcome: 'leak' },
        { name: 'postgres', outcome: 'steady', bytesPerMinute: 0 },
      ],
    });
  });

  it('hold JUnit XML with a failure for the name that leaks', () => {
    const xml = jobAsJunit(run, verdict);

    expect(xml).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(xml).toContain('name="a&lt;b&gt;&amp;&quot;c&quot; does not leak"');
    expect(xml).toContain('<failure type="leak" message="a&lt;b&gt;');
    expect(xml.match(/<testcase /g)).toHaveLength(2);
    expect(xml.match(/<\/testcase>/g)).toHaveLength(2);
  });

  it('hold a skipped test of a job that was too short', () => {
    const xml = jobAsJunit(aRun([]), evaluateJob([]));

    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="1"');
    expect(xml).toContain('<skipped message="npm did not run for long enough to decide."/>');
  });

  it('hold a picture with a curve and a floor for each name', () => {
    const svg = jobPicture(run, verdict);

    expect(svg.match(/<polyline /g)).toHaveLength(2);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
    expect(svg).toContain('<title>a&lt;b&gt;&amp;&quot;c&quot; grows like a leak');
    expect(svg).not.toContain('NaN');
  });

  it('hold a picture whose texts neither leave it nor cover each other', () => {
    const series = ['one', 'two', 'three', 'four'].map((name) => growing(`${name}-${'long-'.repeat(8)}`, 0.1));
    const svg = jobPicture(aRun(series), evaluateJob(series));

    const texts = [...svg.matchAll(/<text x="(\d+)" y="(\d+)"( font-size="15")?[^>]*>([^<]*)/g)];
    const starting = texts.filter(([text]) => !text.includes('text-anchor'));
    // A character of a bold title is some 8.5 wide, of the legend some 7.
    const rights = starting.map(([, x, , bold, text = '']) => Number(x) + text.length * (bold ? 8.5 : 7));
    expect(Math.max(...rights)).toBeLessThanOrEqual(960);
    expect(new Set(starting.map(([, x, y]) => `${x} ${y}`)).size).toBe(starting.length);
    const legend = starting
      .slice(-4)
      .map(([, x, y, , text = '']) => ({ x: Number(x), y, right: Number(x) + text.length * 7 }));
    for (const one of legend)
      for (const other of legend) if (one.y === other.y && one.x < other.x) expect(one.right).toBeLessThan(other.x);
  });

  it('hold a picture of a job without samples', () => {
    expect(jobPicture(aRun([]), evaluateJob([]))).not.toContain('NaN');
  });
});

describe('the options of a checked job', () => {
  it('take durations with their unit', () => {
    expect(['500ms', '30s', '10m', '1h', '0s'].map(parseSpan)).toEqual([500, 30_000, 600_000, 3_600_000, 0]);
  });

  it.each(['10', 'm', '-5s', '1d', ''])('refuse %j as a duration', (text) => {
    expect(() => parseSpan(text)).toThrow('Give a duration with its unit');
  });

  it('refuse samples more often than measuring allows', () => {
    expect(() => parseEvery('10ms')).toThrow('from 50ms to 1m');
  });

  it('take growth a minute, with or without its unit of time', () => {
    expect([parseGrowth('200KiB'), parseGrowth('200KiB/min')]).toEqual([204_800, 204_800]);
  });
});

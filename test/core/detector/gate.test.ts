/** Shapes of a job's memory, in minutes: what is a leak, what is not, and what cannot be decided. */
import { describe, expect, it } from 'vitest';
import { evaluateJob, JOB_POLICY } from '../../../core/detector/gate.ts';
import type { NameSeries } from '../../../core/detector/gate-series.ts';

const MIB = 1024 * 1024;
const MINUTES = 10;

/** Memory in MiB at a second. */
type Shape = (second: number) => number;

function seriesOf(shape: Shape, { name = 'node', minutes = MINUTES } = {}): NameSeries {
  const seconds = Array.from({ length: minutes * 60 }, (_, second) => second);
  return {
    name,
    processes: 1,
    times: seconds.map((second) => second * 1000),
    values: seconds.map((s) => shape(s) * MIB),
  };
}

const started: Shape = (second) => 50 * (1 - Math.exp(-second / 5));
/** Up to 30 MiB of garbage, collected every 40 seconds. */
const sawtooth: Shape = (second) => ((second % 40) / 40) * 30;

const LEAKS: readonly (readonly [shape: string, Shape])[] = [
  ['even growth', (s) => started(s) + s * 0.05],
  ['slow growth beside the saw-tooth of a collector', (s) => started(s) + sawtooth(s) + s * 0.05],
  ['growth in lumps', (s) => started(s) + Math.floor(s / 20) * 2],
  ['growth that becomes faster', (s) => started(s) + (s / 60) ** 2],
  ['growth beside a cache that fills', (s) => started(s) + Math.min(s, 120) * 0.2 + s * 0.1],
  ['growth that ends with the release of everything', (s) => (s > 596 ? 5 : started(s) + s * 0.1)],
];

const HEALTHY: readonly (readonly [shape: string, Shape])[] = [
  ['a level', started],
  ['a saw-tooth', (s) => started(s) + sawtooth(s)],
  ['a cache that is full after half of the time', (s) => started(s) + Math.min(s, 300) * 0.2],
  ['a cache that fills more and more slowly', (s) => started(s) + 80 * (1 - Math.exp(-s / 90))],
  ['a warm-up of two minutes', (s) => started(s) + Math.min(s, 120) * 0.5],
  ['one step', (s) => started(s) + (s > 360 ? 60 : 0)],
  ['phases of a batch', (s) => started(s) + ([20, 60, 10, 45, 5, 30][Math.floor(s / 100)] ?? 0)],
  ['workers that grow and are replaced', (s) => started(s) + (s % 90)],
  ['a report each minute', (s) => started(s) + (s % 60 < 8 ? 120 : 0)],
  ['growth of less than is accepted', (s) => started(s) + s * 0.001],
];

describe('the evaluation of a job', () => {
  it.each(LEAKS)('finds %s', (_, shape) => {
    const verdict = evaluateJob([seriesOf(shape)]);

    expect(verdict).toMatchObject({ outcome: 'leak', names: [{ name: 'node', outcome: 'leak' }] });
  });

  it.each(HEALTHY)('lets %s pass', (_, shape) => {
    const verdict = evaluateJob([seriesOf(shape)]);

    expect(verdict).toMatchObject({ outcome: 'steady', names: [{ outcome: 'steady' }] });
  });

  it('states the growth of the floor, not that of the saw-tooth', () => {
    const verdict = evaluateJob([seriesOf((s) => 50 + sawtooth(s) + s * 0.05)]);

    const perMinute = (verdict.names[0]?.growth?.bytesPerMinute ?? 0) / MIB;
    expect(perMinute).toBeGreaterThan(2.5);
    expect(perMinute).toBeLessThan(3.5);
  });

  it('names the child that grows beside a parent that is larger and noisy', () => {
    const parent = seriesOf((s) => 500 + (s % 7) * 30, { name: 'parent' });
    const child = seriesOf((s) => 10 + s * 0.05, { name: 'worker' });

    const { outcome, names } = evaluateJob([parent, child]);

    expect(outcome).toBe('leak');
    expect(names.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['worker', 'leak'],
      ['parent', 'steady'],
    ]);
  });

  it('is undecided where nothing ran for long enough after its warm-up', () => {
    const verdict = evaluateJob([seriesOf((s) => 50 + s, { minutes: 2 })]);

    expect(verdict).toEqual({ outcome: 'undecided', names: [{ name: 'node', processes: 1, outcome: 'too_short' }] });
  });

  it('is undecided of a job without samples', () => {
    expect(evaluateJob([])).toEqual({ outcome: 'undecided', names: [] });
  });

  it('evaluates what is long enough beside what is not', () => {
    const short = seriesOf((s) => s, { name: 'sh', minutes: 1 });

    const verdict = evaluateJob([short, seriesOf(started)]);

    expect(verdict.outcome).toBe('steady');
    expect(verdict.names.map(({ outcome }) => outcome)).toEqual(['steady', 'too_short']);
  });

  it('counts the warm-up from the start of each process', () => {
    const { times, values, ...rest } = seriesOf((s) => 40 + Math.min(s, 100), { minutes: 6 });
    const late = { ...rest, times: times.map((time) => time + 600_000), values };

    const [first] = evaluateJob([late], { ...JOB_POLICY, warmUpMs: 120_000 }).names;

    expect(first).toMatchObject({ outcome: 'steady', growth: { from: 720_000 } });
  });

  it('accepts the growth of a name that is allowed, and of no other', () => {
    const growing: Shape = (s) => 50 + s * 0.1;
    const policy = { ...JOB_POLICY, allowNames: ['java'] };

    expect(evaluateJob([seriesOf(growing, { name: 'java' })], policy)).toMatchObject({
      outcome: 'steady',
      names: [{ outcome: 'allowed' }],
    });
    expect(evaluateJob([seriesOf(growing, { name: 'java2' })], policy).outcome).toBe('leak');
  });

  it('accepts growth up to the limit', () => {
    const series = [seriesOf((s) => 50 + s * 0.05)];

    expect(evaluateJob(series, { ...JOB_POLICY, maxGrowth: 2.5 * MIB }).outcome).toBe('leak');
    expect(evaluateJob(series, { ...JOB_POLICY, maxGrowth: 3.5 * MIB }).outcome).toBe('steady');
  });
});

/** Simulated points: the same each time, of any mix, and with what was ordered to go wrong. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { run } from '../../../cli/main.ts';
import { INJECTIONS, injectionIn, seriesSeed, valueAt } from '../../../cli/simulate/curves.ts';
import { planSimulation } from '../../../cli/simulate/plan.ts';
import { POINT_METRICS } from '../../../core/model/point-metrics.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const TO = ['--to', '2026-11-20T12:00:00Z'];

async function simulate(...args: string[]) {
  const { context, out, err } = aContext();
  const code = await run(['simulate', ...TO, ...args], context);
  return { code, lines: out().split('\n').filter(Boolean), text: out(), notes: err() };
}

describe('plimsoll simulate', () => {
  it('writes the same lines each time, and others with another seed', async () => {
    const args = ['--hours', '0.5', '--step', '10s'];
    const [first, second, other] = [
      await simulate(...args),
      await simulate(...args),
      await simulate(...args, '--seed', '2'),
    ];

    expect(first.code).toBe(0);
    expect(second.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  });

  it('takes any mix of metrics at steps of a second, with labels', async () => {
    const mix = [
      '--hosts',
      '1',
      '--hours',
      '0.01',
      '--step',
      '1s',
      '--metrics',
      'cpu_util,queue_length',
      '--labels',
      'hostname,ip,site=eu',
    ];
    const { lines } = await simulate(...mix);

    expect(lines).toHaveLength(2 * 36);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-11-20T11:59:24.000Z',
      host: 'web-1',
      hostname: 'web-1',
      ip: '10.0.0.1',
      site: 'eu',
      metric: 'system.cpu.utilization',
      value: expect.any(Number),
    });
  });

  it('writes files that trace files are read as, and states what is anomalous in them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-simulate-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [output, truth] = [join(folder, 'points.ndjson'), join(folder, 'truth.ndjson')];

    const { text } = await simulate(
      '--hours',
      '2',
      '--hosts',
      '2',
      '--anomalies',
      'spike,none',
      '--output',
      output,
      '--truth',
      truth,
    );

    expect(text).toBe('');
    const request = {
      metrics: POINT_METRICS,
      window: { start: NOON - 2 * HOUR, end: NOON },
      periodMs: MINUTE,
      filters: [],
    };
    const readings = await Array.fromAsync(
      traceFileSource({ files: [output] }).points?.(request, { count() {} }) ?? [],
    );
    expect(readings.map((reading) => (reading.kind === 'points' ? reading.times.length : reading.kind))).toEqual(
      Array(10).fill(120),
    );
    const truths = readFileSync(truth, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(truths).toHaveLength(5);
    expect(truths[0]).toMatchObject({ host: 'web-1', metric: 'system.memory.utilization', kind: 'spike' });
  });

  it.each([
    [['--step', '10ms'], 'Give a duration from 1s to 1h'],
    [['--anomalies', 'oddity'], 'Give some of spike, dip'],
    [['--labels', 'host=web'], 'Give hostname, ip, or NAME=VALUE'],
    [['--metrics', 'a b'], 'Give up to 20 names'],
    [['--hosts', '0'], 'Give a number of hosts'],
    [['--hosts', '10000', '--step', '1s', '--hours', '8000'], 'rows: fewer --hosts'],
    [['--hours', '1', '--output', '/no/such/folder/points.ndjson'], 'there is no such file'],
  ])('refuses %j', async (args, message) => {
    const { code, notes } = await simulate(...args);

    expect(code).toBe(1);
    expect(notes).toContain(message);
  });
});

const WINDOW = { start: NOON - 48 * HOUR, end: NOON };
const METRICS = [...POINT_METRICS.map(({ name }) => name), 'queue_length'];

describe('a simulated series', () => {
  it('has finite values within its limits, and differs from a healthy one while something is wrong alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INJECTIONS), fc.constantFrom(...METRICS), fc.nat(1000), (kind, metric, seed) => {
        const own = seriesSeed(seed, 'web-1', metric);
        const injected = injectionIn(kind, WINDOW, own, MINUTE);
        const plan = { metric, seed: own, stepMs: MINUTE, injected };
        const limit = POINT_METRICS.find(({ name }) => name === metric)?.upper ?? Number.POSITIVE_INFINITY;
        const isAsOrdered = (time: number) => {
          const value = valueAt(plan, time);
          const isWrong = injected !== undefined && time >= injected.start && time < injected.end;
          return value >= 0 && value <= limit && (isWrong || value === valueAt({ ...plan, injected: undefined }, time));
        };
        const times = Array.from({ length: 165 }, (_, index) => WINDOW.start + index * 17 * MINUTE);
        expect(times.filter((time) => !isAsOrdered(time))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is wrong in the last third, and what passes is over before the end', () => {
    for (const kind of INJECTIONS) {
      const injected = injectionIn(kind, WINDOW, 7, MINUTE);
      if (injected === undefined) continue;
      expect(injected.start).toBeGreaterThan(WINDOW.start + 30 * HOUR);
      expect(injected.end < WINDOW.end).toBe(kind === 'spike' || kind === 'dip');
    }
  });

  it('comes in pieces, so that memory holds none of the others', () => {
    const options = {
      hosts: 3,
      metrics: METRICS,
      stepMs: 1000,
      window: WINDOW,
      anomalies: ['none'],
      seed: 1,
      labels: [],
    } as const;
    const lines = planSimulation(options).lines();

    const [first, second] = [lines.next().value ?? '', lines.next().value ?? ''];

    expect(first.length).toBeLessThan(100_000);
    expect(first.endsWith('}\n') && second.startsWith('{"time"')).toBe(true);
  });
});

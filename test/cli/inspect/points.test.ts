import stringWidth from 'string-width';
import { beforeAll, describe, expect, it } from 'vitest';
import { type InspectPointsOptions, inspectPointsOfHosts } from '../../../cli/inspect/points.ts';
import { run } from '../../../cli/main.ts';
import { anomalyLineSchema } from '../../../core/model/anomaly-line.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { CPU, DISK, FLEET, fleetSelection, pointFleet } from '../../fixtures/point-fleet.ts';
import { aContext, type ContextOptions } from '../a-context.ts';

type Fleet = Parameters<typeof pointFleet>[0];

async function inspect(options: Partial<InspectPointsOptions> = {}, fleet: Fleet = {}, terminal: ContextOptions = {}) {
  const { context, out, err } = aContext(terminal);
  const openDemo = async () => fleetSelection(pointFleet(fleet));
  const given = { demo: true, metric: [CPU, DISK], ...options };
  const code = await inspectPointsOfHosts(given, { ...context, openDemo });
  return { code, out: out(), err: err() };
}

const HEALTHY = { fleet: { 'web-1': FLEET['web-1'] ?? {} } };

describe('plimsoll inspect --metric', () => {
  let shown: Awaited<ReturnType<typeof inspect>>;

  beforeAll(async () => {
    shown = await inspect({}, {}, { width: 80 });
  });

  it('draws a picture of each host and part with an anomaly, and ends with 3', () => {
    expect(shown.code).toBe(3);
    const titles = shown.out.split('\n').filter((line) => /^(web|db)-\d {2}system/.test(line));
    expect(titles.toSorted()).toEqual([
      'db-1  system.filesystem.utilization  mountpoint=/var',
      'web-2  system.cpu.utilization',
    ]);
  });

  it('lists what lasts, in plain words, with value, expected value and score', () => {
    expect(shown.out).toMatch(/11-20 09:05 +goes on +web-2 +CPU +shifted up +\d\d\.\d % +\d\d\.\d % +> 0\.9999/);
    expect(shown.out).toMatch(/11-20 10:05 +goes on +db-1 +Disk \/var +shifted up/);
  });

  it('counts the series that have none', () => {
    expect(shown.out).toContain('2 of 4 series have an anomaly that lasts.');
    expect(shown.out).not.toContain('web-1');
  });

  it.each([80, 120])('is not wider than a terminal of %i columns', async (width) => {
    const { out } = width === 80 ? shown : await inspect({}, {}, { width });

    expect(out.split('\n').filter((line) => stringWidth(line) > width)).toEqual([]);
  });

  it('draws all of them with --points all', async () => {
    const { out, code } = await inspect({ points: 'all' }, HEALTHY);

    expect(code).toBe(0);
    expect(out).toContain('web-1  system.cpu.utilization');
    expect(out).toContain('0 of 1 series have an anomaly that lasts.');
  });

  it('prints a line for each anomalous point with --json, and with --points all for each one', async () => {
    const some = await inspect({ json: true, metric: [CPU], only: 'anomalous' });
    const all = await inspect({ json: true, metric: [CPU], points: 'all' }, HEALTHY);

    const lines = some.out.split('\n').map((line) => anomalyLineSchema.decode(JSON.parse(line)));
    expect(new Set(lines.map(({ host, is_anomaly }) => `${host} ${is_anomaly}`))).toEqual(new Set(['web-2 true']));
    expect(all.out.split('\n')).toHaveLength(288);
  });

  it('scores the span of --from and --to, and reads the reference before it', async () => {
    const { code, out } = await inspect(
      { from: NOON - 6 * HOUR, to: NOON - 4 * HOUR, json: true, points: 'all' },
      HEALTHY,
    );

    const times = out.split('\n').map((line) => Date.parse(JSON.parse(line).time));
    // The selection of the fleet ends at noon whatever the options state: a command's own selection does not.
    expect(Math.min(...times)).toBe(NOON - 6 * HOUR);
    expect(code).toBe(0);
  });

  it('states what is not collected or could not be read, and ends with 4', async () => {
    const { code, out } = await inspect({ metric: [CPU] }, { ...HEALTHY, bare: ['bare-1'], denied: ['web-9'] });

    expect(code).toBe(4);
    expect(out).toMatch(/unreadable +web-9 +no right to read/);
    expect(out).toMatch(/not monitored +bare-1 CPU +it has never been reported/);
    expect(out).toContain('Install the agent.');
  });

  it('has no verdict where the reference is too short, and ends with 4', async () => {
    const { code, out } = await inspect({ reference: 60, from: NOON - 59 * 300_000, period: 300 }, { fleet: {} });

    expect(code).toBe(4);
    expect(out).toContain('Nothing could be inspected.');
  });

  it.each([
    [
      { metric: ['system.cpu.utilisation'] },
      /--metric system.cpu.utilisation: there is no such metric. The catalogue has/,
    ],
    [{ reference: 5 }, /--reference \(60 to 10080 points\)/],
    [{ period: 7200 }, /--period \(1 to 3600 seconds\)/],
    [{ from: NOON + HOUR }, /--from is not before the end/],
    [{ from: 0, period: 1 }, /are scored at the most/],
    [{ at: NOON, to: NOON }, /Give the end once/],
    [{ only: 'leaking' as const }, /--only leaking is of memory/],
  ])('refuses %j', async (options, message) => {
    await expect(inspect(options)).rejects.toThrow(message);
  });

  it.each([
    [['--from', '2026-11-19'], '--from: add --metric NAME'],
    [['--threshold', '0.4', '--metric', CPU], 'Give a score from 0.5 to 0.9999'],
    [['--only', 'anomalous'], 'belong to --metric NAME'],
  ])('refuses the options %j', async (options, message) => {
    const { context, err } = aContext();

    const code = await run(['inspect', '--demo', ...options], context);

    expect(code).toBe(1);
    expect(err()).toContain(message);
  });
});

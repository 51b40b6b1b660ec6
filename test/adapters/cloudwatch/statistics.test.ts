/** The floor of a spiky host: what CloudWatch calls a minimum is that of used memory. */
import { describe, expect, it } from 'vitest';
import type { Statistic } from '../../../model/series.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { readAll, sourceOf, startFleet } from './worlds.ts';

const QUARTER = 15 * MINUTE;

/** Four quarters of an hour that end at the fleet's time. */
const SPAN = { window: { start: NOON - HOUR, end: NOON }, periodMs: QUARTER } as const;

/** 40 % but for one minute of each quarter, in which a batch job takes 90 %, and one in which it has just ended: 20 %. */
function spiky(time: number): number {
  const minute = (time % QUARTER) / MINUTE;
  if (minute === 7) return 0.9;
  return minute === 8 ? 0.2 : 0.4;
}

const AVERAGE = (13 * 0.4 + 0.9 + 0.2) / 15;

describe.each(['instance', 'windows', 'k8s_node'] as const)('a spiky host that is published as %s', (naming) => {
  it.each<[Statistic, number]>([
    ['minimum', 0.2],
    ['maximum', 0.9],
    ['average', AVERAGE],
  ])('has a %s of used memory of %d', async (statistic, used) => {
    const sandbox = await startFleet(aHost({ used: spiky, naming }));

    const { readings } = await readAll(sourceOf(sandbox), { ...SPAN, statistic });

    const [series] = readings;
    if (series?.kind !== 'series') throw new Error(`no series: ${JSON.stringify(series)}`);
    expect(series.values).toHaveLength(4);
    for (const value of series.values) expect(value).toBeCloseTo(used, 9);
  });
});

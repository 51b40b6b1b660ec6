/** The floor of a spiky host: what CloudWatch calls a minimum is that of used memory. */
import { describe, expect, it } from 'vitest';
import type { Statistic } from '../../../core/model/series.ts';
import { AVERAGE, SPAN, spiky } from '../../fixtures/spiky.ts';
import { aHost } from '../../sandbox/small-fleets.ts';
import { readAll, sourceOf, startFleet } from './worlds.ts';

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

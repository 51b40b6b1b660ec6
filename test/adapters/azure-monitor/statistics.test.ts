/** *Available* becomes *used*: the sign flips, and with it the statistic. */
import { describe, expect, it } from 'vitest';
import type { Reading, Statistic } from '../../../core/model/series.ts';
import { AVERAGE, SPAN, spiky } from '../../fixtures/spiky.ts';
import { aMachine, idOf, readAll, sourceOf, startFleet } from './worlds.ts';

function valuesOf(reading: Reading | undefined): number[] {
  if (reading?.kind !== 'series') throw new Error(`no series: ${JSON.stringify(reading)}`);
  return [...reading.values];
}

describe.each(['instance', 'bytes_only'] as const)('a spiky machine whose memory is published as %s', (naming) => {
  it.each<[Statistic, number]>([
    ['minimum', 0.2],
    ['maximum', 0.9],
    ['average', AVERAGE],
  ])('has a %s of used memory of %d, though Azure measures what is available', async (statistic, used) => {
    const sandbox = await startFleet(aMachine({ used: spiky, naming }));

    const { readings } = await readAll(sourceOf(sandbox), { ...SPAN, statistic });

    const values = valuesOf(readings[0]);
    expect(values).toHaveLength(4);
    for (const value of values) expect(value).toBeCloseTo(used, 9);
  });

  it('is read as 0.40 of its memory where it uses 40 %', async () => {
    const sandbox = await startFleet(aMachine({ used: () => 0.4, naming }));

    const { readings } = await readAll(sourceOf(sandbox), { ...SPAN, statistic: 'minimum' });

    for (const value of valuesOf(readings[0])) expect(value).toBeCloseTo(0.4, 9);
  });
});

describe('the total of a machine of which there are only bytes', () => {
  it('is not guessed where the size is not one of the region’s', async () => {
    const labels = { 'host.type': 'Standard_Retired_v1' };
    const sandbox = await startFleet(aMachine({ name: 'old', naming: 'bytes_only', of: { labels } }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([
      {
        kind: 'not_monitored',
        reason: 'unsupported',
        resource: { id: idOf('old') },
        hint: expect.stringContaining('Standard_Retired_v1'),
      },
    ]);
  });

  it('is refused where more is available than there is', async () => {
    const sandbox = await startFleet(aMachine({ used: () => -0.5, naming: 'bytes_only' }));

    const { readings } = await readAll(sourceOf(sandbox));

    expect(readings).toMatchObject([{ kind: 'unreadable', reason: 'malformed' }]);
  });
});

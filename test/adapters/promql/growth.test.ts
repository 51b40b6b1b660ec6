/** The same leak, whoever reports it: one verdict, and one growth. */
import { describe, expect, it } from 'vitest';
import { detect } from '../../../core/detector/detect.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import type { Publication } from '../../../sandbox/prometheus/world.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aContainer, aMachine, aNode, GIB, readAll, sourceOf, startServer } from './worlds.ts';

const SPAN = { window: { start: NOON - 100 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'minimum' } as const;

/** Of the capacity an hour. */
const GROWTH = 0.004;

/** A leak of 60 hours, and a day's rhythm that everybody has. */
function used(time: number): number {
  const leaked = Math.max(0, (time - NOON) / HOUR + 60) * GROWTH;
  return 0.4 + leaked + 0.02 * Math.sin((time / HOUR / 24) * 2 * Math.PI);
}

const PUBLICATIONS: readonly Publication[] = [
  'node_exporter',
  'windows_exporter',
  'windows_exporter_old',
  'opentelemetry',
  'opentelemetry_utf8',
];

describe('a leak', () => {
  it('grows alike by every exporter, as a node, and as a container against its limit', async () => {
    const server = await startServer({
      machines: PUBLICATIONS.map((publishes, index) =>
        aMachine({ name: `vm-${index}`, address: `10.0.0.${index}`, publishes, used }),
      ),
      nodes: [aNode({ used })],
      containers: [aContainer({ used: (time) => used(time) * GIB })],
    });

    const { readings } = await readAll(sourceOf(server), { span: SPAN });

    const growths = readings.map((reading) => growthOf(reading.kind === 'series' ? reading : fail(reading)));
    expect(growths).toHaveLength(PUBLICATIONS.length + 2);
    const [first = Number.NaN] = growths;
    for (const growth of growths) expect(Math.abs(growth / first - 1)).toBeLessThan(0.01);
    expect(Math.abs(first / GROWTH - 1)).toBeLessThan(0.1);
  });
});

/** Of the capacity an hour. */
function growthOf(series: Series): number {
  const verdict = detect(series, DEFAULT_POLICY);
  if (verdict.state !== 'leaking') throw new Error(`${series.resource.id} is ${verdict.state}`);
  return verdict.evidence.growthPerHour.estimate / (series.limit ?? 1);
}

function fail(reading: object): never {
  throw new Error(JSON.stringify(reading));
}

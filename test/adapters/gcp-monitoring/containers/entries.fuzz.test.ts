/** Whatever Cloud Monitoring answers becomes entries that can be stored and read back, or that state what is wrong. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  earlierEntries,
  earlierEntrySchema,
  limitEntries,
  limitEntrySchema,
  nodeEntries,
  nodeEntrySchema,
  runningEntries,
  runningEntrySchema,
} from '../../../../adapters/gcp-monitoring/containers/entries.ts';
import type { ListedSeries } from '../../../../adapters/gcp-monitoring/listing.ts';
import { NOON } from '../../../fixtures/builders.ts';
import { SIX_HOURS } from '../worlds.ts';

const LABELS = ['location', 'cluster_name', 'namespace_name', 'pod_name', 'container_name', 'node_name'];

const anyLabels = fc.dictionary(fc.constantFrom(...LABELS), fc.oneof(fc.constant('api-0'), fc.string()));

const anyPoint = fc.oneof(
  fc.record({
    interval: fc.record({ endTime: fc.record({ seconds: fc.constantFrom(String(NOON / 1000), '', 'x', '1e400') }) }),
    value: fc.oneof(
      fc.record({ int64Value: fc.constantFrom('7', '0', '-1', '', 'NaN') }),
      fc.record({ doubleValue: fc.double() }),
    ),
  }),
  fc.jsonValue(),
);

const anySeries: fc.Arbitrary<ListedSeries> = fc
  .record({ labels: anyLabels, points: fc.array(anyPoint), metricKind: fc.constantFrom('GAUGE', 'DELTA') })
  .map(({ labels, points, metricKind }) => ({
    kind: 'series',
    head: { metric: { labels: {} }, resource: { labels }, metadata: null },
    series: { metricKind, points },
  }));

describe('any series', () => {
  it('becomes entries as they are read back', () => {
    fc.assert(
      fc.property(anySeries, (series) => {
        const stored = (entries: unknown): unknown => JSON.parse(JSON.stringify(entries));

        z.array(runningEntrySchema).parse(stored(runningEntries(series, SIX_HOURS.window)));
        z.array(limitEntrySchema).parse(stored(limitEntries(series)));
        z.array(nodeEntrySchema).parse(stored(nodeEntries(series)));
        z.array(earlierEntrySchema).parse(stored(earlierEntries(series)));
        expect(runningEntries(series, SIX_HOURS.window).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

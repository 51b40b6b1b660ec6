/** What holds of the comparison at equal age for every group. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAtEqualAge } from '../../../core/detector/early.ts';
import type { Series } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { climbing, EVENT, groupAt, type Lifetime } from './early-lifetimes.ts';

const SINCE = EVENT - 15 * MINUTE;

const lifetimes: fc.Arbitrary<Lifetime[]> = fc
  .array(
    fc.record({
      rate: fc.double({ min: -2, max: 12, noNaN: true }),
      from: fc.oneof(fc.double({ min: 0, max: 0.4, noNaN: true }), fc.double({ min: -90, max: -10, noNaN: true })),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((hosts) => hosts.map(({ rate, from }, index) => ({ id: `i-${index}`, curve: climbing(rate), from })));

const hours = fc.constantFrom(0.5, 1, 3, 9);

const group = fc.tuple(hours, lifetimes).map(([at, hosts]) => groupAt(at, hosts));

function named(series: readonly Series[]): string[] {
  return compareAtEqualAge(series, SINCE).hosts.flatMap((host) => (host.kind === 'early' ? [host.resource.id] : []));
}

describe('the comparison at equal age', () => {
  it('does not depend on the order of the hosts', () => {
    fc.assert(
      fc.property(group, (series) => {
        expect(named(series.toReversed()).sort()).toEqual(named(series).sort());
      }),
    );
  });

  it('does not depend on the time at which it is made', () => {
    const later = (series: Series): Series => {
      const { start, end } = series.window;
      const by = 1000 * 3_600_000;
      return { ...series, window: { start: start + by, end: end + by }, times: series.times.map((time) => time + by) };
    };
    fc.assert(
      fc.property(group, (series) => {
        const moved = compareAtEqualAge(series.map(later), SINCE + 1000 * 3_600_000);
        const hosts = moved.hosts.map((host) =>
          host.kind === 'not_compared' ? host : { ...host, bornAt: host.bornAt - 1000 * 3_600_000 },
        );

        expect({ ...moved, hosts }).toEqual(compareAtEqualAge(series, SINCE));
      }),
    );
  });

  it('never names a host that rises no further than the median of the others', () => {
    fc.assert(
      fc.property(group, (series) => {
        for (const host of compareAtEqualAge(series, SINCE).hosts)
          if (host.kind === 'early') expect(host.comparison.rise).toBeGreaterThan(host.comparison.others.median);
      }),
    );
  });

  it('names none of hosts that are all the same', () => {
    fc.assert(
      fc.property(
        hours,
        fc.double({ min: -1, max: 7, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (at, rate, count) => {
          const same = Array.from({ length: count }, (_, index) => ({
            id: `i-${index}`,
            curve: climbing(rate),
            from: 0.1,
          }));

          expect(named(groupAt(at, same))).toEqual([]);
        },
      ),
    );
  });

  it('gives every new host one outcome, and never throws on what a source may send', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, 0.5)), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 8 }), (hosts) => {
        const series = groupAt(
          3,
          hosts.map((_, index) => ({ id: `i-${index}`, curve: climbing(1), from: 0.1 })),
        ).map((one, index) => ({ ...one, values: Float64Array.from(hosts[index] ?? []) }));

        expect(compareAtEqualAge(series, SINCE).hosts).toHaveLength(series.length);
      }),
    );
  });
});

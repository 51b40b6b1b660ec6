import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../core/detector/attribute.ts';
import type { Attributed, Attribution } from '../../../core/model/attribution.ts';
import type { Series } from '../../../core/model/series.ts';
import { CAPACITY, consumerSeries, EVIDENCE, GIB, HOURS, hostSeries, process, type Usage } from './consumers.ts';

/** A consumer that grows, holds still, falls, swings and trembles, in MiB. */
const aUsage = fc
  .record({
    base: fc.integer({ min: 50, max: 500 }),
    perHour: fc.double({ min: -1, max: 20, noNaN: true }),
    swing: fc.double({ min: 0, max: 20, noNaN: true }),
    phase: fc.double({ min: 0, max: 6, noNaN: true }),
  })
  .map(({ base, perHour, swing, phase }): Usage => {
    return (hour) => 2 ** 20 * (base + perHour * Math.max(0, hour) + swing * (1 + Math.sin(phase + hour * 7)));
  });

const someUsages = fc.array(aUsage, { minLength: 1, maxLength: 8 });

const consumersOf = (usages: readonly Usage[]) =>
  usages.map((usage, index) => consumerSeries(process(`p${index}`), usage));

/** A host that uses what its consumers use, and 200 MiB a day more, so that it surely grows. */
const sumOf = (usages: readonly Usage[], besides: (hour: number) => number = () => 0): Usage => {
  return (hour) => usages.reduce((sum, usage) => sum + (usage(hour) ?? 0), besides(hour));
};

function attributed(attribution: Attribution): Attributed {
  if (attribution.kind === 'unattributed') throw new Error(attribution.reason);
  return attribution;
}

const evaluated = (host: Series, consumers: readonly Series[]) => attributed(attribute(host, EVIDENCE, consumers));

const growing: Usage = (hour) => (0.5 + Math.max(0, hour) / HOURS) * GIB;

describe('attribution', () => {
  it('explains the entire rise when there is no memory but the consumers’', () => {
    fc.assert(
      fc.property(someUsages, (others) => {
        const usages = [growing, ...others];

        const { unexplained, grown } = evaluated(hostSeries(sumOf(usages)), consumersOf(usages));

        expect(unexplained?.share?.estimate).toBeCloseTo(0, 9);
        const fallen = usages.length - grown.length;
        if (fallen === 0) {
          expect(grown.reduce((sum, { share }) => sum + (share?.estimate ?? 0), 0)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('gives shares that add up to one with the remainder', () => {
    fc.assert(
      fc.property(someUsages, fc.double({ min: -5, max: 50, noNaN: true }), (others, perHour) => {
        const usages = [
          growing,
          ...others.map(
            (usage): Usage =>
              (hour) =>
                (usage(hour) ?? 0) + 2 ** 20 * 2 * hour,
          ),
        ];
        const rising = usages.map(
          (usage): Usage =>
            (hour) =>
              (usage(hour) ?? 0) + 2 ** 20 * 60 * Math.max(0, hour),
        );
        const besides = (hour: number) => 2 ** 20 * (800 + perHour * hour);

        const { unexplained, grown } = evaluated(hostSeries(sumOf(rising, besides)), consumersOf(rising));

        const total = grown.reduce((sum, { share }) => sum + (share?.estimate ?? 0), unexplained?.share?.estimate ?? 0);
        expect(total).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is the same for every order of the consumers', () => {
    fc.assert(
      fc.property(someUsages, fc.nat(), (usages, turn) => {
        const consumers = consumersOf(usages);
        const truncated = turn % consumers.length;
        const turned = [...consumers.slice(truncated), ...consumers.slice(0, truncated)].toReversed();
        const host = hostSeries(sumOf([growing, ...usages]));

        expect(attribute(host, EVIDENCE, turned)).toEqual(attribute(host, EVIDENCE, consumers));
      }),
    );
  });

  it('is not changed by a consumer that stays the same', () => {
    fc.assert(
      fc.property(someUsages, fc.integer({ min: 1, max: 4000 }), (usages, mebibytes) => {
        const consumers = consumersOf([growing, ...usages]);
        const flat: Usage = () => mebibytes * 2 ** 20;
        const host = hostSeries(sumOf([growing, ...usages, flat]));

        const without = evaluated(host, consumers);
        const withFlat = evaluated(host, [...consumers, consumerSeries(process('flat'), flat)]);

        expect(withFlat.grown).toEqual(without.grown);
        expect(withFlat.rise).toEqual(without.rise);
        expect(withFlat.unexplained?.share?.estimate).toBeCloseTo(without.unexplained?.share?.estimate ?? 0, 9);
      }),
    );
  });

  it('is the same in any unit of memory', () => {
    fc.assert(
      fc.property(someUsages, fc.integer({ min: -4, max: 8 }), (usages, power) => {
        const consumers = consumersOf([growing, ...usages]);
        const host = hostSeries(sumOf([growing, ...usages]));
        const scaled = consumers.map((series) => ({
          ...series,
          limit: CAPACITY * 2 ** power,
          values: series.values.map((value) => value * 2 ** power),
        }));

        const before = evaluated(host, consumers).grown.map(({ share }) => share);

        expect(evaluated(host, scaled).grown.map(({ share }) => share)).toEqual(before);
      }),
    );
  });

  it('lists the leaker first, however small it is beside the others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 2000 }), { maxLength: 12 }), (sizes) => {
        const leaker: Usage = (hour) => 2 ** 20 * (5 + 3 * Math.max(0, hour));
        const giants = sizes.map((size, index): Usage => {
          return (hour) => 2 ** 20 * (size + Math.sin(index + hour * 9));
        });
        const consumers = [...consumersOf(giants), consumerSeries(process('leaker'), leaker)];

        const { grown } = evaluated(hostSeries(sumOf([leaker, ...giants])), consumers);

        expect(grown[0]?.consumer.name).toBe('leaker');
        expect(grown[0]?.share?.high).toBeGreaterThan(0.8);
      }),
    );
  });

  it('never throws, and gives finite figures, on anything that a source may send', () => {
    const anything = fc.oneof(fc.double(), fc.constantFrom(0, -1, Number.NaN, Infinity, 1e300));
    const aSeries = fc.record({
      name: fc.string({ maxLength: 3 }),
      samples: fc.array(fc.tuple(fc.oneof(anything, fc.integer({ min: -30, max: 30 })), anything), { maxLength: 60 }),
      periodMs: fc.constantFrom(900_000, 60_000, 0, -5, Number.NaN),
      limit: fc.option(anything, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(aSeries, { maxLength: 6 }), (given) => {
        const consumers = given.map(({ name, samples, periodMs, limit }) =>
          consumerSeries(process(name), growing, {
            periodMs,
            ...(limit !== undefined && { limit }),
            times: Float64Array.from(samples, ([time]) => EVIDENCE.evaluated.end + time * 900_000),
            values: Float64Array.from(samples, ([, value]) => value),
          }),
        );

        const attribution = attribute(hostSeries(growing), EVIDENCE, consumers);

        if (attribution.kind === 'attributed') {
          for (const { before, after, rise, share } of [...attribution.grown, ...attribution.largest]) {
            expect([before, after, ...Object.values(rise), ...Object.values(share ?? {})].every(Number.isFinite)).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

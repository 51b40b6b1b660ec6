/** What the comparison at equal age names, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { compareAtEqualAge, type EarlyOutcome, LEAST_REFERENCES } from '../../../core/detector/early.ts';
import type { Series } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { type Curve, climbing, EVENT, groupAt, launched, warmUp } from './early-lifetimes.ts';

function compare(series: readonly Series[]) {
  return compareAtEqualAge(series, EVENT - 15 * MINUTE);
}

function named(series: readonly Series[]): string[] {
  return compare(series).hosts.flatMap(({ kind, resource }) => (kind === 'early' ? [resource.id] : []));
}

function reasons(outcomes: readonly EarlyOutcome[]) {
  return outcomes.map((outcome) => (outcome.kind === 'not_compared' ? outcome.reason : outcome.kind));
}

describe('hosts that are compared at equal age', () => {
  const threeOfTwelve = [...launched(9, 'usual', climbing(2)), ...launched(3, 'fast', climbing(4))];

  it('are named where three of twelve climb twice as fast, within three hours, and no other', () => {
    expect(named(groupAt(3, threeOfTwelve))).toEqual(['fast-0', 'fast-1', 'fast-2']);
  });

  it('stay named at nine hours', () => {
    expect(named(groupAt(9, threeOfTwelve))).toEqual(['fast-0', 'fast-1', 'fast-2']);
  });

  it('are described by their rise and that of the others at that age', () => {
    const [fast] = compare(groupAt(3, threeOfTwelve)).hosts.filter(({ kind }) => kind === 'early');

    expect(fast).toMatchObject({
      resource: { id: 'fast-0' },
      comparison: { references: 'beside', compared: 11, fromHours: 0 },
    });
    if (fast?.kind !== 'early') throw new Error('it is not early');
    const { ageHours, rise, others } = fast.comparison;
    expect(ageHours).toBeGreaterThanOrEqual(2.5);
    // Twice what the others rose, from the middle of the first half hour to that of the last.
    expect(rise / others.median).toBeCloseTo(2, 1);
    expect(others.low).toBeLessThan(others.median);
    expect(others.high).toBeCloseTo(rise, 1);
  });

  it.each([
    ['slowly', warmUp(6, 1)],
    ['fast', warmUp(40, 1 / 4)],
    ['to a plateau that takes hours', warmUp(30, 3)],
    ['and leak alike: at equal age there is no difference', climbing(5)],
  ])('are none where twelve warm up %s', (_, curve) => {
    for (const hours of [0.5, 1, 3, 9]) expect(named(groupAt(hours, launched(12, 'new', curve)))).toEqual([]);
  });

  it('do not include one that takes twice the load and levels off as the others do', () => {
    const lifetimes = [...launched(11, 'usual', warmUp(8, 0.4)), ...launched(1, 'loaded', warmUp(16, 0.4))];

    for (const hours of [0.5, 1, 3, 9]) expect(named(groupAt(hours, lifetimes))).toEqual([]);
  });

  it('include one that goes on growing after a warm-up that is higher than its growth', () => {
    const leaking: Curve = (age) => warmUp(20, 1 / 4)(age) + 2.5 * age;
    const lifetimes = [...launched(11, 'usual', warmUp(20, 1 / 4)), ...launched(1, 'leaking', leaking)];

    const [leak] = compare(groupAt(3, lifetimes)).hosts.filter(({ kind }) => kind === 'early');

    expect(leak).toMatchObject({ resource: { id: 'leaking-0' } });
  });

  it('include a lone new host that climbs where those before it did not, though they are gone', () => {
    const gone = Array.from({ length: 5 }, (_, index) => ({
      id: `gone-${index}`,
      curve: warmUp(5, 0.5),
      from: -60 + 7 * index,
      until: -20,
    }));

    const [leak] = compare(groupAt(3, [...gone, ...launched(1, 'new', climbing(4))])).hosts;

    expect(leak).toMatchObject({
      kind: 'early',
      comparison: { references: 'earlier', compared: 5 },
      resource: { id: 'new-0' },
    });
  });

  it('are all named where every new one climbs and those before them did not', () => {
    const before = Array.from({ length: 6 }, (_, index) => ({ id: `old-${index}`, curve: warmUp(5, 0.5), from: -50 }));

    expect(named(groupAt(3, [...before, ...launched(6, 'new', climbing(4))]))).toHaveLength(6);
  });

  it('are too few where two are alone', () => {
    const { hosts } = compare(groupAt(3, [...launched(1, 'usual', climbing(1)), ...launched(1, 'fast', climbing(9))]));

    expect(reasons(hosts)).toEqual(['too_few', 'too_few']);
  });

  it('are compared with those before and beside together where neither are enough', () => {
    const before = Array.from({ length: 2 }, (_, index) => ({ id: `old-${index}`, curve: climbing(1), from: -50 }));

    const { hosts } = compare(groupAt(3, [...before, ...launched(3, 'new', climbing(1))]));

    expect(hosts).toMatchObject(
      new Array(3).fill({ kind: 'alike', comparison: { references: 'both', compared: LEAST_REFERENCES } }),
    );
  });

  it('have no reference in hosts that are older than what was read', () => {
    const old = Array.from({ length: 8 }, (_, index) => ({ id: `old-${index}`, curve: climbing(0), from: -400 }));

    const { hosts, older } = compare(groupAt(3, [...old, ...launched(1, 'new', climbing(9))]));

    expect(older).toBe(8);
    expect(reasons(hosts)).toEqual(['too_few']);
  });

  it('are too young in their first minutes', () => {
    const lifetimes = launched(12, 'new', climbing(9)).map((lifetime) => ({ ...lifetime, from: 0.05 }));

    expect(reasons(compare(groupAt(0.4, lifetimes)).hosts)).toEqual(new Array(12).fill('too_young'));
  });

  it('are not compared when they are gone themselves, and are references then', () => {
    const lifetimes = [...launched(1, 'new', climbing(1)), ...launched(4, 'short', climbing(1))];
    const series = groupAt(
      3,
      lifetimes.map((lifetime, index) => (index === 0 ? lifetime : { ...lifetime, until: 2 })),
    );

    const { hosts } = compare(series);

    expect(reasons(hosts)).toEqual(['too_few', 'gone', 'gone', 'gone', 'gone']);
    expect(reasons(compare(groupAt(2.2, lifetimes)).hosts)[0]).toBe('alike');
  });

  it('are not compared where their series is malformed, or in bytes of an unknown total', () => {
    const [first, second, ...others] = groupAt(3, launched(6, 'new', climbing(1)));
    if (first === undefined || second === undefined) throw new Error('there are six');
    const { limit: _, ...bytes } = { ...second, unit: 'By' as const };

    const { hosts } = compare([{ ...first, values: first.values.subarray(1) }, bytes, ...others]);

    expect(reasons(hosts).slice(0, 2)).toEqual(['malformed', 'malformed']);
  });

  it('are left out once time is up, and so are their series', () => {
    const series = groupAt(3, threeOfTwelve);
    const countdown = (calls: number) => {
      let left = calls;
      return () => left-- <= 0;
    };
    const reasonsAfter = (calls: number) =>
      reasons(compareAtEqualAge(series, EVENT - 15 * MINUTE, { timeIsUp: countdown(calls) }).hosts);

    expect(reasonsAfter(0)).toEqual(new Array(12).fill('no_time'));
    expect(reasonsAfter(12 + 10)).toEqual([...new Array(9).fill('alike'), 'early', 'no_time', 'no_time']);
  });

  it('are not named by one reading', () => {
    const spike: Curve = (age) => (Math.abs(age - 2.6) < 0.1 ? 60 : 20);
    const jump: Curve = (age) => (age > 2.4 ? 45 : 20);
    const lifetimes = [
      ...launched(10, 'usual', warmUp(3, 1)),
      { id: 'spike', curve: spike, from: 0.05 },
      { id: 'jump', curve: jump, from: 0.05 },
    ];

    expect(named(groupAt(3, lifetimes))).toEqual([]);
  });
});

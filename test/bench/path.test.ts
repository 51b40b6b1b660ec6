import { describe, expect, it } from 'vitest';
import type { BenchSeries } from '../../bench/data.ts';
import type { Received } from '../../bench/path-replay.ts';
import {
  delaysOf,
  endsOf,
  falseEnds,
  falseEndsPerLeakDay,
  firstPages,
  incidentsPerLeak,
  killCycles,
  lost,
  medianHours,
  pagedCount,
  pagedInTime,
  pagesPerCycle,
  pagesPerLeak,
  perHostWeek,
  type Replayed,
  runningShare,
  shareWithin,
} from '../../bench/path-score.ts';
import { type Role, roleOf } from '../../bench/path-sets.ts';
import { growthsOf } from '../../bench/path-truth.ts';
import { aBenchSeries, aLeak, HOUR_S } from './bench-series.ts';

/** Events of one host: the hour, the kind, and the number of the incident. */
type Event = readonly [hour: number, kind: Received['kind'], incident?: number];

function received(events: readonly Event[]): Received[] {
  return events.map(([hour, kind, incident = 1]) => ({
    at: hour * HOUR_S,
    kind,
    severity: 'medium',
    pages: kind === 'opened' || kind === 'worse',
    incident: `host/${incident}`,
  }));
}

function replayed(series: BenchSeries, events: readonly Event[], role: Role = 'days'): Replayed {
  return { set: 'made', role, half: 'mixed', series, received: received(events) };
}

const hours = (count: number) => ({ v: new Array<number>(count).fill(50) });

/** Leaks from hour 10 to the end at hour 100. */
const LASTING = aLeak(10, hours(100));
/** Leaks from hour 10 to 40, then holds what it has. */
const LEVELLED = aLeak(10, { ...hours(100), stop: 40 * HOUR_S, active: [[10 * HOUR_S, 40 * HOUR_S]] });
/** The same, and the restart at hour 40 cures it. */
const CURED = aLeak(10, {
  ...hours(100),
  stop: 40 * HOUR_S,
  active: [[10 * HOUR_S, 40 * HOUR_S]],
  resets: [40 * HOUR_S],
});
/** Fills from hour 10 to 40, from 40 to 60, and again. */
const KILLED = aLeak(10, {
  ...hours(100),
  active: [
    [10 * HOUR_S, 40 * HOUR_S],
    [40 * HOUR_S, 60 * HOUR_S],
    [60 * HOUR_S, 100 * HOUR_S],
  ],
  resets: [40 * HOUR_S, 60 * HOUR_S],
});

describe('the truth of a series', () => {
  it('states how each growth ended', () => {
    const ends = [LASTING, LEVELLED, CURED, KILLED].map((series) => growthsOf(series).map(({ end }) => end));

    expect(ends).toEqual([['open'], ['levelled'], ['restarted'], ['killed', 'killed', 'open']]);
  });

  it('leaves out growths that end before they begin', () => {
    const full = aLeak(10, { ...hours(100), active: [[50 * HOUR_S, 49 * HOUR_S]], resets: [49 * HOUR_S] });

    expect(growthsOf(full)).toEqual([]);
  });

  it('decides what a series of an unknown set is measured for', () => {
    const roles = [LASTING, KILLED, aLeak(10, hours(200)), aBenchSeries(), { id: 'a', step: 300, v: [] }].map(roleOf);

    expect(roles).toEqual(['days', 'kills', 'weeks', 'healthy', 'listed']);
  });
});

describe('an end while it leaks', () => {
  it('is one that is reported while the leak goes on', () => {
    const host = replayed(LASTING, [
      [20, 'suspected'],
      [30, 'cleared'],
      [40, 'opened', 2],
      [90, 'recovered', 2],
    ]);

    expect(falseEnds(host).map(({ at }) => at / HOUR_S)).toEqual([30, 90]);
    expect(falseEndsPerLeakDay([host])).toEqual({ value: 2 / 3.75, of: '2 in 4 leak-days' });
  });

  it('is not one within 12 h of a restart', () => {
    const host = replayed(KILLED, [
      [30, 'opened'],
      [51, 'recovered'],
      [58, 'opened', 2],
      [72, 'recovered', 2],
    ]);

    expect(falseEnds(host).map(({ at }) => at / HOUR_S)).toEqual([72]);
  });

  it('is not one after the leak', () => {
    expect(
      falseEnds(
        replayed(LEVELLED, [
          [30, 'opened'],
          [44, 'recovered'],
        ]),
      ),
    ).toEqual([]);
  });
});

describe('incidents and pages', () => {
  it('counts the incidents that report a leak, of leaks that are reported', () => {
    const twice = replayed(LASTING, [
      [20, 'opened'],
      [30, 'recovered'],
      [40, 'suspected', 2],
    ]);
    const before = replayed(LASTING, [
      [2, 'suspected'],
      [8, 'cleared'],
    ]);

    expect(incidentsPerLeak([twice, before])).toEqual({ value: 2, of: '1 leak' });
  });

  it('counts the pages of a leak of one growth, and not those of cycles', () => {
    const events: Event[] = [
      [20, 'opened'],
      [25, 'worse'],
    ];

    expect(pagesPerLeak([replayed(LASTING, events), replayed(KILLED, events), replayed(LASTING, [])])).toEqual({
      value: 2,
      of: '1 leak',
    });
  });

  it('counts the pages of each cycle', () => {
    const cycles = killCycles([
      replayed(KILLED, [
        [20, 'opened'],
        [30, 'worse'],
        [35, 'worse'],
      ]),
    ]);

    expect(pagesPerCycle(cycles)).toEqual({ value: 3, of: '1 cycle' });
  });

  it('counts a cycle as paged in time where an hour was left', () => {
    const cycles = killCycles([
      replayed(KILLED, [
        [39, 'opened'],
        [59.5, 'worse'],
      ]),
    ]);

    expect(pagedInTime(cycles)).toEqual({ value: 0.5, of: '1 of 2' });
  });

  it('counts no cycle that began before the replay', () => {
    expect(killCycles([replayed({ ...KILLED, evalFrom: 20 * HOUR_S }, [])]).map(({ hours }) => hours)).toEqual([20]);
  });

  it('counts by host-week', () => {
    const hosts = [replayed(aBenchSeries(hours(84)), [[20, 'suspected']]), replayed(aBenchSeries(hours(84)), [])];

    expect(perHostWeek(hosts, ({ kind }) => kind === 'suspected')).toEqual({ value: 1, of: '1 in 1 host-weeks' });
  });

  it('states when each growth was first paged', () => {
    expect(
      firstPages(
        replayed(KILLED, [
          [34, 'opened'],
          [84, 'worse'],
        ]),
      ),
    ).toEqual([1, Infinity, 1]);
  });
});

describe('the report that a growth ended', () => {
  it('is timed from the end', () => {
    const hosts = [
      replayed(CURED, [
        [30, 'opened'],
        [43, 'recovered'],
      ]),
      replayed(CURED, [
        [30, 'suspected'],
        [60, 'cleared'],
      ]),
      replayed(CURED, [[30, 'opened']]),
    ];

    const ends = endsOf(hosts, ['restarted']);

    expect(ends.map((end) => end.hours)).toEqual([3, 20, Infinity]);
    expect(medianHours(ends)).toEqual({ value: 20, of: '3 ends, 1 never reported' });
    expect(shareWithin(ends, 12)).toEqual({ value: 1 / 3, of: '1 of 3' });
  });

  it('is expected only where an incident was running', () => {
    const hosts = [
      replayed(CURED, []),
      replayed(CURED, [
        [30, 'opened'],
        [35, 'recovered'],
      ]),
    ];

    expect(endsOf(hosts, ['restarted'])).toEqual([]);
  });

  it('is not expected after the replay', () => {
    const short = { ...CURED, v: CURED.v.slice(0, 50) };

    expect(shareWithin(endsOf([replayed(short, [[30, 'opened']])], ['restarted']), 12).of).toBe('0 of 0');
  });

  it('is expected of growths of a length', () => {
    const killed = replayed(KILLED, [[30, 'opened']]);

    expect(endsOf([killed], ['killed'], 24)).toHaveLength(1);
  });
});

describe('an incident that runs while its leak grows', () => {
  it('is counted in hours from the first report to the end of the growth, of growths that were reported', () => {
    const hosts = [
      replayed(LASTING, [
        [21, 'suspected'],
        [31, 'opened'],
        [61, 'recovered'],
        [81, 'opened', 2],
      ]),
      replayed(LASTING, []),
    ];

    expect(runningShare(hosts)).toEqual({ value: 60 / 80, of: '60 of 80' });
  });

  it('goes on while there is no data', () => {
    const host = replayed(LASTING, [
      [21, 'opened'],
      [41, 'no_data'],
    ]);

    expect(runningShare([host]).value).toBe(1);
  });
});

describe('delays', () => {
  const late = delaysOf([
    replayed(LASTING, [
      [20, 'suspected'],
      [30, 'opened'],
    ]),
  ]);

  it('are counted from the onset, or from where the replay begins', () => {
    const begun = delaysOf([replayed({ ...LASTING, evalFrom: 15 * HOUR_S }, [[20, 'opened']])]);

    expect(late).toEqual([{ id: 'made/1', report: 10, page: 20 }]);
    expect(begun).toEqual([{ id: 'made/1', report: 5, page: 5 }]);
  });

  it('name the leaks that are no longer reported', () => {
    const never = delaysOf([replayed(LASTING, [])]);

    expect(lost(late, never, 'report')).toEqual({ value: 1, of: '1 of 1' });
    expect(pagedCount([...late, ...never])).toEqual({ value: 1, of: '1 of 2 leaks' });
    expect(lost(late, late, 'page')).toEqual({ value: 0, of: '0 of 1' });
    expect(lost(never, never, 'page').of).toBe('0 of 0');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueHosts,
  hashOf,
  hasTurn,
  isThorough,
  isWatched,
  isWatchedLine,
  quietHoursOf,
  type RecentRuns,
  recentRuns,
} from '../../../core/inspection/cadence.ts';
import { QUIET_HOURS, type QuietHours } from '../../../core/model/cadence.ts';
import type { ResultLine } from '../../../core/model/result-line.ts';
import { MOST_WATCHED, type RunHead } from '../../../core/model/run-head.ts';
import {
  aLeakingVerdict,
  anInsufficientVerdict,
  aResource,
  aRunSummary,
  aSeries,
  aSteadyVerdict,
  HOUR,
  NOON,
} from '../../fixtures/builders.ts';

const QUARTER = HOUR / 4;

const fleet = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    resource: aResource({ id: `i-${String(index).padStart(17, '0')}` }),
  }));

const NOTHING_WATCHED: RecentRuns = { since: NOON - HOUR, watched: new Set() };

function slotOf(quietHours: QuietHours, recent: RecentRuns | undefined = NOTHING_WATCHED, withIncident: string[] = []) {
  return { slot: NOON, quietHours, recent, withIncident: new Set(withIncident), known: undefined };
}

function aLine(overrides: Partial<ResultLine> = {}): ResultLine {
  return {
    time: NOON,
    run: '20261120T120000Z',
    trigger: 'schedule',
    provider: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    host: 'i-1',
    name: null,
    group: null,
    version: null,
    host_kind: null,
    metric: 'system.memory.utilization',
    score: 0.001,
    is_anomaly: false,
    type: null,
    pattern: null,
    verdict: 'steady',
    grade: null,
    confidence: 0.001,
    decided_by: 'statistical',
    unit: '1',
    growth: 0,
    growth_low: 0,
    growth_high: 0,
    level: 0.4,
    since: null,
    exhaustion_earliest: null,
    exhaustion: null,
    exhaustion_latest: null,
    exhaustion_unknown: 'no_growth',
    reason: null,
    detail: null,
    ...overrides,
  };
}

function watchedIn(lines: readonly ResultLine[]): (string | null)[] {
  return lines.filter(isWatchedLine).map(({ host }) => host);
}

function aHead(scheduledTime: number, overrides: Partial<RunHead> = {}): RunHead {
  const summary = aRunSummary({ scheduledTime, outcome: 'complete', unreadable: {} });
  return { version: 1, run: 'run', summary, shards: 1, lines: [], omitted: 0, watched: [], ...overrides };
}

describe('dueHosts', () => {
  it('inspects every host at every slot where no cadence is set', () => {
    const hosts = fleet(10);

    expect(dueHosts(hosts, slotOf(0))).toEqual({ due: hosts, notDue: 0 });
  });

  it('inspects every host where no run is known to build on', () => {
    const hosts = fleet(10);

    expect(dueHosts(hosts, { ...slotOf(4), recent: undefined })).toEqual({ due: hosts, notDue: 0 });
  });

  it('inspects watched hosts and those with an incident at every slot', () => {
    const hosts = fleet(40);
    const [watched, withIncident] = [hosts[3]?.resource.id ?? '', hosts[17]?.resource.id ?? ''];
    const recent = (slot: number) => ({ since: slot - HOUR, watched: new Set([watched]) });

    const due = [0, 1, 2, 3].map((hour) => {
      const slot = NOON + hour * HOUR;
      return dueHosts(hosts, { ...slotOf(4, recent(slot), [withIncident]), slot }).due.map(
        ({ resource }) => resource.id,
      );
    });

    expect(due.every((ids) => ids.includes(watched) && ids.includes(withIncident))).toBe(true);
  });

  it('inspects hosts that the last run did not list, whatever their turn', () => {
    const hosts = fleet(400);
    const known = new Set(hosts.slice(0, 300).map(({ resource }) => hashOf(resource)));

    const { due } = dueHosts(hosts, { ...slotOf(4), known });

    expect(due.filter((host) => hosts.indexOf(host) >= 300)).toHaveLength(100);
    expect(due.filter((host) => hosts.indexOf(host) < 300).length).toBeLessThan(110);
  });

  it('counts the hosts that are left to a later slot, and keeps the order of the others', () => {
    const hosts = fleet(1000);

    const { due, notDue } = dueHosts(hosts, slotOf(4));

    expect(due.length + notDue).toBe(1000);
    expect(due).toEqual(hosts.filter((host) => due.includes(host)));
  });

  it.each([
    [2, 500],
    [4, 250],
  ] as const)('spreads quiet hosts evenly over the slots of %i hours', (quietHours, share) => {
    const hosts = fleet(1000);

    const counts = Array.from({ length: quietHours }, (_, hour) => {
      const slot = NOON + hour * HOUR;
      const recent = { since: slot - HOUR, watched: new Set<string>() };
      return dueHosts(hosts, { ...slotOf(quietHours, recent), slot }).due.length;
    });

    // Three standard deviations of a fair draw.
    for (const count of counts) expect(Math.abs(count - share)).toBeLessThan(3 * Math.sqrt(share));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  });
});

describe('quietHoursOf', () => {
  it('is four of an adaptive cadence, which an account sets before its tenant', () => {
    expect(quietHoursOf({ cadence: 'adaptive' }, {}, 0)).toBe(4);
    expect(quietHoursOf({ cadence: 'schedule' }, { cadence: 'adaptive' }, 0)).toBe(4);
    expect(quietHoursOf({ cadence: 'adaptive' }, { cadence: 'schedule' }, 0)).toBe(0);
    expect(quietHoursOf({}, {}, 0)).toBe(0);
  });

  it('is what the cost cap leads to while the config has one', () => {
    expect(quietHoursOf({ costCap: { usdPerMonth: 5 } }, {}, 2)).toBe(2);
    expect(quietHoursOf({ cadence: 'adaptive', costCap: { usdPerMonth: 5 } }, {}, 2)).toBe(4);
    expect(quietHoursOf({}, {}, 2)).toBe(0);
  });
});

describe('hasTurn', () => {
  it('gives every host one turn in the time, whatever the distance of the slots', () => {
    const distances = fc.array(fc.integer({ min: 15, max: 120 }), { minLength: 20, maxLength: 40 });
    const quiet = fc.constantFrom(...QUIET_HOURS.filter((hours) => hours > 0));

    fc.assert(
      fc.property(fc.string(), quiet, distances, (id, quietHours, minutes) => {
        const host = aResource({ id });
        let last = NOON;
        let slot = NOON;
        for (const distance of minutes) {
          const since = slot;
          slot += distance * 60_000;
          if (hasTurn(host, { since, slot, quietHours })) last = slot;
          // The moment comes once in a period, and the next slot after it is at most one distance away.
          expect(slot - last).toBeLessThan(quietHours * HOUR + 120 * 60_000);
        }
      }),
    );
  });

  it('inspects a quiet host of a schedule of 15 minutes once an hour where one hour may lie between', () => {
    const host = aResource();
    const slots = Array.from({ length: 16 }, (_, index) => NOON + index * QUARTER);

    const turns = slots.filter((slot) => hasTurn(host, { since: slot - QUARTER, slot, quietHours: 1 }));

    expect(turns).toHaveLength(4);
  });

  it('inspects every host at every slot of a schedule that is due every four hours', () => {
    const turn = { since: NOON - 4 * HOUR, slot: NOON, quietHours: 4 } as const;

    expect(fleet(200).every(({ resource }) => hasTurn(resource, turn))).toBe(true);
  });

  it('makes up for the turns of slots that were missed', () => {
    const hosts = fleet(200);
    const missed = hosts.filter(({ resource }) =>
      hasTurn(resource, { since: NOON - 2 * HOUR, slot: NOON - HOUR, quietHours: 4 }),
    );

    const { due } = dueHosts(hosts, slotOf(4, { since: NOON - 2 * HOUR, watched: new Set() }));

    expect(missed.length).toBeGreaterThan(0);
    expect(missed.every((host) => due.includes(host))).toBe(true);
  });
});

describe('recentRuns', () => {
  it('watches the hosts of the newest head that are not steady, and those that it names', () => {
    const lines = [
      aLine({ host: 'i-leaking', verdict: 'leaking' }),
      aLine({ host: 'i-young', verdict: 'insufficient_data' }),
    ];
    const head = aHead(NOON - HOUR, { lines, watched: ['i-full'] });

    const recent = recentRuns([head, aHead(NOON - 2 * HOUR, { watched: ['i-older'] })], 0);

    expect(recent).toEqual({ since: NOON - HOUR, watched: new Set(['i-leaking', 'i-young', 'i-full']) });
  });

  it('goes back to the last run that missed nothing but hosts that it names', () => {
    const missedShards = aRunSummary({ scheduledTime: NOON - HOUR, outcome: 'partial', unreadable: { timeout: 3 } });
    const heads = [
      aHead(NOON - HOUR, { summary: missedShards, watched: ['i-new'] }),
      aHead(NOON - 2 * HOUR, { watched: ['i-old'] }),
    ];

    expect(recentRuns(heads, 0)).toEqual({ since: NOON - 2 * HOUR, watched: new Set(['i-new', 'i-old']) });
  });

  it('builds on a partial run whose failures are all of hosts that it names', () => {
    const hosts = { ...aRunSummary().hosts, unreadable: 2 };
    const summary = aRunSummary({ outcome: 'partial', unreadable: { throttled: 2 }, hosts });

    expect(isThorough(aHead(NOON, { summary }))).toBe(true);
    expect(isThorough(aHead(NOON, { summary: { ...summary, unreadable: { throttled: 2, denied: 1 } } }))).toBe(false);
  });

  it('builds on a head without room for more hosts where only some that are not monitored are left out', () => {
    const omitted = (verdict: ResultLine['verdict']) => aHead(NOON, { omitted: 1, lines: [aLine({ verdict })] });

    expect(isThorough(omitted('not_monitored'))).toBe(true);
    expect(isThorough(omitted('unreadable'))).toBe(false);
  });

  it('builds on no head whose list of watched hosts is full', () => {
    const watched = Array.from({ length: MOST_WATCHED }, (_, index) => `i-${index}`);

    expect(isThorough(aHead(NOON, { watched: watched.slice(1) }))).toBe(true);
    expect(isThorough(aHead(NOON, { watched }))).toBe(false);
  });

  it('builds on no run of an older config, and on none that is unknown', () => {
    expect(recentRuns([aHead(NOON - HOUR)], NOON - 1)).toBeUndefined();
    expect(recentRuns([], 0)).toBeUndefined();
  });
});

describe('what is watched', () => {
  it.each([
    ['nearly suspected', { confidence: 0.05 }],
    ['nearly full', { level: 0.9 }],
    ['perhaps full within a day', { exhaustion_earliest: NOON + 23 * HOUR }],
  ])('is a steady host that is %s', (_, overrides) => {
    expect(watchedIn([aLine({ host: 'i-quiet' }), aLine(overrides)])).toEqual(['i-1']);
    expect([aLine(), aLine(overrides), aLine({ ...overrides, host: null })].map(isWatchedLine)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('leaves hosts that are not steady to the other lines of the head', () => {
    expect(watchedIn([aLine({ verdict: 'leaking', confidence: 0.9 }), aLine({ verdict: 'unreadable' })])).toEqual([]);
  });

  it('takes a level in bytes for no share of the limit', () => {
    expect(watchedIn([aLine({ unit: 'By', level: 4e9 })])).toEqual([]);
  });

  it('is the same for a verdict as for its line', () => {
    const evaluated = (verdict: ReturnType<typeof aSteadyVerdict>) =>
      isWatched({ kind: 'evaluated', series: aSeries([0.5]), verdict });
    const quiet = { confidence: 0.001, level: 0.4, exhaustion: { kind: 'cannot_say', reason: 'no_growth' } } as const;
    const end = aSeries([0.5]).window.end;
    const soon = { kind: 'expected', earliest: end + HOUR, likely: end + 2 * HOUR, latest: null } as const;

    expect(evaluated(aSteadyVerdict(quiet))).toBe(false);
    expect(evaluated(aSteadyVerdict({ ...quiet, confidence: 0.05 }))).toBe(true);
    expect(evaluated(aSteadyVerdict({ ...quiet, level: 0.9 }))).toBe(true);
    expect(evaluated(aSteadyVerdict({ ...quiet, exhaustion: soon }))).toBe(true);
  });

  it('is every host without a steady verdict', () => {
    const series = aSeries([0.5]);

    expect(isWatched({ kind: 'evaluated', series, verdict: aLeakingVerdict() })).toBe(true);
    expect(isWatched({ kind: 'evaluated', series, verdict: anInsufficientVerdict() })).toBe(true);
    expect(isWatched({ kind: 'unreadable', scope: aResource(), reason: 'timeout', detail: 'late' })).toBe(true);
  });

  it('is a host in bytes by its limit', () => {
    const series = { ...aSeries([0.5]), unit: 'By', limit: 8e9 } as const;
    const quiet = { confidence: 0.001, exhaustion: { kind: 'cannot_say', reason: 'no_growth' } } as const;

    expect(isWatched({ kind: 'evaluated', series, verdict: aSteadyVerdict({ ...quiet, level: 7.6e9 }) })).toBe(true);
    expect(isWatched({ kind: 'evaluated', series, verdict: aSteadyVerdict({ ...quiet, level: 3e9 }) })).toBe(false);
  });
});

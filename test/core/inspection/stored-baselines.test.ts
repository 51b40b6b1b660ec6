/** When hosts are read deeply, what is known of each from what is kept, and what is not learned from. */
import { describe, expect, it } from 'vitest';
import {
  deepHourOf,
  deepMomentOf,
  isDeepDue,
  readsDeeply,
  readsOfMonth,
} from '../../../core/inspection/deep-moment.ts';
import { withVersion } from '../../../core/inspection/keep-baselines.ts';
import { exclusionsOf } from '../../../core/inspection/not-learned-from.ts';
import {
  groupKeyOf,
  keyOf,
  keyText,
  knowledgeFrom,
  versionsBefore,
} from '../../../core/inspection/stored-baselines.ts';
import { deepSpan } from '../../../core/inspection/window.ts';
import type { BaselineManifest, HostBaseline } from '../../../core/model/host-baseline.ts';
import { summaryOf } from '../../../core/model/incident-summary.ts';
import type { Label } from '../../../core/model/mute.ts';
import { anIncident, aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { aBaseline, aHostBaseline, aManifest } from '../../fixtures/host-baselines.ts';
import { aRunRef } from '../../fixtures/result-lines.ts';

const DAY = 24 * HOUR;
const HOST = aResource({ id: 'i-1', group: 'web' });
const MOMENT = deepMomentOf(aRunRef());

const at = (hours: number) => aRunRef({ scheduledTime: MOMENT + hours * HOUR });

/** Slots of runs that read deeply, the newest first, and whether something was kept of each. */
function readAt(...runs: readonly (readonly [slot: number, isKept: boolean])[]): BaselineManifest {
  const parts = aManifest().versions.flatMap((version) => version.parts);
  const versions = runs.map(([slot, isKept]) => {
    return { slot, moment: deepMomentOf(aRunRef({ scheduledTime: slot })), parts: isKept ? parts : [] };
  });
  return aManifest({ versions });
}

describe('the hour of deep reads', () => {
  it('is another one for other accounts, so that they do not come together', () => {
    const hours = Array.from({ length: 240 }, (_, account) =>
      deepHourOf(aRunRef({ scope: { provider: 'aws', account: String(100000000000 + account), region: 'eu-west-1' } })),
    );

    const counts = [...Map.groupBy(hours, (hour) => hour).values()].map(({ length }) => length);
    expect(counts).toHaveLength(24);
    expect(Math.max(...counts)).toBeLessThan(30);
  });

  it('has come at most a day ago', () => {
    for (let hour = 0; hour < 48; hour++) {
      const run = aRunRef({ scheduledTime: NOON + hour * HOUR });

      expect(run.scheduledTime - deepMomentOf(run)).toBeLessThan(DAY);
      expect(new Date(deepMomentOf(run)).getUTCHours()).toBe(deepHourOf(run));
    }
  });

  it('is made up for within four hours, and by the first run after it however late', () => {
    const manifest = readAt([MOMENT - DAY, true], [MOMENT, true]);

    expect([0, 3, 4, 23, 24].map((hours) => readsDeeply(at(hours), manifest))).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(readsDeeply(at(30), manifest)).toBe(true);
    expect(readsDeeply({ ...at(0), trigger: 'on_demand' }, undefined)).toBe(false);
  });

  it('is made up for once where nothing was kept of it, and then on the next day', () => {
    const failed = readAt([MOMENT, false]);
    const twice = readAt([MOMENT + HOUR, false], [MOMENT, false]);

    expect([1, 2, 3, 4, 23].map((hours) => readsDeeply(at(hours), failed))).toEqual([true, true, true, false, false]);
    expect([2, 3, 23, 24].map((hours) => readsDeeply(at(hours), twice))).toEqual([false, false, false, true]);
  });

  it('is one of a run that is repeated, and not of one that comes after a later one', () => {
    const manifest = readAt([MOMENT + 6 * HOUR, false], [MOMENT - DAY, true]);

    expect(readsDeeply(at(6), manifest)).toBe(true);
    expect(readsDeeply(at(5), manifest)).toBe(false);
  });

  it('finds hosts due that were not read since', () => {
    const run = aRunRef({ scheduledTime: MOMENT + HOUR });

    expect(isDeepDue(run, undefined)).toBe(true);
    expect(isDeepDue(run, { readAt: MOMENT - HOUR })).toBe(true);
    expect(isDeepDue(run, { readAt: MOMENT })).toBe(false);
    expect(isDeepDue(run, { readAt: MOMENT + HOUR })).toBe(false);
  });

  it('costs less than 5 % of an hourly schedule', () => {
    expect(readsOfMonth(730, 60) / 730).toBeLessThan(1.05);
    expect(readsOfMonth(730, 0)).toBe(730);
    expect(readsOfMonth(4, 60)).toBe(8);
  });

  it('reads no more than the source keeps, in entire hours', () => {
    const now = NOON + 17 * 60_000;
    const short = deepSpan(now, { ingestionDelayMs: 5 * 60_000, retentionMs: 30 * DAY }, 60);
    const long = deepSpan(now, { ingestionDelayMs: 5 * 60_000 }, 60);

    expect(long.window).toEqual({ start: NOON - 60 * DAY, end: NOON });
    expect(short.window.start).toBeGreaterThanOrEqual(now - 30 * DAY);
    expect(short.window.start % HOUR).toBe(0);
  });
});

describe('what is known of a host', () => {
  const stored = (...records: readonly HostBaseline[]) => ({
    records: new Map(records.map((one) => [keyText(one), one])),
  });
  const ofGroup = aHostBaseline({ host: null, baseline: aBaseline({ level: 55 }) });
  const weeks = { ...aWeeks(), window: { start: NOON - 60 * DAY, end: NOON } };

  it('is its own baseline, and its weeks for two days', () => {
    const records = stored(ofGroup, aHostBaseline({ weeks }));

    expect(knowledgeFrom(records, HOST, NOON + 48 * HOUR)).toEqual({ baseline: aBaseline(), weeks });
    expect(knowledgeFrom(records, HOST, NOON + 49 * HOUR)).toEqual({ baseline: aBaseline() });
  });

  it('is nothing that was learned after the window, or of weeks that end after it', () => {
    const records = stored(aHostBaseline({ weeks }));

    expect(knowledgeFrom(records, HOST, NOON - HOUR)).toEqual({});
    expect(knowledgeFrom(records, HOST, NOON)).toEqual({ baseline: aBaseline(), weeks });
    expect(knowledgeFrom(stored(ofGroup), HOST, NOON - HOUR)).toEqual({});
  });

  it('is found whatever the case in which Azure writes its names', () => {
    const azure = aResource({ provider: 'azure', id: '/sub/vm1', group: 'rg-web' });
    const shouted = { ...azure, id: '/SUB/VM1', group: 'RG-Web' };
    const records = stored(aHostBaseline({ ...keyOf(azure) }));
    const group = stored(aHostBaseline({ ...groupKeyOf(azure) }));

    expect(knowledgeFrom(records, shouted, NOON).baseline).toEqual(aBaseline());
    expect(knowledgeFrom(group, shouted, NOON).baseline).toEqual(aBaseline());
    expect(keyOf({ ...shouted, provider: 'aws' })).toEqual({ group: 'RG-Web', host: '/SUB/VM1' });
  });

  it('is the baseline of its group where it is too young for its own', () => {
    const unlearned = { at: NOON, due: 'none_yet', outcome: 'none', reason: 'unlearned', validation: null } as const;

    expect(knowledgeFrom(stored(ofGroup), HOST, NOON).baseline?.level).toBe(55);
    expect(
      knowledgeFrom(stored(ofGroup, aHostBaseline({ baseline: null, refreshes: [unlearned] })), HOST, NOON).baseline
        ?.level,
    ).toBe(55);
  });

  it('is no baseline where none does better than its level', () => {
    const useless = { at: NOON, due: 'age', outcome: 'none', reason: 'worse_than_none', validation: null } as const;

    expect(knowledgeFrom(stored(ofGroup, aHostBaseline({ baseline: null, refreshes: [useless] })), HOST, NOON)).toEqual(
      {},
    );
    expect(knowledgeFrom(stored(), HOST, NOON)).toEqual({});
  });
});

describe('the manifest', () => {
  const version = (slot: number) => ({ slot, moment: slot, parts: [] });

  it('has the newest first, replaces a version of the same slot, and keeps the one before however old', () => {
    const weekly = withVersion({ version: 1, versions: [version(NOON - 6 * DAY)] }, version(NOON));
    const again = withVersion(weekly, { ...version(NOON), moment: NOON - HOUR });

    expect(weekly.versions.map(({ slot }) => slot)).toEqual([NOON, NOON - 6 * DAY]);
    expect(again.versions).toEqual([{ ...version(NOON), moment: NOON - HOUR }, version(NOON - 6 * DAY)]);
  });

  it('keeps the newest records however many reads kept nothing since', () => {
    const kept = readAt([NOON - 5 * DAY, true]);
    const begun = [2, 1, 0].reduce((before, days) => withVersion(before, version(NOON - days * DAY)), kept);

    expect(begun.versions.at(-1)).toEqual(kept.versions[0]);
  });

  it('has for a run what was kept before it', () => {
    const manifest = readAt([NOON + HOUR, true], [NOON, true], [NOON - DAY, true]);

    expect(versionsBefore(manifest, NOON)?.versions.map(({ slot }) => slot)).toEqual([NOON - DAY]);
    expect(versionsBefore(undefined, NOON)).toBeUndefined();
  });

  it('names nothing that the bucket deletes', () => {
    expect(withVersion({ version: 1, versions: [version(NOON - 8 * DAY)] }, version(NOON)).versions).toHaveLength(1);
  });
});

describe('what is not learned from', () => {
  const incident = summaryOf(anIncident({ since: NOON, endedAt: NOON + DAY }));
  const label = (overrides: Partial<Label>): Label => ({
    id: 'l-1',
    tenant: 'acme',
    kind: 'known-leak',
    subject: { group: 'web' },
    reason: 'a reason',
    by: 'somebody',
    at: NOON,
    from: NOON - 2 * DAY,
    to: NOON - DAY,
    likeness: null,
    ...overrides,
  });

  it('is the time of an incident and of the day before it', () => {
    expect(exclusionsOf(HOST, [incident], [])).toEqual([{ start: NOON - DAY, end: NOON + DAY, use: 'incident' }]);
  });

  it('is what a label calls a leak, and not an incident that one calls normal', () => {
    const leak = label({});
    const ofOther = label({ subject: { group: 'db' } });
    const normal = label({ kind: 'false-positive', subject: { incident: incident.id }, from: null, to: null });
    const period = label({ kind: 'normal-period', from: NOON - DAY, to: NOON + 2 * DAY });

    expect(exclusionsOf(HOST, [], [leak, ofOther])).toEqual([{ start: NOON - 2 * DAY, end: NOON - DAY, use: 'label' }]);
    expect(exclusionsOf(HOST, [incident], [normal])).toEqual([]);
    expect(exclusionsOf(HOST, [incident], [period])).toEqual([]);
  });
});

function aWeeks() {
  return {
    window: { start: 0, end: 0 },
    coverage: 1,
    capacity: 1,
    confidence: 0.01,
    prior: 0.03,
    reason: 'no_growth',
    growthPerHour: { low: 0, estimate: 0, high: 0 },
    hours: 0,
    since: null,
    from: 40,
    level: 40,
    restarts: 0,
    exhaustion: { kind: 'cannot_say', reason: 'no_growth' },
  } as const;
}

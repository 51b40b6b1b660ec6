/** What the pages of recordings count and state. */
import { describe, expect, it } from 'vitest';
import type { ProcessSamplesView, ProcessSummaryView } from '../../api/contract/recordings.ts';
import {
  describeRecorded,
  hasFigure,
  readoutOf,
  recordedLevels,
  recordedModel,
  recordedRows,
  timeRange,
} from '../../console/chart/recorded-model.ts';
import { recordingPath } from '../../console/paths.ts';
import {
  checkRecording,
  NO_RECORDING,
  onlyAccount,
  type RecordingForm,
  sendingAccounts,
} from '../../console/recording-form.ts';
import { daysText, defaultFigure, everyText, hostsText, inOrder, processesText } from '../../console/recording-view.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MIB = 1024 * 1024;

const FORM: RecordingForm = {
  ...NO_RECORDING,
  name: ' Checkout ',
  account: 'shop',
  hosts: 'web-*, db-1',
  labels: 'team=web',
  processes: 'node, 4711',
};

describe('the form of a recording', () => {
  it('has the account whose hosts send, where there is no other one', () => {
    const others = [{ provider: 'aws', account: '111122223333' }];
    const sending = (...names: string[]) =>
      onlyAccount(sendingAccounts([...others, ...names.map((account) => ({ provider: 'otlp', account }))]));

    expect([sending(), sending('local'), sending('shop', 'lab')]).toEqual([undefined, 'local', undefined]);
  });

  it('names hosts by their name and by their id, with the labels', () => {
    const { body } = checkRecording({ ...FORM, processes: 'node' }, NOW);

    expect(body?.selection.hosts).toEqual([
      { name: 'web-*', labels: { team: 'web' } },
      { id: 'web-*', labels: { team: 'web' } },
      { name: 'db-1', labels: { team: 'web' } },
      { id: 'db-1', labels: { team: 'web' } },
    ]);
  });

  it('takes labels without a name, numbers of processes, and their trees', () => {
    const { body } = checkRecording({ ...FORM, hosts: '', tree: true }, NOW);

    expect(body).toEqual({
      name: 'Checkout',
      selection: {
        account: 'shop',
        hosts: [{ labels: { team: 'web' } }],
        processes: [
          { name: 'node', tree: true },
          { pid: 4711, tree: true },
        ],
        from: null,
        to: null,
        everyS: 60,
      },
    });
  });

  it('states what is missing, by field', () => {
    const { body, issues } = checkRecording(NO_RECORDING, NOW);

    expect(body).toBeUndefined();
    expect(Object.keys(issues)).toEqual(['name', 'account', 'hosts', 'processes']);
  });

  it.each([
    ['2026-11-30T12:00Z', '2026-11-30T11:00Z', /ends before it begins/],
    ['', '2026-11-29T11:00Z', /ends before it begins/],
    ['2026-11-01T00:00Z', '2026-11-29T11:00Z', /future/],
    ['', '2027-01-15T12:00Z', /31 days/],
  ])('refuses a recording from %j until %j', (from, to, message) => {
    expect(checkRecording({ ...FORM, from, to }, NOW).issues.to).toMatch(message);
  });
});

describe('a selection in words', () => {
  const selection = {
    account: 'shop',
    hosts: [{ name: 'web-*' }, { id: 'web-*' }, { labels: { team: 'web', tier: 'a' } }],
    processes: [{ name: 'node', tree: true }, { pid: 4711 }],
    from: '2026-11-29T12:00:00Z',
    to: '2026-11-30T12:00:00Z',
    everyS: 60,
  };

  it('names a pattern of names and ids once', () => {
    expect(hostsText(selection)).toBe('web-*, team=web, tier=a');
  });

  it('names processes and their trees', () => {
    expect(processesText(selection)).toBe('node with what it starts, process 4711');
  });

  it('has the distance of samples in seconds or minutes', () => {
    expect([everyText(selection), everyText({ ...selection, everyS: 15 })]).toEqual(['every 1 min', 'every 15 s']);
  });

  it('joins days, and states where some are missing', () => {
    expect(daysText(['2026-11-28', '2026-11-27'])).toBe('2026-11-27 to 2026-11-28');
    expect(daysText(['2026-11-25', '2026-11-28'])).toBe('2026-11-25 to 2026-11-28 (2 days)');
    expect(daysText([])).toBe('–');
  });

  it('has an address by its id', () => {
    expect(recordingPath('acme', 'demo', { host: 'web 1' })).toBe('/t/acme/recordings/demo?host=web+1');
  });
});

const momentText = (epochMs: number) => new Date(epochMs).toISOString();

const PROCESS = { name: 'node', pid: 4711, parentPid: null, startedAt: null, command: null };

/** Two archived hours with one missing between them, then samples a minute apart with a gap. */
const SAMPLES: ProcessSamplesView = {
  process: PROCESS,
  live: {
    times: ['10:00', '10:01', '10:02', '10:30'].map((time) => `2026-11-29T${time}:00Z`),
    data: [10, 11, 12, 13].map((level) => level * MIB),
    stack: [1, 1, 1, 1].map((level) => level * MIB),
    used: [11, 12, 13, 14].map((level) => level * MIB),
    resident: [null, null, null, null],
    swap: [null, null, null, null],
  },
  archived: ['06', '08'].map((hour) => {
    const band = { min: 4 * MIB, max: 6 * MIB };
    return {
      hour: `2026-11-29T${hour}:00:00Z`,
      samples: 60,
      data: band,
      stack: null,
      used: band,
      resident: null,
      swap: null,
    };
  }),
};

describe('the chart of a process', () => {
  const model = recordedModel(SAMPLES, 'used');

  it('breaks the line where samples are missing', () => {
    expect(model.live.values).toEqual([11 * MIB, 12 * MIB, 13 * MIB, null, 14 * MIB]);
  });

  it('has a band over each archived hour, and none over a missing one', () => {
    expect(model.band.low).toEqual([4 * MIB, 4 * MIB, null, 4 * MIB, 4 * MIB]);
    expect(model.band.times).toEqual(model.band.times.toSorted((a, b) => a - b));
  });

  it('spans all that there is', () => {
    const range = timeRange([SAMPLES]);
    const [low, high] = recordedLevels(model);

    expect(range).toEqual({ from: Date.parse('2026-11-29T06:00Z') / 1000, to: Date.parse('2026-11-29T10:30Z') / 1000 });
    expect(low).toBeLessThan(4 * MIB);
    expect(high).toBeGreaterThan(14 * MIB);
    expect(timeRange([])).toBeUndefined();
  });

  it('is there in words: archived hours, then samples', () => {
    expect(recordedRows(model, 10).map(({ text }) => text)).toEqual([
      '4.00 MiB to 6.00 MiB',
      '4.00 MiB to 6.00 MiB',
      '11.0 MiB',
      '12.0 MiB',
      '13.0 MiB',
      '14.0 MiB',
    ]);
    expect(
      recordedRows(model, 2)
        .map(({ text }) => text)
        .slice(2),
    ).toEqual(['11.0 MiB', '14.0 MiB']);
    expect(describeRecorded(model, momentText)).toMatch(
      /^Memory used \(data \+ stack\) from 4\.00 MiB to 6\.00 MiB on .* to 14\.0 MiB on /,
    );
  });

  it('names a sample or the hour under the pointer', () => {
    expect(readoutOf(model, Date.parse('2026-11-29T10:01:00Z') / 1000, momentText)).toMatch(/12\.0 MiB$/);
    expect(readoutOf(model, Date.parse('2026-11-29T06:59:58Z') / 1000, momentText)).toMatch(
      /an hour · 4\.00 MiB to 6\.00 MiB$/,
    );
    expect(readoutOf(model, Date.parse('2026-11-29T07:30:00Z') / 1000, momentText)).toMatch(/no sample$/);
  });

  it('knows which figures are not there', () => {
    expect(hasFigure(recordedModel(SAMPLES, 'resident'))).toBe(false);
    expect(hasFigure(model)).toBe(true);
    expect(defaultFigure([SAMPLES])).toBe('used');
    expect(
      defaultFigure([{ ...SAMPLES, live: { ...SAMPLES.live, used: [null, null, null, null] }, archived: [] }]),
    ).toBe('resident');
  });
});

describe('processes of a host', () => {
  it('begin with those that leak, the largest first', () => {
    const summary = (name: string, verdict: ProcessSummaryView['verdict'], used: number): ProcessSummaryView => ({
      process: { ...PROCESS, name },
      newest: { time: '2026-11-29T12:00:00Z', data: null, stack: null, used, resident: null, swap: null },
      verdict,
      grade: verdict === 'leaking' ? 'confirmed' : null,
      confidence: null,
      growth: null,
      growthLow: null,
      growthHigh: null,
      since: null,
      evaluated: 'used',
      reason: null,
      missing: null,
    });

    const ordered = inOrder([
      summary('a', 'insufficient', 9),
      summary('b', 'steady', 1),
      summary('c', 'steady', 5),
      summary('d', 'leaking', 2),
    ]);

    expect(ordered.map(({ process }) => process.name)).toEqual(['d', 'c', 'b', 'a']);
  });
});

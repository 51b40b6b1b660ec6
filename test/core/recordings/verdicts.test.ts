/** Verdicts on recorded processes, and the recording that is always there. */
import { describe, expect, it } from 'vitest';
import { type RecordedSample, recordingSchema, usedOf } from '../../../core/model/recording.ts';
import { demoReader, demoRecording } from '../../../core/recordings/demo.ts';
import { type ProcessHistory, readHistory } from '../../../core/recordings/history.ts';
import { EVALUATED_MS, evaluateProcesses, newestFigures, pointsOf } from '../../../core/recordings/verdicts.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aProcess } from '../../fixtures/recordings.ts';
import { createMemoryRecordedSamples } from '../../memory/recordings.ts';

const DAY = 24 * HOUR;
const demo = { tenant: 'acme', id: 'demo' };

async function demoHistories(now: number, start = now - EVALUATED_MS): Promise<ProcessHistory[]> {
  const reader = demoReader(now);
  const hosts = await reader.hosts(demo);
  const window = { start, end: now };
  return (await Promise.all(hosts.map((host) => readHistory(reader, { of: demo, host, window })))).flat();
}

describe('the demo', () => {
  it.each([NOON, NOON + 5 * HOUR + 17 * MINUTE, NOON + 13 * HOUR, Date.UTC(2027, 2, 1)])(
    'has a leak, and processes that are steady, on two hosts, at %s',
    async (now) => {
      const histories = await demoHistories(now);

      const verdicts = evaluateProcesses(histories, 300).map(
        ({ history, evaluated, verdict }) => `${history.host} ${history.process.name} ${evaluated} ${verdict?.state}`,
      );
      expect(verdicts).toEqual([
        'shop-db-1 backup-agent resident steady',
        'shop-db-1 postgres used steady',
        'shop-web-1 cart-service used leaking',
        'shop-web-1 nginx used steady',
      ]);
    },
  );

  it('has live days, and archived ones as the life cycle leaves them', async () => {
    const [host] = await demoReader(NOON).hosts(demo);

    expect(host?.liveDays.map(({ day }) => day)).toEqual(['2026-11-19', '2026-11-20']);
    expect(host?.archivedDays).toEqual(['2026-11-14', '2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18']);
  });

  it('is the same within an hour, and a recording like any other', async () => {
    const recording = demoRecording('acme', NOON);

    expect(recordingSchema.parse(recording)).toEqual(recording);
    expect(await demoHistories(NOON + 59 * MINUTE, 0)).toEqual(await demoHistories(NOON, 0));
  });
});

const historyOf = (live: readonly RecordedSample[], fields: Partial<ProcessHistory> = {}): ProcessHistory => ({
  host: 'web-1',
  process: aProcess(),
  live,
  archived: [],
  ...fields,
});

describe('the verdict on a process', () => {
  it('is by data and stack together where most samples have both, else by the resident memory', () => {
    const both = { time: NOON, data: 1, stack: 1, resident: 5 };
    const resident = (minutes: number) => ({ time: NOON + minutes * MINUTE, resident: 5 });
    const evaluatedOf = (...live: RecordedSample[]) => evaluateProcesses([historyOf(live)], 60)[0]?.evaluated;

    expect(evaluatedOf(both, resident(1))).toBe('used');
    expect(evaluatedOf(both, resident(1), resident(2))).toBe('resident');
    expect(evaluatedOf({ time: NOON, data: 1 })).toBeUndefined();
  });

  it('is that there are too few samples, and that a process ended which has none of the last hours', () => {
    const short = historyOf([{ time: NOON, resident: 1 }]);
    const other = historyOf([{ time: NOON + 5 * HOUR, resident: 1 }], { process: aProcess({ pid: 2 }) });

    expect(evaluateProcesses([short, other], 60)).toMatchObject([
      { ended: true, verdict: { state: 'insufficient_data', reason: 'stale' } },
      { ended: false, verdict: { state: 'insufficient_data', reason: 'too_short' } },
    ]);
  });

  it('takes live samples where they are, and of other hours the least', () => {
    const hour = { samples: 2, used: { min: 3, max: 9 } };
    const archived = [
      { ...hour, hour: NOON - HOUR },
      { ...hour, hour: NOON },
    ];
    const history = historyOf([{ time: NOON + MINUTE, data: 5, stack: 1 }], { archived });

    expect(pointsOf(history, 'used')).toEqual([
      { time: NOON - HOUR, value: 3 },
      { time: NOON + MINUTE, value: 6 },
    ]);
    expect(newestFigures(history)).toMatchObject({ data: 5, used: 6 });
    expect(newestFigures({ ...history, live: [] })).toEqual({ used: 9 });
  });
});

describe('the history of a host', () => {
  it('joins parts, leaves out what is outside the window, and reads no day in vain', async () => {
    const samples = createMemoryRecordedSamples();
    const of = { tenant: 'acme', id: 'r-aaaaaaaaaaaaaaaa' };
    const put = (day: string, name: string, kept: readonly RecordedSample[]) =>
      samples.putLive(of, day, name, [{ host: 'web-1', process: aProcess(), kept }]);
    await put('2026-11-20', 'a', [
      { time: NOON, data: 1 },
      { time: NOON + HOUR, data: 2 },
    ]);
    await put('2026-11-20', 'b', [{ time: NOON, stack: 1 }]);
    await put('2026-11-22', 'a', [{ time: NOON + 2 * DAY, data: 1 }]);
    const [host] = await samples.hosts(of);
    if (host === undefined) throw new Error('no host');

    const read = await readHistory(samples, { of, host, window: { start: NOON, end: NOON + HOUR } });

    expect(read).toEqual([
      { host: 'web-1', process: aProcess(), live: [{ time: NOON, data: 1, stack: 1 }], archived: [] },
    ]);
    expect(read[0]?.live.map(usedOf)).toEqual([2]);
  });
});

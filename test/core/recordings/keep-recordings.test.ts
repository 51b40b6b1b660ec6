/** The life cycle loses nothing: under crashes at any step, two runs at once, clocks that jump, and samples that come late. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHIVED_MS, LIVE_MS, type RecordedSample, usedOf } from '../../../core/model/recording.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import type { RecordedSamples } from '../../../core/ports/recording-store.ts';
import { FIGURES, figureOf, joinedParts } from '../../../core/recordings/archive.ts';
import { dayOf, endOfDay } from '../../../core/recordings/days.ts';
import { keepRecordings } from '../../../core/recordings/keep-recordings.ts';
import { deleteRecording } from '../../../core/recordings/start-stop.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aProcess, aRecording } from '../../fixtures/recordings.ts';
import { createMemoryRecordedSamples, createMemoryRecordingStore } from '../../memory/recordings.ts';

const DAY = 24 * HOUR;
const HOSTS = ['web-1', 'web-2'] as const;
const OF = { tenant: 'acme', id: aRecording().id };

async function aWorld() {
  const recordings = createMemoryRecordingStore();
  await recordings.put(aRecording({}, { to: NOON + 31 * DAY }));
  return { recordings, samples: createMemoryRecordedSamples() };
}

/** Fails at the call of a number: before it has an effect, or after. */
function crashing(honest: RecordedSamples, at: number, hasEffect: boolean): RecordedSamples {
  let calls = 0;
  const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const fails = ++calls === at;
    if (fails && !hasEffect) throw new StoreError('crashed');
    const result = await work();
    if (fails) throw new StoreError('crashed');
    return result;
  };
  return {
    ...honest,
    hosts: (of) => step(() => honest.hosts(of)),
    putLive: (...given) => step(() => honest.putLive(...given)),
    archive: (...given) => step(() => honest.archive(...given)),
    putArchive: (...given) => step(() => honest.putArchive(...given)),
    removeLive: (...given) => step(() => honest.removeLive(...given)),
    removeArchive: (...given) => step(() => honest.removeArchive(...given)),
  };
}

/** Of what a host sent, whatever is neither live nor within the bands of its archived hour. */
async function lost(samples: RecordedSamples, sent: ReadonlyMap<string, readonly RecordedSample[]>): Promise<string[]> {
  const gone: string[] = [];
  for (const [host, all] of sent) {
    const newest = Math.max(...all.map(({ time }) => time));
    for (const [day, ofDay] of Map.groupBy(all, ({ time }) => dayOf(time))) {
      if (endOfDay(day) + ARCHIVED_MS <= newest) continue;
      const live = joinedParts(await Array.fromAsync(samples.live(OF, host, day))).flatMap(({ kept }) => kept);
      const hours = (await samples.archive(OF, host, day))?.hours.flatMap(({ kept }) => kept) ?? [];
      const isKept = (sample: RecordedSample) =>
        live.some(({ time }) => time === sample.time) ||
        hours.some(
          (hour) =>
            hour.hour === Math.floor(sample.time / HOUR) * HOUR &&
            FIGURES.every((figure) => {
              const value = figureOf(sample, figure);
              const band = hour[figure];
              return value === undefined || (band !== undefined && band.min <= value && value <= band.max);
            }),
        );
      gone.push(
        ...ofDay.filter((sample) => !isKept(sample)).map(({ time }) => `${host} ${new Date(time).toISOString()}`),
      );
    }
  }
  return gone;
}

/** Sends a sample a minute, each in a part of its own. What a process has at one moment is the same whenever it comes. */
function aSender(samples: RecordedSamples) {
  const sent = new Map<string, RecordedSample[]>(HOSTS.map((host) => [host, []]));
  let count = 0;
  async function sendParts(host: string, start: number, parts: number): Promise<void> {
    for (let at = 0; at < parts; at++) {
      const time = start + at * MINUTE;
      const minute = time / MINUTE;
      const sample = { time, data: (minute * 7919) % 1009, stack: (minute * 104729) % 97 };
      sent.get(host)?.push(sample);
      await samples.putLive(OF, dayOf(time), `m-${++count}`, [{ host, process: aProcess(), kept: [sample] }]);
    }
  }
  return { sent, sendParts };
}

const send = fc.record({
  kind: fc.constant('send' as const),
  host: fc.constantFrom(...HOSTS),
  /** A week late at the most, and minutes ahead. */
  lateHours: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 168 }) },
  ),
  parts: fc.integer({ min: 1, max: 30 }),
});
const keep = fc.record({
  kind: fc.constant('keep' as const),
  /** Clocks of whoever runs it jump by months. */
  jumpDays: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -90, max: 90 }) },
  ),
  crashAt: fc.integer({ min: 1, max: 30 }),
  hasEffect: fc.boolean(),
  runs: fc.integer({ min: 1, max: 2 }),
});
const wait = fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) });

describe('keeping recordings', () => {
  it('never removes the only copy', async () => {
    const steps = fc.array(fc.oneof(send, send, keep, wait), { minLength: 15, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { recordings, samples } = await aWorld();
        const { sent, sendParts } = aSender(samples);
        let now = NOON;
        for (const step of all) {
          if (step.kind === 'wait') now += step.hours * HOUR;
          else if (step.kind === 'send') await sendParts(step.host, now - step.lateHours * HOUR, step.parts);
          else {
            const faulty = crashing(samples, step.crashAt, step.hasEffect);
            const runs = [faulty, samples].slice(0, step.runs);
            const at = now + step.jumpDays * DAY;
            const keeping = runs.map((its) => keepRecordings('acme', { recordings, samples: its }, at));
            // Samples come while it runs, also of days that it archives.
            await Promise.all([...keeping, sendParts('web-1', now, 2), sendParts('web-2', now - 60 * HOUR, 4)]);
          }
          expect(await lost(samples, sent)).toEqual([]);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('leaves what comes late while the day is archived', async () => {
    const { recordings, samples } = await aWorld();
    const { sent, sendParts } = aSender(samples);
    await sendParts('web-1', NOON, 3);
    await sendParts('web-1', NOON + 3 * DAY, 1);
    const interrupted: RecordedSamples = {
      ...samples,
      async putArchive(...given) {
        await sendParts('web-1', NOON + HOUR, 1);
        return samples.putArchive(...given);
      },
    };

    await keepRecordings('acme', { recordings, samples: interrupted }, NOON + 3 * DAY);

    expect(await lost(samples, sent)).toEqual([]);
    expect(await Array.fromAsync(samples.live(OF, 'web-1', '2026-11-20'))).toHaveLength(1);
  });

  it('keeps what a faster run has archived meanwhile', async () => {
    const { recordings, samples } = await aWorld();
    const { sent, sendParts } = aSender(samples);
    await sendParts('web-1', NOON, 3);
    await sendParts('web-1', NOON + 3 * DAY, 1);
    const slow: RecordedSamples = {
      ...samples,
      async putArchive(...given) {
        await sendParts('web-1', NOON + HOUR, 1);
        await keepRecordings('acme', { recordings, samples }, NOON + 3 * DAY);
        return samples.putArchive(...given);
      },
    };

    const outcome = await keepRecordings('acme', { recordings, samples: slow }, NOON + 3 * DAY);

    expect(outcome).toMatchObject({ archivedDays: 0, failures: [] });
    expect(await lost(samples, sent)).toEqual([]);
    expect(await Array.fromAsync(samples.live(OF, 'web-1', '2026-11-20'))).toEqual([]);
  });

  it('removes nothing where the archive reads back as another', async () => {
    const { recordings, samples } = await aWorld();
    const { sent, sendParts } = aSender(samples);
    await sendParts('web-1', NOON, 3);
    await sendParts('web-1', NOON + 3 * DAY, 1);
    const forgetful: RecordedSamples = {
      ...samples,
      putArchive: (of, host, day, archive, expected) =>
        samples.putArchive(of, host, day, { ...archive, hours: [] }, expected),
    };

    await keepRecordings('acme', { recordings, samples: forgetful }, NOON + 3 * DAY);

    expect(await lost(samples, sent)).toEqual([]);
  });

  it('leaves each hour’s least and greatest, by the sums of single samples, and no live part', async () => {
    const { recordings, samples } = await aWorld();
    const kept = Array.from({ length: 24 * 60 }, (_, minute): RecordedSample => {
      const stack = 100 - (minute % 60);
      return { time: Date.UTC(2026, 10, 20) + minute * MINUTE, data: minute % 60, stack };
    });
    for (const [at, sample] of kept.entries())
      await samples.putLive(OF, '2026-11-20', `m-${at}`, [{ host: 'web-1', process: aProcess(), kept: [sample] }]);
    const ahead = { host: 'web-1', process: aProcess(), kept: [{ time: endOfDay('2026-11-20') + LIVE_MS, data: 1 }] };
    await samples.putLive(OF, '2026-11-22', 'new', [ahead]);

    const outcome = await keepRecordings('acme', { recordings, samples }, NOON + 3 * DAY);

    expect(outcome).toEqual({ archivedDays: 1, purgedDays: 0, mergedDays: 0, removed: 0, failures: [] });
    expect((await samples.hosts(OF))[0]).toMatchObject({
      archivedDays: ['2026-11-20'],
      liveDays: [{ day: '2026-11-22' }],
    });
    const [archived] = (await samples.archive(OF, 'web-1', '2026-11-20'))?.hours ?? [];
    const bands = { data: { min: 0, max: 59 }, stack: { min: 41, max: 100 }, used: { min: 100, max: 100 } };
    expect(new Set(kept.map(usedOf))).toEqual(new Set([100]));
    expect(archived?.kept).toHaveLength(24);
    for (const hour of archived?.kept ?? []) expect(hour).toMatchObject({ samples: 60, ...bands });
  });

  it('makes one part of many, and lets a host that crashed keep what it has', async () => {
    const { recordings, samples } = await aWorld();
    for (let at = 0; at < 30; at++) {
      const sample = { time: NOON + at * MINUTE, data: at };
      await samples.putLive(OF, '2026-11-20', `m-${at}`, [{ host: 'web-1', process: aProcess(), kept: [sample] }]);
    }

    const first = await keepRecordings('acme', { recordings, samples }, NOON + HOUR);
    const later = await keepRecordings('acme', { recordings, samples }, NOON + 25 * DAY);

    expect([first.mergedDays, later]).toEqual([
      1,
      { archivedDays: 0, purgedDays: 0, mergedDays: 0, removed: 0, failures: [] },
    ]);
    const [part, ...others] = await Array.fromAsync(samples.live(OF, 'web-1', '2026-11-20'));
    expect(others).toEqual([]);
    expect(part?.live[0]?.kept).toHaveLength(30);
  });

  it('goes on with other hosts where one fails, and reports which', async () => {
    const { recordings, samples } = await aWorld();
    for (const host of HOSTS)
      for (const time of [NOON, NOON + 3 * DAY])
        await samples.putLive(OF, dayOf(time), 'a', [{ host, process: aProcess(), kept: [{ time, data: 1 }] }]);
    const error = new StoreError('no bucket');
    const failing: RecordedSamples = {
      ...samples,
      putArchive: async (of, host, ...given) => {
        if (host === 'web-1') throw error;
        return samples.putArchive(of, host, ...given);
      },
    };

    const outcome = await keepRecordings('acme', { recordings, samples: failing }, NOON + 3 * DAY);

    expect(outcome).toMatchObject({ archivedDays: 1, failures: [{ recording: OF.id, host: 'web-1', error }] });
  });

  it('completes a deletion when nothing can be written any more', async () => {
    const { recordings, samples } = await aWorld();
    const late = () =>
      samples.putLive(OF, '2026-11-20', 'a', [{ host: 'web-1', process: aProcess(), kept: [{ time: NOON, data: 1 }] }]);
    await late();
    await deleteRecording(aRecording(), 'ada', { recordings }, NOON);

    const first = await keepRecordings('acme', { recordings, samples }, NOON + HOUR / 2);
    expect(await samples.hosts(OF)).toEqual([]);
    await late();
    const second = await keepRecordings('acme', { recordings, samples }, NOON + HOUR);

    expect([first.removed, second.removed]).toEqual([0, 1]);
    expect(await samples.hosts(OF)).toEqual([]);
    expect(await recordings.list('acme')).toEqual([]);
  });
});

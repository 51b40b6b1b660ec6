/** The suite of stores of recorded samples: kept by the one in memory, and broken by each that lies. */
import { describe, expect, it } from 'vitest';
import type { RecordedSamples } from '../../core/ports/recording-store.ts';
import { createMemoryRecordedSamples } from '../memory/recordings.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { recordedSamplesChecks } from './recorded-samples.ts';

describe('recorded samples in memory', () => {
  itKeeps(recordedSamplesChecks, createMemoryRecordedSamples);
});

const LIVE = 'gives back live parts by host in order of their names, each as it was put';
const AGAIN = 'replaces a part of the same name, of that host and day alone';
const HOSTS = 'lists hosts with their live days, how many parts these have, and archived days';
const ARCHIVE = 'replaces an archive only where it is the one that was read';
const NAMED = 'removes the live parts that are named, and no other';
const ALL = 'removes everything of one recording of one tenant';

type Lie = (honest: RecordedSamples) => Partial<RecordedSamples>;

const LIES: readonly [string, string, Lie][] = [
  [
    'keeps the first of a name',
    AGAIN,
    ({ putLive, live }) => ({
      putLive: async (of, day, name, given) => {
        const hosts = [...new Set(given.map(({ host }) => host))];
        for (const host of hosts) for await (const part of live(of, host, day)) if (part.name === name) return;
        await putLive(of, day, name, given);
      },
    }),
  ],
  [
    'has all hosts in one part',
    LIVE,
    ({ putLive }) => ({
      putLive: (of, day, name, live) =>
        putLive(
          of,
          day,
          name,
          live.map((one) => ({ ...one, host: live[0]?.host ?? '' })),
        ),
    }),
  ],
  [
    'forgets the stack',
    LIVE,
    ({ putLive }) => ({
      putLive: (of, day, name, live) =>
        putLive(
          of,
          day,
          name,
          live.map((one) => ({ ...one, kept: one.kept.map(({ stack: _, ...sample }) => sample) })),
        ),
    }),
  ],
  [
    'lists no archives',
    HOSTS,
    ({ hosts }) => ({ hosts: async (of) => (await hosts(of)).map((one) => ({ ...one, archivedDays: [] })) }),
  ],
  [
    'mixes recordings',
    HOSTS,
    ({ hosts, putLive }) => ({
      putLive: (of, ...given) => putLive({ ...of, id: 'r-aaaaaaaaaaaaaaaa' }, ...given),
      hosts: (of) => hosts({ ...of, id: 'r-aaaaaaaaaaaaaaaa' }),
    }),
  ],
  [
    'replaces any archive',
    ARCHIVE,
    ({ archive, putArchive }) => ({
      putArchive: async (of, host, day, given) =>
        putArchive(of, host, day, given, (await archive(of, host, day))?.version),
    }),
  ],
  [
    'removes the live samples of the entire day',
    NAMED,
    ({ live, removeLive }) => ({
      removeLive: async (of, host, day) => {
        const parts = await Array.fromAsync(live(of, host, day));
        await removeLive(
          of,
          host,
          day,
          parts.map(({ name }) => name),
        );
      },
    }),
  ],
  ['removes nothing', ALL, () => ({ removeAll: async () => undefined })],
];

describe('the suite of stores of recorded samples', () => {
  it.each(LIES)('catches one that %s', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryRecordedSamples();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(recordedSamplesChecks, liar)).toContain(promise);
  });
});

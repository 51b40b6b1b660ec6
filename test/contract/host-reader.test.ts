/** The suite of readers of hosts: kept in this process, and broken by each reader that lies. */
import { describe, expect, it } from 'vitest';
import type { HostReadAnswer } from '../../core/model/host-memory.ts';
import type { HostReader } from '../../core/ports/host-reader.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { hostReaderChecks, type ReaderWorld } from './host-reader.ts';
import { localReaderWorld } from './host-reader-world.ts';

describe('a reader of hosts in this process', () => {
  itKeeps(hostReaderChecks, localReaderWorld);
});

type Lie = (world: ReaderWorld) => Partial<ReaderWorld>;

/** Changes what is answered of a host that was read. */
const changed =
  (change: (answer: HostReadAnswer) => HostReadAnswer): Lie =>
  ({ reader }) => ({ reader: { read: async (request) => change(await reader.read(request)) } });

const throwing: HostReader['read'] = async () => {
  throw new TypeError('undefined is not a function');
};

const LIES: readonly [string, string, Lie][] = [
  [
    'answers with the host that was read before',
    'answers with the memory of the host that is requested',
    ({ reader }) => {
      let before: Promise<HostReadAnswer> | undefined;
      return { reader: { read: async (request) => (before ??= reader.read(request)) } };
    },
  ],
  [
    'leaves the samples out',
    'answers with the verdict and the samples that it rests on',
    changed((answer) =>
      answer.outcome === 'read'
        ? { ...answer, memory: { ...answer.memory, samples: { times: [], values: [] } } }
        : answer,
    ),
  ],
  [
    'takes a failure for health',
    'never takes a host that cannot be read for a steady one',
    changed((answer) =>
      answer.outcome === 'read' && answer.memory.verdict === 'unreadable'
        ? { ...answer, memory: { ...answer.memory, verdict: 'steady' } }
        : answer,
    ),
  ],
  [
    'reads what the config leaves out',
    'answers what it refuses with the reason',
    ({ reader, steady: other, excluded }) => ({
      reader: { read: (request) => reader.read(request.host === excluded.host ? other : request) },
    }),
  ],
  [
    'reads the present whatever is requested',
    'reads the window that ends by the requested time',
    ({ reader, leaking: { to } }) => ({ reader: { read: (request) => reader.read({ ...request, to }) } }),
  ],
  ['throws an error of its own making', 'throws where no answer comes', () => ({ broken: { read: throwing } })],
  [
    'answers nothing as if it were refused',
    'waits no longer than its signal',
    () => ({
      unanswered: { read: async () => ({ version: 1, outcome: 'refused', refusal: 'not_found', reason: '' }) },
    }),
  ],
];

describe('a reader of hosts that lies', () => {
  it.each(LIES)('which %s is caught', async (_, promise, lie) => {
    const liar = async () => {
      const honest = await localReaderWorld();
      return { ...honest, ...lie(honest) };
    };

    const checks = hostReaderChecks.filter(({ message }) => message === promise);
    expect(await brokenPromises(checks, liar)).toEqual([promise]);
  });
});

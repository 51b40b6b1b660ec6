/** What every reader of hosts promises. */
import { expect } from 'vitest';
import { type HostReadRequest, hostReadAnswerSchema } from '../../core/model/host-memory.ts';
import { type HostReader, HostReaderError } from '../../core/ports/host-reader.ts';
import type { Check } from './check.ts';

/** Points of other metrics are not what this suite is about: test/core/points has their checks. */
type MemoryReader = Pick<HostReader, 'read'>;

export interface ReaderWorld {
  readonly reader: MemoryReader;
  /** A reader behind which everything fails, and one that never answers. */
  readonly broken: MemoryReader;
  readonly unanswered: MemoryReader;
  /** Requests for a host that leaks, one that is steady, one that cannot be read, and one that the config leaves out. */
  readonly leaking: HostReadRequest;
  readonly steady: HostReadRequest;
  readonly unreadable: HostReadRequest;
  readonly excluded: HostReadRequest;
}

export const hostReaderChecks: readonly Check<ReaderWorld>[] = [
  {
    message: 'answers with the memory of the host that is requested',
    async verify({ reader, leaking, steady }) {
      for (const request of [leaking, steady, leaking]) {
        const answer = hostReadAnswerSchema.parse(await reader.read(request));

        if (answer.outcome !== 'read') throw new Error(answer.reason);
        expect(answer.memory.host).toMatchObject({
          id: request.host,
          account: request.account,
          region: request.region,
        });
      }
    },
  },
  {
    message: 'answers with the verdict and the samples that it rests on',
    async verify({ reader, leaking, steady }) {
      const [first, second] = [await reader.read(leaking), await reader.read(steady)];

      expect(first).toMatchObject({ outcome: 'read', memory: { verdict: 'leaking' } });
      expect(second).toMatchObject({ outcome: 'read', memory: { verdict: 'steady' } });
      const lengths = [first, second].map((one) => (one.outcome === 'read' ? one.memory.samples.times.length : 0));
      expect(Math.min(...lengths)).toBeGreaterThan(100);
    },
  },
  {
    message: 'never takes a host that cannot be read for a steady one',
    async verify({ reader, unreadable }) {
      expect(await reader.read(unreadable)).toMatchObject({
        outcome: 'read',
        memory: { verdict: 'unreadable', reason: 'denied', confidence: null, samples: { times: [] } },
      });
    },
  },
  {
    message: 'answers what it refuses with the reason',
    async verify({ reader, excluded, leaking }) {
      expect(await reader.read(excluded)).toMatchObject({ outcome: 'refused', refusal: 'excluded' });
      expect(await reader.read({ ...leaking, host: 'i-nowhere' })).toMatchObject({
        outcome: 'refused',
        refusal: 'not_found',
        reason: expect.stringContaining('i-nowhere'),
      });
    },
  },
  {
    message: 'reads the window that ends by the requested time',
    async verify({ reader, leaking }) {
      const to = new Date(Date.parse(leaking.to) - 24 * 3_600_000).toISOString();

      const answer = await reader.read({ ...leaking, to });

      expect(answer).toMatchObject({ outcome: 'read', memory: { window: { end: to } } });
    },
  },
  {
    message: 'throws where no answer comes',
    async verify({ broken, leaking }) {
      await expect(broken.read(leaking)).rejects.toBeInstanceOf(HostReaderError);
    },
  },
  {
    message: 'waits no longer than its signal',
    async verify({ unanswered, leaking }) {
      const failure = await unanswered.read(leaking, AbortSignal.timeout(20)).catch((error: unknown) => error);

      expect(failure).toMatchObject({ reason: 'timeout', retryable: true });
    },
  },
];

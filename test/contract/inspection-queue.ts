/** What every inspection queue promises. */
import { expect } from 'vitest';
import type { InspectMessage } from '../../core/model/message.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { InspectionQueue } from '../../core/ports/inspection-queue.ts';
import type { Check } from './check.ts';

export interface InspectionQueueSubject {
  readonly queue: InspectionQueue;
  /** Bodies that wait on the queue. */
  waiting(): Promise<string[]>;
  /** What was put aside. */
  aside(): Promise<{ body: string; reason: string }[]>;
}

/** One whose queues can be made to fail. */
export interface FailingInspectionQueueSubject extends InspectionQueueSubject {
  /** Takes the queues down, until they are called up again. */
  goDown(): () => void;
}

const MESSAGE: InspectMessage = {
  version: 1,
  tenant: 'acme',
  provider: 'aws',
  account: '111122223333',
  scheduledTime: '2026-11-20T12:00:00Z',
};

export const inspectionQueueChecks: readonly Check<InspectionQueueSubject>[] = [
  {
    message: 'queues a message as JSON that reads back the same',
    async verify({ queue, waiting, aside }) {
      const message: InspectMessage = { ...MESSAGE, regions: ['eu-west-1', 'us-east-1'] };

      await queue.send(message);

      expect((await waiting()).map((body) => JSON.parse(body))).toEqual([message]);
      expect(await aside()).toEqual([]);
    },
  },
  {
    message: 'queues every message, also the same one twice',
    async verify({ queue, waiting }) {
      await queue.send(MESSAGE);
      await queue.send(MESSAGE);

      expect(await waiting()).toHaveLength(2);
    },
  },
  {
    message: 'puts a rejected body aside as it was, with the reason, and not on the queue',
    async verify({ queue, waiting, aside }) {
      await queue.reject('{"detail": "Größe 日本"}', 'tenant: expected string');

      expect(await aside()).toEqual([{ body: '{"detail": "Größe 日本"}', reason: 'tenant: expected string' }]);
      expect(await waiting()).toEqual([]);
    },
  },
  {
    message: 'puts a rejected body aside whatever it holds',
    async verify({ queue, aside }) {
      const bodies = ['', '\0\u{1b}[2J\u{ffff}', '\ud800', `${'日'.repeat(500_000)}`];

      for (const body of bodies) await queue.reject(body, body);

      expect(await aside()).toHaveLength(bodies.length);
    },
  },
  {
    message: 'keeps the beginning of a body that is too long',
    async verify({ queue, aside }) {
      await queue.reject(`begin ${'日'.repeat(500_000)}`, 'too long');

      const [rejected] = await aside();
      expect(rejected?.body).toMatch(/^begin 日{50000,}$/);
    },
  },
];

/** What every inspection queue promises about failures. */
export const inspectionQueueFailureChecks: readonly Check<FailingInspectionQueueSubject>[] = [
  {
    message: 'throws a delivery error when it is down',
    async verify({ queue, goDown }) {
      goDown();

      await expect(queue.send(MESSAGE)).rejects.toThrow(DeliveryError);
      await expect(queue.reject('body', 'reason')).rejects.toThrow(DeliveryError);
    },
  },
];

/** The suite of inspection queues: kept by the queue in memory, and broken by each queue that lies. */
import { describe, expect, it } from 'vitest';
import type { InspectionQueue } from '../../core/ports/inspection-queue.ts';
import { createMemoryQueue } from '../memory/messaging.ts';
import { brokenPromises, itKeeps } from './check.ts';
import {
  type FailingInspectionQueueSubject,
  inspectionQueueChecks,
  inspectionQueueFailureChecks,
} from './inspection-queue.ts';

const CHECKS = [...inspectionQueueChecks, ...inspectionQueueFailureChecks];

describe('the queue in memory', () => {
  itKeeps(CHECKS, () => subject(() => ({})));
});

const SEND = 'queues a message as JSON that reads back the same';
const TWICE = 'queues every message, also the same one twice';
const REJECT = 'puts a rejected body aside as it was, with the reason, and not on the queue';
const ANY = 'puts a rejected body aside whatever it holds';
const LONG = 'keeps the beginning of a body that is too long';
const DOWN = 'throws a delivery error when it is down';

type Lie = (honest: InspectionQueue) => Partial<InspectionQueue>;

const LIES: readonly [string, string, Lie][] = [
  ['drops the regions', SEND, ({ send }) => ({ send: ({ regions: _, ...message }) => send(message) })],
  ['drops a message that it has seen', TWICE, droppingRepeats],
  ['drops what it rejects', REJECT, () => ({ reject: async () => {} })],
  ['forgets the reason', REJECT, ({ reject }) => ({ reject: (body) => reject(body, '') })],
  ['chokes on an empty body', ANY, ({ reject }) => ({ reject: (body, reason) => reject(nonEmpty(body), reason) })],
  [
    'truncates bodies to nothing',
    LONG,
    ({ reject }) => ({ reject: (body, reason) => reject(body.slice(0, 50), reason) }),
  ],
  ['throws nothing when it is down', DOWN, ({ send }) => ({ send: (message) => send(message).catch(() => {}) })],
];

describe('the suite of inspection queues', () => {
  it.each(LIES)('catches a queue that %s', async (_, promise, lie) => {
    const broken = await brokenPromises(CHECKS, () => subject(lie));

    expect(broken).toContain(promise);
  });
});

function subject(lie: Lie): FailingInspectionQueueSubject {
  const honest = createMemoryQueue();
  return {
    queue: { send: honest.send, reject: honest.reject, ...lie(honest) },
    waiting: async () => honest.sent.map((message) => JSON.stringify(message)),
    aside: async () => [...honest.rejected],
    goDown() {
      honest.down = true;
      return () => {
        honest.down = false;
      };
    },
  };
}

function droppingRepeats({ send }: InspectionQueue): Partial<InspectionQueue> {
  const seen = new Set<string>();
  return {
    async send(message) {
      const body = JSON.stringify(message);
      if (!seen.has(body)) await send(message);
      seen.add(body);
    },
  };
}

function nonEmpty(body: string): string {
  if (body === '') throw new Error('the body is empty');
  return body;
}

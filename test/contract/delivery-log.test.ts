/** The suite of delivery logs: kept by the log in memory, and broken by each log that lies. */
import { describe, expect, it } from 'vitest';
import type { DeliveryLog } from '../../core/ports/delivery-log.ts';
import { createMemoryDeliveryLog } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { deliveryLogChecks } from './delivery-log.ts';

describe('the delivery log in memory', () => {
  itKeeps(deliveryLogChecks, createMemoryDeliveryLog);
});

type Lie = (honest: DeliveryLog) => Partial<DeliveryLog>;

const LIES: readonly [string, string, Lie][] = [
  [
    'keeps the first that was put',
    'gives back what became of an event at each receiver, the last that was put',
    ({ delivery, putDelivery }) => ({
      putDelivery: async (tenant, one) => {
        if ((await delivery(tenant, one.event, one.receiver)) === undefined) await putDelivery(tenant, one);
      },
    }),
  ],
  [
    'mixes tenants',
    'keeps tenants, events and receivers apart',
    ({ delivery, putDelivery }) => ({
      delivery: (_, event, receiver) => delivery('all', event, receiver),
      putDelivery: (_, one) => putDelivery('all', one),
    }),
  ],
  [
    'overwrites what others have written',
    'takes progress of the version that it replaces alone',
    ({ progress, putProgress }) => ({
      putProgress: async (tenant, receiver, value) =>
        putProgress(tenant, receiver, value, (await progress(tenant, receiver, value.subject))?.version ?? 0),
    }),
  ],
  [
    'forgets what fires',
    'lists what fires at a receiver, and nothing that has ended',
    () => ({
      async *firing() {
        // Nothing.
      },
    }),
  ],
  [
    'overwrites a test',
    'takes the status of a receiver, and a test, of the version that they replace alone',
    ({ test, putTest }) => ({
      putTest: async (tenant, value) => putTest(tenant, value, (await test(tenant))?.version ?? 0),
    }),
  ],
];

describe('a delivery log that lies', () => {
  it.each(LIES)('which %s is caught', async (_, promise, lie) => {
    const liar = () => {
      const honest = createMemoryDeliveryLog();
      return { ...honest, ...lie(honest) };
    };

    expect(await brokenPromises(deliveryLogChecks, liar)).toContain(promise);
  });
});

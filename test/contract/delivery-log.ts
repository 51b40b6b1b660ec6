/** What every delivery log promises. */
import { expect } from 'vitest';
import type { Delivery, FiringAlert, NotifyTest, ReceiverStatus, SubjectProgress } from '../../core/model/delivery.ts';
import type { DeliveryLog } from '../../core/ports/delivery-log.ts';
import { NOON } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export function aDelivery(overrides: Partial<Delivery> = {}): Delivery {
  return { event: 'incident/1/1', receiver: 'chat', outcome: 'sent', reason: null, at: NOON, ...overrides };
}

export function aProgress(overrides: Partial<SubjectProgress> = {}): SubjectProgress {
  return {
    subject: 'incident/1',
    thread: '1732104000.000100',
    order: 1,
    lease: null,
    waiting: null,
    alert: null,
    ...overrides,
  };
}

export function anAlert(overrides: Partial<FiringAlert> = {}): FiringAlert {
  return {
    labels: { alertname: 'PlimsollLeak', tenant: 'acme' },
    annotations: { summary: 'web-1 grows like a leak' },
    startsAt: NOON,
    generatorUrl: null,
    scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
    ...overrides,
  };
}

function aReceiverStatus(overrides: Partial<ReceiverStatus> = {}): ReceiverStatus {
  return { receiver: 'chat', failingSince: NOON, reason: 'HTTP 404', reported: false, ...overrides };
}

const TEST: NotifyTest = { event: 'acme/test/1', code: 'K7QX', at: NOON, confirmedAt: null, confirmedBy: null };

export const deliveryLogChecks: readonly Check<DeliveryLog>[] = [
  {
    message: 'has nothing of what was never sent',
    async verify(log) {
      expect(await log.delivery('nobody', 'incident/1/1', 'chat')).toBeUndefined();
      expect(await log.deliveries('nobody', 'incident/1/1')).toEqual([]);
      expect(await log.progress('nobody', 'chat', 'incident/1')).toBeUndefined();
      expect(await Array.fromAsync(log.firing('nobody', 'chat'))).toEqual([]);
      expect(await log.status('nobody', 'chat')).toBeUndefined();
      expect(await log.test('nobody')).toBeUndefined();
    },
  },
  {
    message: 'gives back what became of an event at each receiver, the last that was put',
    async verify(log) {
      const pager = aDelivery({ receiver: 'pager', outcome: 'refused', reason: 'HTTP 403' });
      await log.putDelivery('settled', aDelivery({ outcome: 'refused', reason: 'HTTP 500' }));
      await log.putDelivery('settled', aDelivery());
      await log.putDelivery('settled', pager);

      expect(await log.delivery('settled', 'incident/1/1', 'chat')).toEqual(aDelivery());
      expect(await log.deliveries('settled', 'incident/1/1')).toEqual(expect.arrayContaining([aDelivery(), pager]));
    },
  },
  {
    message: 'keeps tenants, events and receivers apart',
    async verify(log) {
      await log.putDelivery('apart', aDelivery({ event: 'incident/1/10' }));
      await log.putDelivery('apart-too', aDelivery());
      await log.putDelivery('apart', aDelivery({ event: 'incident/1/1', receiver: 'chat-2' }));
      await log.putProgress('apart', 'chat', aProgress({ alert: anAlert() }), 0);

      expect(await log.delivery('apart', 'incident/1/1', 'chat')).toBeUndefined();
      expect((await log.deliveries('apart', 'incident/1/1')).map(({ receiver }) => receiver)).toEqual(['chat-2']);
      expect(await log.progress('apart', 'chat-2', 'incident/1')).toBeUndefined();
      expect(await Array.fromAsync(log.firing('apart', 'chat-2'))).toEqual([]);
      expect(await Array.fromAsync(log.firing('apart-too', 'chat'))).toEqual([]);
    },
  },
  {
    message: 'takes progress of the version that it replaces alone',
    async verify(log) {
      const later = aProgress({ order: 2, waiting: { order: 3, until: NOON } });

      expect(await log.putProgress('races', 'chat', aProgress(), 0)).toBe('stored');
      expect(await log.putProgress('races', 'chat', later, 0)).toBe('conflict');
      expect(await log.putProgress('races', 'chat', later, 1)).toBe('stored');
      expect(await log.progress('races', 'chat', 'incident/1')).toEqual({ value: later, version: 2 });
    },
  },
  {
    message: 'lists what fires at a receiver, and nothing that has ended',
    async verify(log) {
      const firing = aProgress({ subject: 'incident #ü/2', alert: anAlert() });
      await log.putProgress('fires', 'alerts', aProgress({ alert: anAlert() }), 0);
      await log.putProgress('fires', 'alerts', aProgress(), 1);
      await log.putProgress('fires', 'alerts', firing, 0);

      expect(await Array.fromAsync(log.firing('fires', 'alerts'))).toEqual([{ value: firing, version: 1 }]);
    },
  },
  {
    message: 'takes the status of a receiver, and a test, of the version that they replace alone',
    async verify(log) {
      const reported = aReceiverStatus({ reported: true });
      const confirmed = { ...TEST, confirmedAt: NOON + 1, confirmedBy: 'arn:aws:iam::111122223333:user/ops' };

      expect(await log.putStatus('status', aReceiverStatus(), 0)).toBe('stored');
      expect(await log.putStatus('status', reported, 0)).toBe('conflict');
      expect(await log.putStatus('status', reported, 1)).toBe('stored');
      expect(await log.putTest('status', TEST, 0)).toBe('stored');
      expect(await log.putTest('status', confirmed, 0)).toBe('conflict');
      expect(await log.putTest('status', confirmed, 1)).toBe('stored');

      expect(await log.status('status', 'chat')).toEqual({ value: reported, version: 2 });
      expect(await log.test('status')).toEqual({ value: confirmed, version: 2 });
    },
  },
];

/** Where the relay keeps what it sent. Contract: test/contract/delivery-log.ts. */
import type { Delivery, NotifyTest, ReceiverStatus, SubjectProgress } from '../model/delivery.ts';
import type { PutOutcome, Versioned } from './conditional-put.ts';

/** Throws `StoreError`, and `ItemError` where an item is not as it is written. Nothing of a tenant is seen by another. */
export interface DeliveryLog {
  delivery(tenant: string, event: string, receiver: string): Promise<Delivery | undefined>;
  /** What became of an event at all receivers for which that is settled. */
  deliveries(tenant: string, event: string): Promise<readonly Delivery[]>;
  /** Stores or overwrites. Kept for some weeks: by then nothing is delivered again. */
  putDelivery(tenant: string, delivery: Delivery): Promise<void>;
  progress(tenant: string, receiver: string, subject: string): Promise<Versioned<SubjectProgress> | undefined>;
  /** Stores it if its item is still at `expectedVersion` (0: there is none). Kept for months after the last put. */
  putProgress(
    tenant: string,
    receiver: string,
    progress: SubjectProgress,
    expectedVersion: number,
  ): Promise<PutOutcome>;
  /** What fires at a receiver. One that cannot be read back hides no other: `ItemError` is thrown after them. */
  firing(tenant: string, receiver: string): AsyncIterable<Versioned<SubjectProgress>>;
  status(tenant: string, receiver: string): Promise<Versioned<ReceiverStatus> | undefined>;
  putStatus(tenant: string, status: ReceiverStatus, expectedVersion: number): Promise<PutOutcome>;
  test(tenant: string): Promise<Versioned<NotifyTest> | undefined>;
  putTest(tenant: string, test: NotifyTest, expectedVersion: number): Promise<PutOutcome>;
}

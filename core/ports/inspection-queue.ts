/** Where inspections are requested. Contract: test/contract/inspection-queue.ts. */
import type { InspectMessage } from '../model/message.ts';

/** The queue that inspections are asked for on. Throws `DeliveryError` when it does not take a message. */
export interface InspectionQueue {
  send(message: InspectMessage): Promise<void>;
  /** Puts a message that cannot be understood aside, with the reason, where a person will find it. */
  reject(body: string, reason: string): Promise<void>;
}

/** Where inspections are requested. Contract: test/contract/inspection-queue.ts. */
import type { InspectMessage } from '../model/message.ts';

/** The queue on which inspections are requested. Throws `DeliveryError` when it does not take a message. */
export interface InspectionQueue {
  send(message: InspectMessage): Promise<void>;
  /** Puts a message that cannot be parsed on the dead-letter queue, with the reason, where a person will find it. */
  reject(body: string, reason: string): Promise<void>;
}

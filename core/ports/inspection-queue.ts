/** Where inspections are requested. Contract: test/contract/inspection-queue.ts. */
import type { InspectionRequest, InspectMessage } from '../model/message.ts';

/** The queue that takes requests for inspections, of any tenant and account. Throws `DeliveryError` when it does not take one. */
export interface RequestQueue {
  send(request: InspectionRequest): Promise<void>;
}

/** The queue of an inspect function. Throws `DeliveryError` when it does not take a message. */
export interface InspectionQueue {
  send(message: InspectMessage): Promise<void>;
  /** Puts a message that cannot be parsed on the dead-letter queue, with the reason, where a person will find it. */
  reject(body: string, reason: string): Promise<void>;
}

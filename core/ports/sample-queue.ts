/** Where samples that were received wait until they are stored. */
import type { SampleBatch } from '../model/sample.ts';

export interface SampleQueue {
  /** The batch is durable when this returns: its sender may forget it. Throws `DeliveryError` where the queue does not take it. */
  send(batch: SampleBatch): Promise<void>;
}

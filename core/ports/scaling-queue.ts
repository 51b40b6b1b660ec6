/** Where scaling events are handed over to be recorded. */
import type { ScalingEvent } from '../model/scaling-event.ts';

/** Throws `DeliveryError` where the queue does not take the event. */
export interface ScalingQueue {
  send(event: ScalingEvent): Promise<void>;
}

/** Publishes the events about a tenant's inspections. */
import type { ServiceEvent } from '../model/service-event.ts';
import { DeliveryError } from '../ports/errors.ts';
import type { Publisher } from '../ports/publisher.ts';

export interface PublishedEvents {
  /** Those that the topic accepted. */
  readonly accepted: readonly ServiceEvent[];
  /** Undefined where it accepted all. */
  readonly failure: DeliveryError | undefined;
}

export async function publishEvents(events: readonly ServiceEvent[], publisher: Publisher): Promise<PublishedEvents> {
  const outcomes = events.length === 0 ? [] : await publisher.publish(events);
  const accepted = events.filter((_, index) => outcomes[index]?.kind === 'published');
  const [first, ...others] = outcomes.filter((outcome) => outcome.kind === 'failed');
  const failure =
    first === undefined
      ? undefined
      : new DeliveryError(
          `Its topic did not accept ${others.length + 1} events about its inspections: ${first.detail}. They are sent again in a quarter of an hour.`,
        );
  return { accepted, failure };
}

/** Where events go. Contract: test/contract/publisher.ts. */
import type { PublishedEvent } from '../model/service-event.ts';

export type PublishOutcome = { readonly id: string } & (
  | { readonly kind: 'published' }
  | {
      readonly kind: 'failed';
      readonly retryable: boolean;
      readonly detail: string;
      /** The topic did not answer in time: whoever sends it more waits again. */
      readonly unresponsive?: boolean;
    }
);

/**
 * A topic per tenant.
 *
 * - One outcome per event, in the order given; a failed entry never takes the others with it, and nothing is thrown.
 * - An event is never sent before an earlier one of its incident, or about its account's inspections, that failed: it fails as well, and may be retried.
 * - A topic that does not answer in time is waited for once a call: its other events fail as well, and may be retried. Other
 *   topics are not delayed. An aborted signal ends the call in the same way.
 * - At least once: ids are deterministic, so that a subscriber can drop what it has seen.
 */
export interface Publisher {
  /**
   * Makes the tenant's topic where it is not yet there, and returns its address. Throws `DeliveryError`.
   *
   * @param withChat Makes its second topic too: the one for Amazon Q in chat applications (core/ports/chat-topics.ts).
   */
  ensureTopic(tenant: string, withChat?: boolean): Promise<string>;
  /** Deletes the tenant's topics with their subscriptions. Harmless where there is none. Throws `DeliveryError`. */
  removeTopic(tenant: string): Promise<void>;
  publish(events: readonly PublishedEvent[], signal?: AbortSignal): Promise<readonly PublishOutcome[]>;
}

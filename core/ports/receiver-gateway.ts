/** How an event reaches a receiver beyond the tenant's topic. */
import type { FiringAlert } from '../model/delivery.ts';
import type { Receiver } from '../model/receiver.ts';
import type { PublishedEvent } from '../model/service-event.ts';

export interface Outgoing {
  readonly event: PublishedEvent;
  /** One of the tenant's. */
  readonly receiver: Receiver;
  /** What a message is a reply to; null for the first. */
  readonly thread: string | null;
  /** What fires of the same incident; null where nothing does. */
  readonly firing: FiringAlert | null;
  /** Until when an alert fires without being sent again, epoch milliseconds. */
  readonly firesUntil: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Reasons are for people, and hold no secret and nothing of an answer. */
export type SendOutcome =
  | {
      readonly kind: 'sent';
      /** What later messages of the incident reply to. */
      readonly thread: string | null;
      /** What fires from now on. */
      readonly firing: FiringAlert | null;
    }
  /** Receivers of this type take no events of this kind. */
  | { readonly kind: 'not_meant'; readonly reason: string }
  /** Nothing will be sent until somebody changes something: a secret, an address, the receiver itself. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may be sent later. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number | undefined };

export interface Renewal {
  readonly alert: FiringAlert;
  /** Epoch milliseconds. */
  readonly firesUntil: number;
}

/** Nothing is thrown. At least once: a receiver that has accepted an event may get it again. */
export interface ReceiverGateway {
  send(outgoing: Outgoing, signal?: AbortSignal): Promise<SendOutcome>;
  /** Sends alerts again that fire, so that they go on. Of receivers that hold alerts. */
  renew(tenant: string, receiver: Receiver, renewals: readonly Renewal[], signal?: AbortSignal): Promise<SendOutcome>;
}

/** Who has subscribed to a tenant's topic. */
export interface Subscription {
  /** `email`, `sqs`, `https` … */
  readonly protocol: string;
  readonly endpoint: string;
  /** Whether somebody confirmed it: nothing is sent to one that nobody did. */
  readonly confirmed: boolean;
}

export interface TopicSubscriptions {
  /** Throws `DeliveryError`. */
  list(tenant: string): Promise<readonly Subscription[]>;
}

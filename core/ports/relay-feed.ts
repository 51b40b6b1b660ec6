/** What brings the notifications of a tenant's topic to the relay. */
export interface RelayFeed {
  /** Harmless where the topic feeds the relay already. Throws `DeliveryError`. */
  ensure(tenant: string): Promise<'feeds' | 'no_topic'>;
}

/** Who sends an event over HTTP: what its token has to prove. Contract: test/adapters/event-tokens. */

/** The sender that a config allows. Keys and issuers follow from it, and never from a token. */
export type ExpectedSender =
  | { readonly provider: 'gcp'; readonly audience: string; readonly serviceAccount: string }
  | { readonly provider: 'azure'; readonly directory: string; readonly application: string };

/** Where a push came to. */
export interface Push {
  readonly provider: ExpectedSender['provider'];
  readonly url: string;
}

export type TokenVerdict =
  | { readonly kind: 'accepted' }
  /** For the log alone: what helps to mend a config helps to forge a token. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The issuer's keys could not be read: the sender tries again. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface EventTokens {
  /**
   * Why a token cannot be one of a provider's pushes to an address, by what it states itself; undefined where it may be one, which
   * `verify` decides. Nothing is read.
   *
   * @param now Epoch milliseconds.
   */
  faultOf(token: string, push: Push, now: number): string | undefined;
  /** @param now Epoch milliseconds. */
  verify(token: string, expected: ExpectedSender, now: number): Promise<TokenVerdict>;
}

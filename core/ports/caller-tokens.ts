/** Who calls, by a token of an issuer that the operator lists. Contract: test/adapters/oidc. */

/** Whom a token proves. */
export interface TokenCaller {
  readonly issuer: string;
  readonly subject: string;
  readonly groups: readonly string[];
}

export type CallerVerdict =
  | { readonly kind: 'accepted'; readonly caller: TokenCaller }
  /** For the log alone: what helps to mend a sign-in helps to forge a token. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The issuer's keys could not be read: the caller tries again. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface CallerTokens {
  /**
   * Nothing is read of an issuer that is not listed.
   *
   * @param now Epoch milliseconds.
   */
  verify(token: string, now: number): Promise<CallerVerdict>;
}

/** Who sends samples, and what its account's config states about what is kept of them. */

export interface SenderSettings {
  /** The resource attribute whose value groups alike hosts; absent where they are in no group. */
  readonly groupAttribute?: string;
  /** Further resource attributes that are kept as labels. */
  readonly keepAttributes: readonly string[];
  /** The part that the first of them matches is kept of a command line; nothing is where none matches. */
  readonly commandPatterns: readonly RegExp[];
  /** Metrics beside memory that a job of the account inspects; no other is kept. */
  readonly pointMetrics?: ReadonlySet<string>;
}

/** The settings of an account of provider `otlp`. */
export interface SenderAccounts {
  /** Undefined where there is no such account, or it or its tenant is disabled. Throws `StoreError`. */
  settingsOf(tenant: string, account: string): Promise<SenderSettings | undefined>;
}

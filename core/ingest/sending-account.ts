/** The accounts of a config whose hosts send their samples themselves. */

/** What of an account of provider `otlp` is of interest here. */
export interface SendingAccount {
  readonly provider: string;
  readonly account: string;
  readonly enabled: boolean;
  readonly groupAttribute?: string | undefined;
  readonly keepAttributes?: readonly string[] | undefined;
  readonly commandPatterns?: readonly string[] | undefined;
}

/** Undefined where the config has none of this name, enabled or not. */
export function sendingAccountOf(accounts: readonly SendingAccount[], name: string): SendingAccount | undefined {
  return accounts.find(({ provider, account }) => provider === 'otlp' && account === name);
}

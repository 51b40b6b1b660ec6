/** Identifies callers: the trust policies of roles, and the access keys of their sessions. */
import { createHash } from 'node:crypto';

/** The account of everybody who has not assumed a role. fauxqs writes the same into its ARNs. */
export const OWN_ACCOUNT = '000000000000';

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly account: string;
  readonly roleArn: string;
}

export interface Accounts {
  /**
   * Lets whoever shows the external id assume the role; undefined withdraws the trust. Null is a role of our own account,
   * which trusts us by our name and requires no external id.
   */
  trust(roleArn: string, externalId: string | null | undefined): void;
  /**
   * A session of the role, or undefined where the role does not trust the caller. One role has one access key; the
   * token names the session.
   */
  assume(roleArn: string, sessionName: string, externalId: string | undefined): Session | undefined;
  /** The account that a key reads; undefined for a session key that was never issued. */
  accountOf(accessKeyId: string): string | undefined;
}

const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/;

export function createAccounts(): Accounts {
  const externalIds = new Map<string, string | null>();
  const accountByKey = new Map<string, string>();
  return {
    trust(roleArn, externalId) {
      if (externalId === undefined) externalIds.delete(roleArn);
      else externalIds.set(roleArn, externalId);
    },
    assume(roleArn, sessionName, externalId) {
      const account = ROLE.exec(roleArn)?.[1];
      const expected = externalIds.get(roleArn);
      if (account === undefined || expected === undefined) return undefined;
      if (expected !== null && externalId !== expected) return undefined;
      const digest = createHash('sha256').update(roleArn).digest('hex');
      const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`;
      accountByKey.set(accessKeyId, account);
      return {
        accessKeyId,
        secretAccessKey: digest,
        sessionToken: `session-${digest}-${sessionName}`,
        account,
        roleArn,
      };
    },
    // Session keys start with ASIA; any other key is a dummy of our own.
    accountOf: (key) => (key.startsWith('ASIA') ? accountByKey.get(key) : OWN_ACCOUNT),
  };
}

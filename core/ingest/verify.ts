/** Whose request it is: verifies an ingest token, and what its account's config states. */
import type { RefusedRequest, SenderId } from '../model/ingest-outcome.ts';
import type { IngestTokenStore } from '../ports/ingest-token-store.ts';
import type { SenderAccounts, SenderSettings } from './sender.ts';
import { isSecretOf, type ParsedToken, parseIngestToken } from './token.ts';

export interface VerifyPorts {
  readonly tokens: Pick<IngestTokenStore, 'get'>;
  readonly accounts: SenderAccounts;
}

export interface VerifiedSender extends SenderId {
  readonly settings: SenderSettings;
}

/** Milliseconds that a verified token is not read again: one that is revoked is refused within it. */
const KEPT_MS = 60_000;

/** Verified tokens at once: a function has a handful of senders in a minute, and a gateway is one of them. */
const MOST_KEPT = 1_000;

const BEARER = /^Bearer +(\S{1,200})$/i;

/** Verifies a token, and remembers those that it verified for a minute. Those that are refused are not remembered: nobody fills it with them. */
export class SenderVerifier {
  readonly #ports: VerifyPorts;
  readonly #kept = new Map<string, { readonly sender: VerifiedSender; readonly until: number }>();

  constructor(ports: VerifyPorts) {
    this.#ports = ports;
  }

  /**
   * Throws `StoreError`: the sender tries again.
   *
   * @param authorization The header's value.
   * @param now Epoch milliseconds.
   */
  async verify(authorization: string | undefined, now: number): Promise<VerifiedSender | RefusedRequest> {
    const text = BEARER.exec(authorization ?? '')?.[1];
    if (text === undefined) return NO_TOKEN;
    const kept = this.#kept.get(text);
    if (kept !== undefined && kept.until > now) return kept.sender;
    this.#kept.delete(text);
    const parsed = parseIngestToken(text);
    const sender = parsed === undefined ? UNKNOWN_TOKEN : await this.#read(parsed);
    if ('settings' in sender) this.#keep(text, sender, now);
    return sender;
  }

  async #read({ tenant, id, secret }: ParsedToken): Promise<VerifiedSender | RefusedRequest> {
    const token = await this.#ports.tokens.get(tenant, id);
    if (token === undefined || !isSecretOf(token, secret) || token.revokedAt !== undefined) return UNKNOWN_TOKEN;
    const { account } = token;
    const settings = await this.#ports.accounts.settingsOf(tenant, account);
    if (settings === undefined) return { ...DISABLED, sender: { tenant, account, tokenId: id } };
    return { tenant, account, tokenId: id, settings };
  }

  #keep(text: string, sender: VerifiedSender, now: number): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(text, { sender, until: now + KEPT_MS });
  }
}

const NO_TOKEN: RefusedRequest = {
  kind: 'refused',
  status: 401,
  refusal: 'no_token',
  message:
    'Send the header `Authorization: Bearer` with an ingest token. plimsoll ingest-tokens create makes one; that of plimsoll console --receive is in its folder.',
};

/** The same of one that is unknown, revoked, or has another secret. */
const UNKNOWN_TOKEN: RefusedRequest = {
  kind: 'refused',
  status: 401,
  refusal: 'unknown_token',
  message:
    'The ingest token is not known, or was revoked. plimsoll ingest-tokens list has those that are valid, and create makes a new one; that of plimsoll console --receive is in its folder.',
};

const DISABLED: RefusedRequest = {
  kind: 'refused',
  status: 403,
  refusal: 'disabled',
  message:
    'The account of this ingest token is not in the config of its tenant, or one of them is disabled. Enable it with plimsoll tenants put.',
};

/** Who issues the tokens of pushes, where their keys are, and what a token of theirs has to state: all of it from the config. */
import * as z from 'zod';
import type { ExpectedSender } from '../../core/ports/event-tokens.ts';

/** Both issuers sign with it alone. A token's own `alg` decides nothing. */
export const ALGORITHM = 'RS256';

export interface Expectation {
  readonly keys: string;
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  /** Of the claims; the issuer, the audience and the times are checked before. */
  readonly claims: z.ZodType;
}

/** The origins of the issuers. Tests have others. */
export interface Origins {
  readonly googleKeys: string;
  readonly entra: string;
}

export const PUBLIC_ORIGINS: Origins = {
  googleKeys: 'https://www.googleapis.com/oauth2/v3/certs',
  entra: 'https://login.microsoftonline.com',
};

/** As a claim of a Pub/Sub push names it: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions */
export const GOOGLE = 'https://accounts.google.com';

/**
 * Event Grid's own application, the same for all of its customers: a token proves whose it is by its directory and audience.
 * https://learn.microsoft.com/azure/event-grid/secure-webhook-delivery
 */
const EVENT_GRID = '4962773b-9cdb-44cf-a8bf-237846a00ab7';

export function expectationOf(expected: ExpectedSender, { googleKeys, entra }: Origins): Expectation {
  if (expected.provider === 'gcp') {
    const { audience, serviceAccount } = expected;
    const claims = z.object({ email: z.literal(serviceAccount), email_verified: z.literal(true) });
    return { keys: googleKeys, issuers: [GOOGLE], audiences: [audience], claims };
  }
  const { directory, application } = expected;
  const ofDirectory = { tid: z.literal(directory) };
  return {
    keys: `${entra}/${directory}/discovery/v2.0/keys`,
    // Which of them it is, the application's registration decides (requestedAccessTokenVersion).
    issuers: [`https://login.microsoftonline.com/${directory}/v2.0`, `https://sts.windows.net/${directory}/`],
    audiences: [application, `api://${application}`],
    claims: z.union([
      z.object({ ...ofDirectory, azp: z.literal(EVENT_GRID) }),
      z.object({ ...ofDirectory, azp: z.undefined().optional(), appid: z.literal(EVENT_GRID) }),
    ]),
  };
}

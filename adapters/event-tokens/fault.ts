/** What a token states of itself, before anything is read to check it: most forged and mistaken ones are refused by that alone. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import type { EventTokens, Push } from '../../core/ports/event-tokens.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../tokens/keys.ts';
import { ALGORITHM, GOOGLE } from './issuers.ts';

const headerSchema = z.object({ alg: z.literal(ALGORITHM), kid: z.string().min(1).max(300) });

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Of any directory and application: which ones are right is in the config. */
const ENTRA_ISSUER = new RegExp(
  `^https://(?:login\\.microsoftonline\\.com/${GUID}/v2\\.0|sts\\.windows\\.net/${GUID}/)$`,
);
const APPLICATION = new RegExp(`^(?:api://)?${GUID}$`);

export const faultOf: EventTokens['faultOf'] = (token, push, now) => {
  let header: unknown;
  let claims: unknown;
  try {
    header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const stated = parseInput(z.object({ header: headerSchema, claims: claimsSchema(push, now) }), { header, claims });
  return stated.success ? undefined : describeIssues(stated.error).join('; ');
};

function claimsSchema({ provider, url }: Push, now: number) {
  const exp = z.number().min(now / 1000 - CLOCK_TOLERANCE_SECONDS, 'has passed');
  return provider === 'gcp'
    ? z.object({ iss: z.literal(GOOGLE), aud: z.literal(url), exp })
    : z.object({ iss: z.string().regex(ENTRA_ISSUER), aud: z.string().regex(APPLICATION), exp });
}

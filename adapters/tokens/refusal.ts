/** Whether an error is about a token, or about the keys that it should be checked with. */
import { errors } from 'jose';

/** What jose raises of a token. Anything else is about the keys: they could not be read, or are no keys. */
const ABOUT_TOKEN = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

export type Failure = { readonly kind: 'refused' | 'unavailable'; readonly reason: string };

export function failureOf(error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  const isRefusal = ABOUT_TOKEN.some((cause) => error instanceof cause);
  return { kind: isRefusal ? 'refused' : 'unavailable', reason };
}

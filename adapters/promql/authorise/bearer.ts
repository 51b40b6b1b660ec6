/** A token that its owner keeps: https://www.rfc-editor.org/rfc/rfc6750 */
import { SourceError } from '../../../core/ports/errors.ts';
import type { Authorise } from '../connection.ts';

/** Characters that a token may have, as the standard has them: a line break would end the header. */
const TOKEN = /^[\w.~+/-]+=*$/;

/** @param secret Returns the token. Called for each request, so that it may have been changed. */
export function bearerAuth(secret: () => Promise<string>): Authorise {
  return async () => {
    const token = (await secret()).trim();
    if (!TOKEN.test(token)) {
      const message = 'the secret for bearer authorisation is no token: it has characters that a token cannot have';
      throw new SourceError(message, { reason: 'denied', retryable: false, stage: 'sign_in' });
    }
    return { authorization: `Bearer ${token}` };
  };
}

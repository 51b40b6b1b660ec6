/** A user name and a password: https://www.rfc-editor.org/rfc/rfc7617 */
import { SourceError } from '../../../core/ports/errors.ts';
import type { Authorise } from '../connection.ts';

/** @param secret Returns `user:password`. Called for each request, so that it may have been changed. */
export function basicAuth(secret: () => Promise<string>): Authorise {
  return async () => {
    const pair = await secret();
    if (!pair.includes(':')) {
      const message = 'the secret for basic authorisation is no user name and password: write it as user:password';
      throw new SourceError(message, { reason: 'denied', retryable: false, stage: 'sign_in' });
    }
    return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
  };
}

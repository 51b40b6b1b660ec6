/** What an answer over https means for an event. */
import type { HttpsAnswer } from '../../core/ports/https-client.ts';
import type { SendOutcome } from '../../core/ports/receiver-gateway.ts';

/** Statuses after which the same request may succeed. */
const TRY_AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);

/** Undefined where the receiver accepted the request. */
export function failureOf(answer: HttpsAnswer): Exclude<SendOutcome, { kind: 'sent' }> | undefined {
  if (answer.kind !== 'answered') return answer;
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `it answered with a redirect (HTTP ${status}), which is not followed` };
  const reason = `it answered HTTP ${status}`;
  return TRY_AGAIN.has(status) || status >= 500
    ? { kind: 'failed', reason, retryAfterMs }
    : { kind: 'refused', reason };
}

/** Whether the receiver did not accept who sends: a secret that was changed may explain it. */
export function isUnauthorised(answer: HttpsAnswer): boolean {
  return answer.kind === 'answered' && [401, 403, 404, 410].includes(answer.status);
}

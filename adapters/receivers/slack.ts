/** Slack's chat.postMessage, which alone can reply in threads. https://docs.slack.dev/reference/methods/chat.postMessage */
import * as z from 'zod';
import type { SlackMessage } from '../../core/messages/slack.ts';
import { parseInput } from '../../core/model/issues.ts';
import type { HttpsAnswer, HttpsRequest } from '../../core/ports/https-client.ts';
import type { SendOutcome } from '../../core/ports/receiver-gateway.ts';
import { SLACK_API } from './endpoints.ts';
import { jsonRequest } from './json-request.ts';
import { failureOf } from './outcome.ts';

/** Errors after which the same request may succeed. */
const TRY_AGAIN: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** The message that is replied to is gone. */
const NO_THREAD: ReadonlySet<string> = new Set(['thread_not_found', 'message_not_found', 'cannot_reply_to_message']);

const answerSchema = z.looseObject({
  ok: z.boolean(),
  ts: z.string().max(100).optional(),
  error: z.string().max(1000).optional(),
});

export function chatMessageRequest(
  token: string,
  channel: string,
  message: SlackMessage,
  thread: string | null,
): HttpsRequest {
  const body = {
    channel,
    ...message,
    // Text of hosts never becomes a link or a mention.
    parse: 'none',
    link_names: false,
    ...(thread !== null && { thread_ts: thread }),
  };
  return jsonRequest({ url: SLACK_API, allowsPrivate: false }, body, { headers: { authorization: `Bearer ${token}` } });
}

/** Slack answers 200 to what it refuses too. @param thread That the message replied to. */
export function readChatAnswer(answer: HttpsAnswer, thread: string | null): SendOutcome | 'no_thread' {
  const failure = failureOf(answer);
  if (failure !== undefined || answer.kind !== 'answered') return failure ?? malformed();
  const read = parseInput(answerSchema, parseJson(answer.body));
  if (!read.success) return malformed();
  const { ok, ts, error = '' } = read.data;
  if (ok) return { kind: 'sent', thread: thread ?? ts ?? null, firing: null };
  if (thread !== null && NO_THREAD.has(error)) return 'no_thread';
  const reason = `Slack answered ${/^[a-z_]{1,60}$/.test(error) ? error : 'with an error'}`;
  return TRY_AGAIN.has(error)
    ? { kind: 'failed', reason, retryAfterMs: answer.retryAfterMs }
    : { kind: 'refused', reason };
}

function malformed(): SendOutcome {
  return { kind: 'failed', reason: 'Slack answered what is no answer of its API' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no answer, and reported as such.
    return undefined;
  }
}

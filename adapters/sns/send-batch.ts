/** One PublishBatch: which of its messages the topic took, and why it did not take the others. Throws nothing. */
import {
  BatchRequestTooLongException,
  InvalidParameterException,
  InvalidParameterValueException,
  NotFoundException,
  PublishBatchCommand,
  type PublishBatchCommandOutput,
  type SNSClient,
  ValidationException,
} from '@aws-sdk/client-sns';
import { failureOf } from '../aws/errors.ts';
import type { Message } from './message.ts';

export type Outcome =
  | { readonly kind: 'published' }
  | {
      readonly kind: 'failed';
      readonly retryable: boolean;
      readonly detail: string;
      readonly unresponsive?: boolean;
    };

/** Errors with which SNS refuses an entire request because of one entry. */
const ABOUT_CONTENT = [
  BatchRequestTooLongException,
  InvalidParameterException,
  InvalidParameterValueException,
  ValidationException,
];

/** One outcome per message, in the order given. */
export async function sendBatch(
  client: SNSClient,
  topicArn: string,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<Outcome[]> {
  const PublishBatchRequestEntries = messages.map(({ entry }, index) => ({ ...entry, Id: String(index) }));
  try {
    const command = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries });
    const answer = await client.send(command, { abortSignal: signal });
    return messages.map((_, index) => outcomeOf(String(index), answer));
  } catch (error) {
    if (messages.length > 1 && ABOUT_CONTENT.some((kind) => error instanceof kind)) {
      return (await Promise.all(messages.map((message) => sendBatch(client, topicArn, [message], signal)))).flat();
    }
    return messages.map(() => refused(error, topicArn, signal));
  }
}

/** The answer is two lists, and what is in neither of them may have been taken or not. */
function outcomeOf(entry: string, { Successful = [], Failed = [] }: PublishBatchCommandOutput): Outcome {
  if (Successful.some(({ Id }) => Id === entry)) return { kind: 'published' };
  const failure = Failed.find(({ Id }) => Id === entry);
  if (!failure)
    return { kind: 'failed', retryable: true, detail: 'the topic did not answer whether it took the event' };
  const { Code, Message, SenderFault } = failure;
  return { kind: 'failed', retryable: !SenderFault, detail: `${Code}: ${Message ?? 'no reason given'}` };
}

/** A request that failed entirely proves nothing against its events: they can go when the topic or the role is corrected. */
function refused(error: unknown, topicArn: string, signal: AbortSignal): Outcome {
  if (error instanceof NotFoundException)
    return { kind: 'failed', retryable: true, detail: `there is no topic ${topicArn}: put its tenant again` };
  const { reason, detail } = failureOf(error, signal);
  return { kind: 'failed', retryable: true, detail, ...(reason === 'timeout' && { unresponsive: true }) };
}

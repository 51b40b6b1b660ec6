/** The queue of inspections over SQS, and the dead-letter queue beside it. */
import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { InspectionQueue, RequestQueue } from '../../core/ports/inspection-queue.ts';
import { failureOf } from '../aws/errors.ts';

export interface InspectionQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/**
 * Bytes of a rejected body. A queue takes 1 MiB with the attributes, or 256 KiB where it is older:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const MAX_BODY_BYTES = 250 * 1024;

const MAX_REASON_BYTES = 2 * 1024;

/** What SQS refuses in bodies and attributes: whatever XML 1.0 has no character for. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

export function createInspectionQueue({
  client,
  queueUrl,
  deadLetterQueueUrl,
}: InspectionQueueOptions): InspectionQueue {
  return {
    ...createRequestQueue({ client, queueUrl }),

    reject: (body, reason) =>
      send(client, {
        QueueUrl: deadLetterQueueUrl,
        MessageBody: acceptable(body, MAX_BODY_BYTES, '(empty)'),
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: acceptable(reason, MAX_REASON_BYTES, '(none given)') },
        },
      }),
  };
}

/**
 * The queue on which inspections are requested. Its messages are grouped by tenant: SQS then holds back those of a tenant that
 * has many in favour of tenants that have few.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function createRequestQueue({
  client,
  queueUrl,
}: Pick<InspectionQueueOptions, 'client' | 'queueUrl'>): RequestQueue {
  return {
    send: (request) =>
      send(client, { QueueUrl: queueUrl, MessageBody: JSON.stringify(request), MessageGroupId: request.tenant }),
  };
}

async function send(client: SQSClient, input: SendMessageCommandInput): Promise<void> {
  try {
    await client.send(new SendMessageCommand(input));
  } catch (error) {
    const { detail } = failureOf(error);
    throw new DeliveryError(`The queue ${input.QueueUrl} did not take a message: ${detail}`, { cause: error });
  }
}

/** The text without what SQS refuses, truncated to the allowed bytes. SQS takes no empty text. */
function acceptable(text: string, maxBytes: number, ifEmpty: string): string {
  const legal = text.replace(NOT_XML, '\u{FFFD}');
  const bytes = Buffer.from(legal);
  if (bytes.length <= maxBytes) return legal || ifEmpty;
  // A character that is split at the limit is left out: its first bytes decode to nothing when more are awaited.
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}

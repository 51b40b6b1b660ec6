/** When a message of the relay's queue comes again. */
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError } from '../../core/ports/errors.ts';
import { failureOf } from '../aws/errors.ts';

export interface RelayQueue {
  /** Hides the message for so long from now on. Throws `DeliveryError`: it comes again then after the time-out of the queue. */
  hide(receiptHandle: string, ms: number): Promise<void>;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MOST_SECONDS = 43_200;

export function createRelayQueue(client: SQSClient, queueUrl: string): RelayQueue {
  return {
    async hide(ReceiptHandle, ms) {
      const VisibilityTimeout = Math.min(Math.ceil(ms / 1000), MOST_SECONDS);
      try {
        await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout }));
      } catch (error) {
        throw new DeliveryError(`A message of ${queueUrl} could not be put off: ${failureOf(error).detail}`, {
          cause: error,
        });
      }
    },
  };
}

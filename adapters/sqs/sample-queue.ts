/** The queue of samples over SQS. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { SampleQueue } from '../../core/ports/sample-queue.ts';
import { failureOf } from '../aws/errors.ts';
import { sampleMessages } from './sample-message.ts';

export interface SampleQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/**
 * Messages are grouped by tenant: SQS then holds back those of a tenant that has many in favour of tenants that have few. Of a batch that takes several
 * messages all are sent again where one fails: samples may be there twice.
 */
export function createSampleQueue({ client, queueUrl }: SampleQueueOptions): SampleQueue {
  return {
    async send(batch) {
      for (const MessageBody of await sampleMessages(batch)) {
        try {
          await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, MessageGroupId: batch.tenant }));
        } catch (error) {
          const { detail } = failureOf(error);
          throw new DeliveryError(`The queue ${queueUrl} did not take samples: ${detail}`, { cause: error });
        }
      }
    },
  };
}

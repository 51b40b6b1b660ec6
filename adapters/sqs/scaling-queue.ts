/** The queue of scaling events over SQS. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { ScalingQueue } from '../../core/ports/scaling-queue.ts';
import { failureOf } from '../aws/errors.ts';

export interface ScalingQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Events are grouped by tenant: SQS then holds back those of a tenant that has many in favour of tenants that have few. */
export function createScalingQueue({ client, queueUrl }: ScalingQueueOptions): ScalingQueue {
  return {
    async send(event) {
      const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(event), MessageGroupId: event.tenant };
      try {
        await client.send(new SendMessageCommand(message));
      } catch (error) {
        const { detail } = failureOf(error);
        throw new DeliveryError(`The queue ${queueUrl} did not take a scaling event: ${detail}`, { cause: error });
      }
    },
  };
}

/** The tenants' second topics, for Amazon Q in chat applications. */
import { NotFoundException, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { ChatTopics } from '../../core/ports/chat-topics.ts';
import { failureOf } from '../aws/errors.ts';

/** Of its name. No tenant's id has an underscore, so that no tenant's own topic is meant. */
export const CHAT_SUFFIX = '_chat';

export interface ChatTopicsOptions {
  readonly client: SNSClient;
  /** As of the publisher. */
  readonly topicArnPrefix: string;
}

export function createChatTopics({ client, topicArnPrefix }: ChatTopicsOptions): ChatTopics {
  return {
    async publish(tenant, message, signal) {
      const TopicArn = topicArnPrefix + tenant + CHAT_SUFFIX;
      try {
        const command = new PublishCommand({ TopicArn, Message: JSON.stringify(message) });
        await client.send(command, { ...(signal && { abortSignal: signal }) });
        return { kind: 'sent', thread: null, firing: null };
      } catch (error) {
        if (error instanceof NotFoundException)
          return { kind: 'refused', reason: `there is no topic ${TopicArn}: put the tenant again` };
        const { retryable, detail } = failureOf(error, signal);
        return { kind: retryable ? 'failed' : 'refused', reason: `the topic ${TopicArn}: ${detail}` };
      }
    },
  };
}

/** Makes a tenant's topic, and closes it: encrypted with the deployment's key, and nothing is taken or given without TLS. */
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  NotFoundException,
  SetTopicAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import * as z from 'zod';
import { DeliveryError } from '../../core/ports/errors.ts';
import { failureOf } from '../aws/errors.ts';

/** By it the statement is found again. */
const WITHOUT_TLS = 'RefuseWithoutTls';

/** IAM takes one statement without a list around it. */
const policySchema = z.looseObject({
  Statement: z.union([
    z.array(z.looseObject({ Sid: z.string().optional() })),
    z.looseObject({ Sid: z.string().optional() }).transform((statement) => [statement]),
  ]),
});

/** A topic's policy may have 30 KB: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html */
const attributesSchema = z.object({
  Policy: z.string().max(30_720).optional(),
  KmsMasterKeyId: z.string().max(2048).optional(),
});

/** @returns The ARN of the topic, which may have been there before. */
export async function createTopic(client: SNSClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new CreateTopicCommand({ Name: name }))).TopicArn;
  } catch (error) {
    throw new DeliveryError(`The topic ${name} could not be made: ${failureOf(error).detail}`, { cause: error });
  }
}

/** Harmless where there is none. */
export async function deleteTopic(client: SNSClient, TopicArn: string): Promise<void> {
  try {
    await client.send(new DeleteTopicCommand({ TopicArn }));
  } catch (error) {
    if (error instanceof NotFoundException) return;
    throw new DeliveryError(`The topic ${TopicArn} could not be deleted: ${failureOf(error).detail}`, { cause: error });
  }
}

/**
 * Adds what the topic lacks, and changes nothing else: what somebody has added to its policy stays. Attributes are set one by
 * one, because CreateTopic refuses a topic that exists with others.
 *
 * @param key The ARN of the key; absent leaves the encryption as it is. Throws `DeliveryError`.
 */
export async function secureTopic(client: SNSClient, topicArn: string, key?: string): Promise<void> {
  try {
    const answer = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    const { Policy, KmsMasterKeyId } = attributesSchema.parse(answer.Attributes ?? {});
    const policy = withoutPlainText(topicArn, Policy);
    if (policy !== undefined) await setAttribute(client, topicArn, 'Policy', policy);
    if (key !== undefined && KmsMasterKeyId !== key) await setAttribute(client, topicArn, 'KmsMasterKeyId', key);
  } catch (error) {
    throw new DeliveryError(
      `The topic ${topicArn} is there, and it could not be secured (encryption, TLS only): ${detailOf(error)}. ` +
        'Your credentials need the rights sns:GetTopicAttributes and sns:SetTopicAttributes.',
      { cause: error },
    );
  }
}

async function setAttribute(client: SNSClient, TopicArn: string, AttributeName: string, AttributeValue: string) {
  await client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
}

/** The policy with the statement that it lacks, or nothing where it has it. */
function withoutPlainText(topicArn: string, text: string | undefined): string | undefined {
  const policy = policySchema.parse(text === undefined ? { Version: '2012-10-17', Statement: [] } : JSON.parse(text));
  if (policy.Statement.some(({ Sid }) => Sid === WITHOUT_TLS)) return undefined;
  const refusal = {
    Sid: WITHOUT_TLS,
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: topicArn,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return JSON.stringify({ ...policy, Statement: [...policy.Statement, refusal] });
}

function detailOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'its policy is malformed';
  return failureOf(error).detail.replace(/\.$/, '');
}

/** The moto server that run.sh started. It keeps the contracts of the stores, the topics, the queues and the organization; rights are not enforced. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

const ENDPOINT = z.url().parse(process.env['MOTO_ENDPOINT']);
export const REGION = 'eu-west-1';

/** moto's own default, to which unknown keys belong. */
export const HOME = '123456789012';

export const CONFIG = {
  endpoint: ENDPOINT,
  region: REGION,
  credentials: { accessKeyId: 'anybody', secretAccessKey: 'any' },
};

export function clients() {
  return {
    dynamodb: new DynamoDBClient(CONFIG),
    organizations: new OrganizationsClient(CONFIG),
    s3: new S3Client(CONFIG),
    sns: new SNSClient(CONFIG),
    sqs: new SQSClient(CONFIG),
  };
}

/** Forgets everything. */
export async function reset(): Promise<void> {
  const response = await fetch(`${ENDPOINT}/moto-api/reset`, { method: 'POST' });
  if (!response.ok) throw new Error(`moto refused to reset: ${await response.text()}`);
}

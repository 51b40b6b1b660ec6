/**
 * The ministack server that run.sh started: how to reach it, and who is who in it. It runs CloudFormation, the deployed
 * functions and their event sources, checks signatures, policies and trusts, and speaks TLS: without it the policies that
 * refuse plain HTTP would refuse everybody.
 *
 * Where it differs from AWS, as far as it matters here:
 * - it wants a right `sns:PublishBatch`, which AWS does not have, and looks for schedules in the default group alone:
 *   rights.ts translates the roles' rights;
 * - its CloudFormation creates resources without a look at the rights of the caller (deployer.acceptance.ts compares them);
 * - a key of 12 digits is the root user of that account, for whom no policy is evaluated;
 * - it hands its own environment on to the functions: run.sh starts it with next to none;
 * - schedules fire by UTC and at rates of minutes or more, whatever their time zone and flexible window;
 * - an event bus is not reached from another account, and nobody but AWS may put events of `aws.*`;
 * - it does not know which partition of a table a request is for (`dynamodb:LeadingKeys`);
 * - items with a `ttl` of a table that CloudFormation made stay;
 * - of a bucket its CloudFormation sets neither the encryption nor the lifecycle nor the owner, and who may not list is answered that an
 *   object is missing, where S3 denies it.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';

export const ENDPOINT = z.url().parse(process.env['MINISTACK_ENDPOINT']);

/** As in the README's commands. */
export const STAGE = 'prod';
export const REGION = 'eu-central-1';
/** The account that Plimsoll runs in. */
export const HOME = '999988887777';
/** The account of the README's tenant, and where its hosts are. */
export const ABROAD = '111122223333';
export const HOST_REGION = 'eu-west-1';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Of an account's root user. */
export function rootOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'test' };
}

/** The clients of somebody with these credentials. */
export function clientsOf(credentials: Credentials, region = REGION) {
  const config = { endpoint: ENDPOINT, region, credentials };
  return {
    cloudformation: new CloudFormationClient(config),
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    iam: new IAMClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client(config),
    scheduler: new SchedulerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    sts: new STSClient(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

/** What the AWS SDKs and the AWS command line read. The certificate's variables are inherited: run.sh sets them. */
export function environmentOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: ENDPOINT,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
}

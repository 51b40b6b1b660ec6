/**
 * What a session of the API may do for its tenant: a policy that narrows the role of all tenants to the keys, objects, topics and
 * queue of one. A check that is forgotten in the API does not cross it.
 */
import { CHAT_SUFFIX } from '../sns/chat-topics.ts';

/**
 * `read` for what is shown; `write` for mutes, labels, incidents, recordings, requests, what these spend and the audit log; `config` for a version
 * of the config, which is entered in the lists of tenants and accounts too, and for the tenant's topics, but not for results.
 */
export type SessionUse = 'read' | 'write' | 'config';

/** Where the data of all tenants are. */
export interface TenantResources {
  readonly tableArn: string;
  readonly configsTableArn: string;
  readonly bucketArn: string;
  readonly keyArn: string;
  /** A tenant's topic is this and its id. */
  readonly topicArnPrefix: string;
  readonly requestQueueArn: string;
}

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

const READ = ['dynamodb:GetItem', 'dynamodb:Query'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];

/**
 * As JSON. STS takes 2,048 characters at most, so that ARNs leave to the role of all tenants which region and account they are in.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function tenantPolicy(tenant: string, use: SessionUse, given: TenantResources): string {
  const resources = shortened(given);
  const statements = [
    ...ofTables(tenant, use, resources),
    // A policy has no room for all, and who stores a config needs no results.
    ...(use === 'config' ? [] : ofBucket(tenant, use, resources)),
    ofTopics(tenant, use, resources),
    ...(use === 'write' ? [{ Action: ['sqs:SendMessage'], Resource: resources.requestQueueArn }] : []),
    // All of these are encrypted with it. Its own policy admits services alone, in whose name nobody calls it.
    { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: resources.keyArn },
  ];
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function shortened(resources: TenantResources): TenantResources {
  const short = (arn: string) => arn.replace(/^(arn:[^:]+:[^:]+):[^:]+:[^:]+:/, '$1:*:*:');
  return {
    tableArn: short(resources.tableArn),
    configsTableArn: short(resources.configsTableArn),
    bucketArn: resources.bucketArn,
    keyArn: short(resources.keyArn),
    topicArnPrefix: short(resources.topicArnPrefix),
    requestQueueArn: short(resources.requestQueueArn),
  };
}

function ofTables(tenant: string, use: SessionUse, { tableArn, configsTableArn }: TenantResources): Statement[] {
  const own = `T#${tenant}`;
  const indexed = ['INCIDENTS', 'EVENTS', 'OPEN'].map((kind) => `${kind}#${tenant}#*`);
  const read = {
    Action: READ,
    Resource: [tableArn, `${tableArn}/index/*`, configsTableArn],
    Condition: withKeys([own, ...indexed, 'DEFAULTS']),
  };
  // Of one tenant whose id is known: a query would name all that were deleted.
  const deleted = { Action: ['dynamodb:GetItem'], Resource: configsTableArn, Condition: withKeys(['DELETED']) };
  const written = { Action: WRITE, Resource: tableArn, Condition: withKeys([own]) };
  // Lists of tenants and accounts are written and never read: they name other tenants.
  const lists = withKeys([own, 'TENANTS', 'ACCOUNT#*']);
  const config = { Action: ['dynamodb:PutItem'], Resource: configsTableArn, Condition: lists };
  return { read: [read], write: [read, written], config: [read, deleted, written, config] }[use];
}

/** Of each key that a request names. A tenant's id has no character that a pattern gives a meaning. */
function withKeys(keys: readonly string[]) {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}

function ofBucket(tenant: string, use: SessionUse, { bucketArn }: TenantResources): Statement[] {
  // Whoever writes starts and stops recordings, and reads nothing of them; nor of scored points.
  const kinds = ['heads', 'results', ...(use === 'read' ? ['recordings', 'anomalies'] : [])];
  const prefixes = kinds.map((kind) => `${kind}/tenant=${tenant}/*`);
  return [
    { Action: ['s3:GetObject'], Resource: prefixes.map((prefix) => `${bucketArn}/${prefix}`) },
    // A list without a prefix is denied. So is, for want of this right, a missing object: its bucket is opened with `narrowed`.
    { Action: ['s3:ListBucket'], Resource: bucketArn, Condition: { StringLike: { 's3:prefix': prefixes } } },
  ];
}

function ofTopics(tenant: string, use: SessionUse, { topicArnPrefix }: TenantResources): Statement {
  const topic = topicArnPrefix + tenant;
  if (use !== 'config') return { Action: ['sns:ListSubscriptionsByTopic'], Resource: topic };
  const made = ['CreateTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'Subscribe', 'SetSubscriptionAttributes'];
  return {
    Action: [...made, 'ListSubscriptionsByTopic'].map((action) => `sns:${action}`),
    Resource: [topic, topic + CHAT_SUFFIX],
  };
}

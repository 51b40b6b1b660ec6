/**
 * The deployer's rights, and what CloudFormation does with them. ministack creates resources without a look at its caller's
 * rights, so that they are compared with the actions that AWS documents for each type of resource in its registry: cfn-lint
 * brings those documents.
 */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { readDeployerActions } from './deployer.ts';

const REGISTRY = '.venv/moto/lib/python*/site-packages/cfnlint/data/schemas/resources/*.json';

const handlerSchema = z.object({ permissions: z.array(z.string()).default([]) }).prefault({});
const typeSchema = z.looseObject({
  typeName: z.string(),
  handlers: z.object({ create: handlerSchema, read: handlerSchema, delete: handlerSchema }).partial().prefault({}),
});
const templateSchema = z.object({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** What the registry lists for properties that no resource of the stack has. */
const NOT_USED: Readonly<Record<string, RegExp>> = {
  'tables are neither imported nor replicated, have no Kinesis stream, and are kept on removal':
    /^AWS::DynamoDB::Table (dynamodb:(AssociateTableReplica|BatchWriteItem|CreateTableReplica|DeleteItem|DeleteTable|.*KinesisStreamingDestination|GetItem|ImportTable|PutItem|PutResourcePolicy|Query|Scan|UpdateContributorInsights|UpdateItem)|kinesis:|logs:|s3:)/,
  'the policy of the key admits whoever uses it through a table, a queue or a topic':
    / kms:(CreateGrant|Decrypt|Encrypt|ListAliases|RevokeGrant|GenerateDataKey|GenerateDataKeyWithoutPlaintext|ReEncrypt.*)$/,
  'the key is kept on removal, enabled and with rotation':
    /^AWS::KMS::Key kms:(DisableKey|DisableKeyRotation|EnableKey|ScheduleKeyDeletion)$/,
  'functions have neither VPC, file system, layer, signing nor settings of their runtime':
    /^AWS::Lambda::Function (ec2:|elasticfilesystem:|s3files:|s3:GetObjectVersion|lambda:(AssociateRuntimeAlias|GetCodeSigningConfig|GetLayerVersion|GetRuntimeManagementConfig|PassCapacityProvider|PutFunctionRecursionConfig|PutFunctionScalingConfig|PutRuntimeManagementConfig))/,
  'logs go nowhere else, and have neither index, mask nor policy':
    /^AWS::Logs::LogGroup (firehose:|s3:|logs:(CreateLogDelivery|.*(IndexPolic|DataProtectionPolicy|ResourcePolic).*|PutBearerTokenAuthentication))/,
  'roles have inline policies alone': /^AWS::IAM::Role iam:(AttachRolePolicy|DetachRolePolicy)$/,
  'buckets have encryption, a lifecycle, an owner, a policy, tags and no public access, and nothing else':
    /^AWS::S3::Bucket (s3tables:|iam:|s3:(ListAllMyBuckets$|(Get|Put|Create)\w*(Abac|Accelerate|Analytics|CORS|IntelligentTiering|Inventory|Logging|MetadataTable|Metrics|Notification|ObjectAcl|ObjectLock|Replication|Versioning|Website)))/,
  'policies of buckets are not listed': /^AWS::S3::BucketPolicy s3:ListAllMyBuckets$/,
  'the catalog has neither connections nor schemas of its own, and the table is no Iceberg one':
    /^AWS::Glue::(Database|Table) (glue:(\w*Connection|GetSchemaVersion)|iam:PassRole|lakeformation:(CreateTable|GetDataAccess)|s3:PutObject)$/,
  'the operator subscribes after the deployment': /^AWS::SNS::Topic sns:(PutDataProtectionPolicy|Subscribe)$/,
  'tags are put on and not taken off': / \w+:(UntagResource|UntagRole|UntagQueue)$/,
  'the stage of the HTTP API is tagged by POST': /^AWS::ApiGatewayV2::Stage apigateway:TagResource$/,
};

describe('the deployer', async () => {
  const granted = (await readDeployerActions()).map((action) => new RegExp(`^${action.replaceAll('*', '.*')}$`, 'i'));
  const template = templateSchema.parse(
    JSON.parse(await readFile(join(inject('folder'), '.serverless/cloudformation-template-update-stack.json'), 'utf8')),
  );
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  const documented = await documentedActions(types);

  it.each([...types].toSorted())('may do what CloudFormation does for a resource of type %s', (type) => {
    const needed = z.array(z.string(), `the registry has no ${type}`).parse(documented.get(type));

    const lacking = needed
      .filter((action) => !granted.some((right) => right.test(action)))
      .map((action) => `${type} ${action}`)
      .filter((line) => !Object.values(NOT_USED).some((reason) => reason.test(line)));

    expect(lacking).toEqual([]);
  });
});

/** For each type what making, reading and deleting it needs, as AWS documents it. */
async function documentedActions(types: ReadonlySet<string>): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const path of glob(REGISTRY)) {
    const text = await readFile(path, 'utf8');
    if (![...types].some((type) => text.includes(`"${type}"`))) continue;
    const { typeName, handlers } = typeSchema.parse(JSON.parse(text));
    const actions = Object.values(handlers).flatMap((handler) => handler?.permissions ?? []);
    if (types.has(typeName)) found.set(typeName, [...new Set(actions)].toSorted());
  }
  return found;
}

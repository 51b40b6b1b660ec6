/** What everything that keeps or passes data on has to have: encryption, TLS, an end to its retention, and no way to lose it. */
import { describe, expect, it } from 'vitest';
import type { Template } from './packaged-service.ts';
import { ofType, referenceOf, resourceOf } from './template.ts';
import { rightsOf } from './wildcards.ts';

const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

/** @param packaged The template, once it is packaged. */
export function itIsHardened(packaged: () => Template): void {
  describe('what the packaged service keeps', () => {
    it.each(['AWS::SQS::Queue', 'AWS::SNS::Topic'])('is encrypted with its own key: every %s', (type) => {
      const found = ofType(packaged(), type);

      const keys = found.map(([id, { Properties }]) => [id, Properties['KmsMasterKeyId']]);
      expect(keys).toEqual(found.map(([id]) => [id, KEY]));
      expect(found.length).toBeGreaterThan(0);
    });

    it('is encrypted with its own key: every table, which can be restored and not be deleted by mistake', () => {
      const tables = ofType(packaged(), 'AWS::DynamoDB::Table');

      expect(tables.map(([id]) => id)).toEqual(['Table', 'ConfigsTable']);
      for (const [, table] of tables) {
        expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
        expect(table.Properties).toMatchObject({
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        });
      }
    });

    it('has a key that is rotated, that outlives the stack, and that takes a month to delete', () => {
      const key = resourceOf(packaged(), 'Key');

      expect(key).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
      });
    });

    it('lets nobody use the key but through a service, for this account', () => {
      const uses = rightsOf(packaged()).filter(
        ({ resource, statement }) => resource === 'Key' && statement.Sid !== 'AdministerByPolicies',
      );

      const unbound = uses.filter(({ statement }) => {
        const condition = JSON.stringify(statement['Condition'] ?? {});
        return !/"kms:CallerAccount"|"aws:SourceAccount"|"kms:EncryptionContext:/.test(condition);
      });
      expect(unbound).toEqual([]);
      expect(uses.length).toBe(5);
    });

    it.each([
      ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'Queues'],
      ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'Topics'],
    ])('is refused without TLS by every %s', (type, policyType, subjects) => {
      const refusing = ofType(packaged(), policyType).filter(([, { Properties }]) => refusesWithoutTls(Properties));

      const closed = refusing.flatMap(([, { Properties }]) => listOf(Properties[subjects]).map(referenceOf));
      expect(closed.toSorted()).toEqual(
        ofType(packaged(), type)
          .map(([id]) => id)
          .toSorted(),
      );
    });

    it('is in closed buckets alone', () => {
      const buckets = ofType(packaged(), 'AWS::S3::Bucket');

      expect(buckets.map(([id]) => id)).toEqual(['ServerlessDeploymentBucket', 'ResultsBucket']);
      for (const [id, { Properties }] of buckets) {
        expect(Properties).toMatchObject({
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          BucketEncryption: expect.anything(),
        });
        expect(refusesWithoutTls(resourceOf(packaged(), `${id}Policy`).Properties)).toBe(true);
      }
    });

    it('is forgotten after a month where it is a log', () => {
      const groups = ofType(packaged(), 'AWS::Logs::LogGroup');

      expect(groups.map(([, { Properties }]) => Properties['RetentionInDays'])).toEqual(groups.map(() => 30));
      expect(groups.length).toBeGreaterThan(0);
    });

    it('names no partition of AWS, so that it is the same in China and for the government', () => {
      const literal = [...JSON.stringify(packaged()).matchAll(/arn:aws[\w-]*:[^"]*|[\w.]+\.amazonaws\.com\.cn/g)];

      expect(literal.map(([text]) => text)).toEqual([]);
    });
  });
}

function refusesWithoutTls(properties: object): boolean {
  const policies = rightsOf({ Resources: { policy: { Type: '', Properties: { ...properties }, Metadata: {} } } });
  return policies.some(
    ({ statement }) =>
      statement.Effect === 'Deny' &&
      statement.Principal === '*' &&
      /^\{"Bool":\{"aws:SecureTransport":"?false"?\}\}$/.test(JSON.stringify(statement['Condition'])),
  );
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Where results are kept, for how long, and how Athena finds them. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anomalyLineSchema } from '../../../../core/model/anomaly-line.ts';
import { resultLineSchema } from '../../../../core/model/result-line.ts';
import type { Template } from './packaged-service.ts';
import { resourceOf } from './template.ts';
import { rightsOf } from './wildcards.ts';

const KEY = { 'Fn::GetAtt': ['Key', 'Arn'] };

const tableSchema = z.object({
  StorageDescriptor: z.looseObject({ Columns: z.array(z.object({ Name: z.string(), Type: z.string() })) }),
  PartitionKeys: z.array(z.object({ Name: z.string(), Type: z.string() })),
});

/** @param packaged The template, once it is packaged. */
export function itKeepsResults(packaged: () => Template): void {
  describe('the results of the packaged service', () => {
    it('are in a bucket that outlives the stack with its policy, without versions', () => {
      const bucket = resourceOf(packaged(), 'ResultsBucket');

      const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
      expect(bucket).toMatchObject(kept);
      expect(resourceOf(packaged(), 'ResultsBucketPolicy')).toMatchObject(kept);
      expect(bucket.Properties).not.toHaveProperty('VersioningConfiguration');
    });

    it('are encrypted with its own key, without a request to KMS for each object', () => {
      const { BucketEncryption } = resourceOf(packaged(), 'ResultsBucket').Properties;

      expect(BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
          },
        ],
      });
    });

    it('belong to the account, whoever writes them', () => {
      const { OwnershipControls } = resourceOf(packaged(), 'ResultsBucket').Properties;

      expect(OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    });

    it('expire after 400 days, states of jobs after thirty, what a run works with after three, and what was learned after eight', () => {
      const { LifecycleConfiguration } = resourceOf(packaged(), 'ResultsBucket').Properties;

      const enabled = { Status: 'Enabled' };
      expect(LifecycleConfiguration).toMatchObject({
        Rules: [
          { ...enabled, Prefix: 'results/', ExpirationInDays: 400 },
          { ...enabled, Prefix: 'heads/', ExpirationInDays: 400 },
          { ...enabled, Prefix: 'anomalies/', ExpirationInDays: 400 },
          { ...enabled, Prefix: 'points/', ExpirationInDays: 30 },
          { ...enabled, Prefix: 'work/', ExpirationInDays: 3 },
          { ...enabled, Prefix: 'baselines/', ExpirationInDays: 8 },
          { ...enabled, Prefix: 'samples/', ExpirationInDays: 8 },
          { ...enabled, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        ],
      });
    });

    it('are listed by the functions that read them, because a missing object counts as denied otherwise', () => {
      const listing = rightsOf(packaged()).filter(({ statement }) => statement.Action === 's3:ListBucket');

      expect(listing.map(({ resource }) => resource).sort()).toEqual([
        'ApiTenantRole',
        'CloseRunsRole',
        'CompactResultsRole',
        'InspectAwsRole',
        'InspectAzureRole',
        'InspectGcpRole',
        'InspectOtlpRole',
        'InspectPrometheusRole',
        'KeepSamplesRole',
        'WatchRole',
      ]);
    });

    it.each([
      ['ResultsTable', resultLineSchema],
      ['AnomaliesTable', anomalyLineSchema],
    ] as const)('are rows of the %s with a column for each field of a line, in that order', (table, schema) => {
      const { StorageDescriptor } = tableOf(packaged(), table);

      // The schema of the text in an object: times are text there.
      const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
      const columns = Object.entries(properties).map(([Name, field]) => ({ Name, Type: typeInAthena(field) }));
      expect(StorageDescriptor.Columns).toEqual(columns);
    });

    it('cannot be queried without a tenant, and are looked for by day', () => {
      const { TableInput } = resourceOf(packaged(), 'ResultsTable').Properties;

      expect(tableOf(packaged()).PartitionKeys).toEqual([
        { Name: 'tenant', Type: 'string' },
        { Name: 'date', Type: 'string' },
      ]);
      const bucket = { Bucket: { Ref: 'ResultsBucket' } };
      expect(TableInput).toMatchObject({
        Parameters: {
          'projection.enabled': 'true',
          'projection.tenant.type': 'injected',
          'projection.date.type': 'date',
          'projection.date.format': 'yyyy-MM-dd',
          'projection.date.range': 'NOW-400DAYS,NOW',
          'storage.location.template': {
            'Fn::Sub': ['s3://${Bucket}/results/tenant=${!tenant}/date=${!date}/', bucket],
          },
        },
      });
    });
  });
}

function tableOf(template: Template, id = 'ResultsTable'): z.output<typeof tableSchema> {
  return tableSchema.parse(resourceOf(template, id).Properties['TableInput']);
}

/** A type of JSON schema, of a field that may be null, as Athena names it. */
function typeInAthena(schema: unknown): string {
  const text = JSON.stringify(schema);
  if (text.includes('"boolean"')) return 'boolean';
  return text.includes('"number"') ? 'double' : 'string';
}

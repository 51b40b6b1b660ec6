/** Where the deployed functions keep results, who reads them, and how Athena finds them. */
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { type Deployment, findDeployment } from './deployment.ts';
import { environmentOf, HOME, REGION, STAGE } from './ministack.ts';
import { createUser } from './principals.ts';
import { openShell, type Shell } from './shell.ts';

const DATABASE = `plimsoll_${STAGE}`;

let deployment: Deployment;
let bucket: string;
/** Who may look at the catalog, and at nothing else. */
let analyst: Shell;

beforeAll(async () => {
  deployment = await findDeployment();
  bucket = deployment.outputs['ResultsBucketName'] ?? '';
  const catalog = ['catalog', `database/${DATABASE}`, `table/${DATABASE}/results`];
  const credentials = await createUser(deployment.root, 'analyst', [
    {
      Effect: 'Allow',
      Action: ['glue:GetTable', 'glue:GetDatabase'],
      Resource: catalog.map((resource) => `arn:aws:glue:${REGION}:${HOME}:${resource}`),
    },
  ]);
  analyst = openShell(inject('folder'), { ...environmentOf(credentials), AWS_DEFAULT_REGION: REGION });
});

describe('the bucket of results', () => {
  it('is closed to the public', async () => {
    const { PublicAccessBlockConfiguration } = await deployment.root.s3.send(
      new GetPublicAccessBlockCommand({ Bucket: bucket }),
    );

    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('refuses what comes without TLS', async () => {
    const { Policy = '' } = await deployment.root.s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));

    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });
});

const tableSchema = z.object({
  Table: z.object({
    StorageDescriptor: z.object({ Location: z.string() }),
    Parameters: z.looseObject({ 'storage.location.template': z.string() }),
  }),
});

describe('the table of results', () => {
  it('is looked for where the functions write, by tenant and day', async () => {
    const answer = await analyst.demand(`aws glue get-table --database-name ${DATABASE} --name results`);

    const { StorageDescriptor, Parameters } = tableSchema.parse(JSON.parse(answer)).Table;
    expect(StorageDescriptor.Location).toBe(`s3://${bucket}/results/`);
    expect(Parameters['storage.location.template']).toBe(`s3://${bucket}/results/tenant=\${tenant}/date=\${date}/`);
    expect(Parameters).toMatchObject({ 'projection.enabled': 'true', 'projection.tenant.type': 'injected' });
  });
});

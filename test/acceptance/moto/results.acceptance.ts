/** The promises of what keeps results and plans, kept on an S3 that others wrote. */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe } from 'vitest';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { createWorkStore } from '../../../adapters/s3/work-store.ts';
import { itKeeps } from '../../contract/check.ts';
import { resultsStoreChecks } from '../../contract/results-store.ts';
import { workStoreChecks } from '../../contract/work-store.ts';
import { clients, REGION, reset } from './moto.ts';

const bucket = 'plimsoll-contract';
const client = clients().s3;

beforeAll(async () => {
  await reset();
  await client.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
});

afterAll(reset);

describe('the store of results on moto', () => {
  itKeeps(resultsStoreChecks, () => createResultsStore({ client, bucket }));
});

describe('the store of plans on moto', () => {
  itKeeps(workStoreChecks, () => createWorkStore({ client, bucket }));
});

/** The sandbox's stores with a fleet in them, and what the function of the API is given to reach them. */
import { randomBytes } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { deploy } from '../sandbox/deployment.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { type FleetRefs, type FleetSize, fillFleet } from './api-fleet.ts';

const ROLE = 'arn:aws:iam::000000000000:role/plimsoll-sandbox-api-tenant';

export interface FilledStores extends AsyncDisposable {
  /** Of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly refs: FleetRefs;
  /** Stores an object of so many bytes, which do not compress; returns its key. */
  putBytes(bytes: number): Promise<string>;
}

/** @param now Epoch milliseconds. */
export async function startStores(size: FleetSize, now: number): Promise<FilledStores> {
  const sandbox = await startSandbox();
  const deployment = await deploy(sandbox);
  sandbox.trust(ROLE, null);
  const refs = await fillFleet(deployment, size, now);
  const { environment, dispatch, s3 } = deployment;
  return {
    refs,
    environment: {
      ...environment,
      KEY_ARN: 'arn:aws:kms:eu-west-1:000000000000:key/1',
      REQUEST_QUEUE_URL: dispatch.requestQueueUrl,
      RELAY_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:000000000000:relay',
      TENANT_ROLE_ARN: ROLE,
      INSPECT_FUNCTION_PREFIX: 'plimsoll-sandbox-inspect-',
      VERSION: '0.0.0',
      API_ISSUERS: '[]',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
    async putBytes(bytes) {
      const key = `bench/${bytes}`;
      await s3.send(new PutObjectCommand({ Bucket: environment.RESULTS_BUCKET, Key: key, Body: randomBytes(bytes) }));
      return key;
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

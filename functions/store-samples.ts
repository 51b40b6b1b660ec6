/** Stores samples that hosts sent, as they come on their queue. */
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createSampleStore } from '../adapters/s3/sample-store.ts';
import type { StoreSamplesPorts } from '../core/ingest/store-samples.ts';
import { type StoreSamplesVariables, storeSamplesVariables } from './environment.ts';
import { createLogger } from './log.ts';
import { storeSampleMessages } from './sample-messages.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections are reused. */
let ports: StoreSamplesPorts | undefined;

export async function handler(event: unknown): Promise<SQSBatchResponse> {
  ports ??= openPorts(storeSamplesVariables());
  return storeSampleMessages(event, { ports, logger });
}

function openPorts({ AWS_REGION: region, RESULTS_BUCKET: bucket }: StoreSamplesVariables): StoreSamplesPorts {
  return { samples: createSampleStore({ client: new S3Client({ region, ...BOUNDED_WAIT }), bucket }) };
}

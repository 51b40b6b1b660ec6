/** Stores samples that hosts sent, as they come on their queue, and what recordings select of them. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse } from 'aws-lambda';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { createRecordingStore } from '../adapters/dynamodb/recording-store.ts';
import { createRecordedSamples } from '../adapters/s3/recorded-samples.ts';
import { createSampleStore } from '../adapters/s3/sample-store.ts';
import type { StoreSamplesPorts } from '../core/ingest/store-samples.ts';
import { recordBatches } from '../core/recordings/record-batches.ts';
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

function openPorts({
  AWS_REGION: region,
  TABLE: table,
  RESULTS_BUCKET: bucket,
}: StoreSamplesVariables): StoreSamplesPorts {
  const s3 = { client: new S3Client({ region, ...BOUNDED_WAIT }), bucket };
  const recordings = createRecordingStore({ client: new DynamoDBClient({ region, ...BOUNDED_WAIT }), table });
  const recorded = createRecordedSamples(s3);
  return {
    samples: createSampleStore(s3),
    record: (batches) => recordBatches(batches, { recordings, samples: recorded }),
  };
}

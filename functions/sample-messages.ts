/** What the function store-samples does with a batch from its queue. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse } from 'aws-lambda';
import { readSampleMessage } from '../adapters/sqs/sample-message.ts';
import { type QueuedBatch, type StoreSamplesPorts, storeSamples } from '../core/ingest/store-samples.ts';
import { InvalidInputError } from '../core/ports/errors.ts';
import { type BatchRecord, recordsOf } from './messages.ts';

export interface SampleMessagesOptions {
  readonly ports: StoreSamplesPorts;
  readonly logger: Logger;
}

/** Samples that are in memory at a time: some 100 MB with what is written of them. */
const MOST_SAMPLES = 500_000;

/**
 * A message whose samples could not be stored returns to the queue, with those of its account; one that cannot be read does so too, until the
 * queue sets it aside as it is: a newer version may have written it.
 */
export async function storeSampleMessages(
  event: unknown,
  { ports, logger }: SampleMessagesOptions,
): Promise<SQSBatchResponse> {
  const records = recordsOf(event, logger);
  const failed = new Set<string>();
  for await (const queued of slicesOf(records, failed, logger)) {
    for (const { tenant, account, ids, error } of await storeSamples(queued, ports)) {
      logger.error('Could not store samples; their messages go back to the queue.', {
        tenant,
        account,
        count: ids.length,
        error,
      });
      for (const id of ids) failed.add(id);
    }
  }
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** As many messages at a time as there is memory for. */
async function* slicesOf(
  records: readonly BatchRecord[],
  failed: Set<string>,
  logger: Logger,
): AsyncGenerator<readonly QueuedBatch[]> {
  let slice: QueuedBatch[] = [];
  let samples = 0;
  for (const { messageId: id, body } of records) {
    try {
      const batch = await readSampleMessage(body);
      slice.push({ id, batch });
      samples += batch.series.reduce((total, { times }) => total + times.length, 0);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      logger.error('A message holds no samples; it is set aside when it has come back some times.', {
        messageId: id,
        issues: error.issues,
      });
      failed.add(id);
    }
    if (samples < MOST_SAMPLES) continue;
    yield slice;
    slice = [];
    samples = 0;
  }
  if (slice.length > 0) yield slice;
}

/**
 * A batch of samples as a message of SQS: its JSON, packed and in base64, because a queue takes text alone. Samples of a host every ten seconds are a
 * twentieth of it then.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type SampleBatch, sampleBatchSchema } from '../../core/model/sample.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/**
 * Bytes of a message: a queue takes 1 MiB with the attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const MOST_MESSAGE_BYTES = 1_000_000;

/** Bytes of the JSON of one message, so that who stores ten of them has the memory. */
const MOST_JSON_BYTES = 8_000_000;

/** The messages of a batch: one, or as many as it takes. A host is in one of them, unless it fills several. */
export async function sampleMessages(batch: SampleBatch): Promise<string[]> {
  const json = JSON.stringify(batch);
  if (Buffer.byteLength(json) <= MOST_JSON_BYTES) {
    const text = (await pack(json)).toString('base64');
    // One series alone always fits: it has as many samples as a batch allows.
    if (text.length <= MOST_MESSAGE_BYTES || batch.series.length < 2) return [text];
  }
  const messages = await Promise.all(halvesOf(batch.series).map((series) => sampleMessages(withSeries(batch, series))));
  return messages.flat();
}

/** Between hosts, as long as there are several: which processes a tree has is only known where its root is in the same message. */
function halvesOf(series: SampleBatch['series']): readonly SampleBatch['series'][] {
  const hosts = [...Map.groupBy(series, ({ host }) => host).values()];
  const halved = <One>(all: readonly One[]) => {
    const middle = Math.ceil(all.length / 2);
    return [all.slice(0, middle), all.slice(middle)];
  };
  return hosts.length > 1 ? halved(hosts).map((part) => part.flat()) : halved(series);
}

function withSeries(batch: SampleBatch, series: SampleBatch['series']): SampleBatch {
  const ids = new Set(series.map(({ host }) => host));
  return { ...batch, series, hosts: batch.hosts.filter(({ id }) => ids.has(id)) };
}

/** Throws `InvalidInputError` where it is no message of samples. */
export async function readSampleMessage(text: string): Promise<SampleBatch> {
  let content: unknown;
  try {
    content = JSON.parse((await unpack(Buffer.from(text, 'base64'), { maxOutputLength: MOST_JSON_BYTES })).toString());
  } catch (cause) {
    throw new InvalidInputError('The message of samples', ['it is no packed JSON in base64'], { cause });
  }
  const parsed = parseInput(sampleBatchSchema, content);
  if (!parsed.success) throw new InvalidInputError('The message of samples', describeIssues(parsed.error).slice(0, 3));
  return parsed.data;
}

/** Hosts that send to this machine: the requests of a deployment's receiver, stored at once instead of queued. */
import { randomUUID } from 'node:crypto';
import { createMetricsReader } from '../../adapters/otlp/reader.ts';
import { type StoreSamplesPorts, storeSamples } from '../../core/ingest/store-samples.ts';
import { SenderVerifier } from '../../core/ingest/verify.ts';
import type { ConfigStore } from '../../core/ports/config-store.ts';
import { DeliveryError } from '../../core/ports/errors.ts';
import type { IngestTokenStore } from '../../core/ports/ingest-token-store.ts';
import type { RecordedSamples, RecordingStore } from '../../core/ports/recording-store.ts';
import type { SampleQueue } from '../../core/ports/sample-queue.ts';
import type { SampleStore } from '../../core/ports/sample-store.ts';
import { recordBatches } from '../../core/recordings/record-batches.ts';
import { answerSender, type SenderPorts } from '../../functions/answer-sender.ts';
import { createLogger } from '../../functions/log.ts';
import { createSelectionSource } from '../../functions/selection-source.ts';
import { createSenderAccounts } from '../../functions/sender-accounts.ts';

export interface SendersPorts {
  readonly configs: Pick<ConfigStore, 'get'>;
  readonly samples: Pick<SampleStore, 'put'>;
  readonly recorded: Pick<RecordedSamples, 'putLive'>;
  readonly recordings: Pick<RecordingStore, 'list'>;
  readonly ingestTokens: Pick<IngestTokenStore, 'get'>;
}

/** The answer to a request of a sender; undefined for all others. */
export type Senders = (request: Request) => Promise<Response> | undefined;

const PATHS: ReadonlySet<string> = new Set(['/v1/metrics', '/v1/selections']);

/** Bytes of a body that are read. One that has more is refused by whoever reads it, which takes 4 MB. */
const MOST_BYTES = 5 * 1024 * 1024;

/** Seconds: requests to this machine cost nothing. */
const REQUESTED_EVERY_S = 60;

/** @param note Gets a line where a request is refused, once for each status in a row: a sender that is refused sends again and again. */
export function createSenders(ports: SendersPorts, note: (text: string) => void): Senders {
  const senderPorts: SenderPorts = {
    verifier: new SenderVerifier({ tokens: ports.ingestTokens, accounts: createSenderAccounts(ports.configs) }),
    reader: createMetricsReader(),
    queue: createDirectQueue({
      samples: ports.samples,
      record: (batches) => recordBatches(batches, { recordings: ports.recordings, samples: ports.recorded }),
    }),
    selections: createSelectionSource(ports.recordings, REQUESTED_EVERY_S),
  };
  const context = { ports: senderPorts, logger: createLogger({ logLevel: 'SILENT' }), emit: () => undefined };
  let last = 200;
  return (request) => {
    const { pathname } = new URL(request.url);
    if (!PATHS.has(pathname)) return undefined;
    return answer(request, context, note).then((response) => {
      if (response.status >= 400 && response.status !== last)
        note(`A sender was refused at ${pathname} with ${response.status}; the answer to it states why.`);
      last = response.status;
      return response;
    });
  };
}

/** A queue without a wait: a batch is stored when it is taken. Throws `DeliveryError` where it is not, and the sender sends again. */
function createDirectQueue(ports: StoreSamplesPorts): SampleQueue {
  return {
    async send(batch) {
      const [failed] = await storeSamples([{ id: randomUUID(), batch }], ports);
      if (failed === undefined) return;
      const detail = failed.error instanceof Error ? failed.error.message : String(failed.error);
      throw new DeliveryError(`The samples could not be stored: ${detail}`, { cause: failed.error });
    },
  };
}

type Context = Omit<Parameters<typeof answerSender>[1], 'now'>;

async function answer(request: Request, context: Context, note: (text: string) => void): Promise<Response> {
  try {
    const event = await eventOf(request);
    const {
      statusCode,
      headers = {},
      body = '',
      isBase64Encoded,
    } = await answerSender(event, { ...context, now: Date.now() });
    const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
    return new Response(statusCode === 304 ? null : bytes, { status: statusCode ?? 200, headers: textsOf(headers) });
  } catch (error) {
    // It may be over by the next time; the sender keeps what it has.
    note(
      `error: a request of a sender failed, and is sent again: ${error instanceof Error ? error.message : String(error)}`,
    );
    return new Response(null, { status: 503, headers: { 'Retry-After': '30' } });
  }
}

/** As the HTTP API of a deployment hands it on: payload 2.0. */
async function eventOf(request: Request): Promise<object> {
  const { pathname, searchParams } = new URL(request.url);
  return {
    version: '2.0',
    rawPath: pathname,
    headers: Object.fromEntries(request.headers),
    queryStringParameters: Object.fromEntries(searchParams),
    requestContext: { http: { method: request.method } },
    body: (await bodyOf(request)).toString('base64'),
    isBase64Encoded: true,
  };
}

/** Up to the bound, where it stops reading. */
async function bodyOf({ body }: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function textsOf(headers: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

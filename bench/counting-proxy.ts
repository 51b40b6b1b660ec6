/** Passes requests of AWS clients on, and counts them and what they read. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { close, listen } from '../sandbox/wire/listen.ts';

/** Bytes of a read unit of DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html */
const UNIT_BYTES = 4096;

export interface Counts {
  readonly dynamodb: number;
  /** At most: texts on the wire are longer than items. */
  readonly readUnits: number;
  readonly s3: number;
  readonly s3Bytes: number;
  readonly sts: number;
}

export interface CountingProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** Since it was called last. */
  take(): Counts;
}

const NONE: Counts = { dynamodb: 0, readUnits: 0, s3: 0, s3Bytes: 0, sts: 0 };

/** @param target Where requests go. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  let counts = NONE;
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { url = '/', method, headers } = incoming;
    const forwarded = send(new URL(url, target), { method, headers, agent });
    forwarded.end(body);
    const [response]: IncomingMessage[] = await once(forwarded, 'response');
    if (response === undefined) throw new Error('there is no response');
    const answer = await buffer(response);
    counts = counted(counts, incoming, body, answer.length);
    outgoing.writeHead(response.statusCode ?? 502, response.headers).end(answer);
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    take() {
      const taken = counts;
      counts = NONE;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await close(server);
    },
  };
}

function counted(counts: Counts, { headers, method }: IncomingMessage, body: Buffer, bytes: number): Counts {
  if (headers['x-amz-target'] !== undefined) {
    const isConsistent = body.includes('"ConsistentRead":true');
    const units = Math.max(1, Math.ceil(bytes / UNIT_BYTES)) * (isConsistent ? 1 : 0.5);
    return { ...counts, dynamodb: counts.dynamodb + 1, readUnits: counts.readUnits + units };
  }
  if (method === 'GET') return { ...counts, s3: counts.s3 + 1, s3Bytes: counts.s3Bytes + bytes };
  return { ...counts, sts: counts.sts + 1 };
}

/** The child of bench/api.ts: the function of the API in a process of its own, as large as its Lambda. Takes orders, one at a time. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { TENANT } from './api-fleet.ts';
import { type Answer, type Order, orderSchema } from './api-requests.ts';

const began = performance.now();
const { open } = await import('../functions/api.ts');
const { apiVariables } = await import('../functions/environment.ts');
const variables = apiVariables();
const bare = new S3Client({});
let handler = await open(variables);

const responseSchema = z.object({
  statusCode: z.number(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

type Event = Parameters<typeof handler>[0];

const IAM = {
  accessKey: 'key',
  accountId: '000000000000',
  callerId: 'id',
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: 'arn:aws:iam::000000000000:user/ada',
  userId: 'id',
};

/** As the gateway writes it of a request that IAM has let through. */
function eventOf({ path, body }: Extract<Order, { kind: 'request' }>): Event {
  const [pathname = '', rawQueryString = ''] = `/iam/api/v1/tenants/${TENANT}/${path}`.split('?');
  const method = body === undefined ? 'GET' : 'POST';
  return {
    version: '2.0',
    routeKey: 'ANY /iam/{proxy+}',
    rawPath: pathname,
    rawQueryString,
    headers: {
      host: 'plimsoll.example.com',
      'accept-encoding': 'gzip',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      authorizer: { iam: IAM },
      domainName: 'plimsoll.example.com',
      domainPrefix: 'plimsoll',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      requestId: 'request',
      routeKey: 'ANY /iam/{proxy+}',
      stage: '$default',
      time: '29/Nov/2026:12:00:00 +0000',
      timeEpoch: 0,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  } as unknown as Event;
}

interface Got {
  readonly status: number;
  readonly body: Uint8Array;
  readonly isPacked: boolean;
}

async function request(order: Extract<Order, { kind: 'request' }>): Promise<Got> {
  const { statusCode, body = '', isBase64Encoded } = responseSchema.parse(await handler(eventOf(order)));
  const isPacked = isBase64Encoded === true;
  return { status: statusCode, body: Buffer.from(body, isPacked ? 'base64' : 'utf8'), isPacked };
}

async function get(key: string): Promise<Got> {
  const { Body } = await bare.send(new GetObjectCommand({ Bucket: variables.RESULTS_BUCKET, Key: key }));
  return { status: 200, body: (await Body?.transformToByteArray()) ?? new Uint8Array(), isPacked: false };
}

async function obey(order: Order): Promise<Got> {
  if (order.kind === 'request') return request(order);
  if (order.kind === 'get') return get(order.key);
  handler = await open(variables);
  return { status: 200, body: new Uint8Array(), isPacked: false };
}

async function measured(work: () => Promise<Got>, since = performance.now()): Promise<Answer> {
  const cpu = process.cpuUsage();
  const { status, body, isPacked } = await work();
  const milliseconds = performance.now() - since;
  const { user, system } = process.cpuUsage(cpu);
  return {
    status,
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
    bytes: isPacked ? gunzipSync(body).length : body.length,
    sentBytes: body.length,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

process.on('message', async (message) => {
  const order = orderSchema.parse(message);
  process.send?.(await measured(() => obey(order)));
});
// How long it took to load.
process.send?.(await measured(async () => ({ status: 200, body: new Uint8Array(), isPacked: false }), began));

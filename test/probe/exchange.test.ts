import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostOf } from '../../core/ingest/host-of.ts';
import { createExchange } from '../../probe/exchange.ts';
import { hostAttributes } from '../../probe/otlp.ts';

let server: Server;
let url: string;
let status: number;
let takesPacked: boolean;
const requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', headers: request.headers });
    const isRefused = !takesPacked && request.headers['content-encoding'] !== undefined;
    response.writeHead(isRefused ? 415 : status, { location: '/elsewhere', etag: '"two"' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  status = 200;
  takesPacked = true;
  requests.length = 0;
});

const exchange = () => createExchange({ url, token: () => 'plt_secret', userAgent: 'plimsoll-record/1' });

describe('a request for selections', () => {
  it('names the host as its samples do, so that recordings by name and label select it', async () => {
    const host = { id: 'h-1', name: 'web & 1', os: 'linux', labels: { 'service.name': 'checkout=1' } };
    const answer = await exchange().getSelections(hostAttributes(host), '"one"');

    const [request] = requests;
    const sent = new Map(new URL(request?.url ?? '', url).searchParams);
    expect(hostOf(sent, { keepAttributes: [], commandPatterns: [] })).toEqual({
      id: 'h-1',
      name: 'web & 1',
      labels: { 'os.type': 'linux', 'service.name': 'checkout=1' },
    });
    expect(request?.headers['if-none-match']).toBe('"one"');
    expect(answer).toEqual({ status: 200, body: '{}', etag: '"two"' });
  });

  it('follows no redirect: the token is for one address', async () => {
    status = 302;
    expect(await exchange().getSelections({}, undefined)).toMatchObject({ status: 302 });
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer plt_secret']);
  });
});

describe('a request with samples', () => {
  const encodings = () => requests.map(({ headers }) => headers['content-encoding']);

  it('is packed', async () => {
    expect(await exchange().postMetrics('{}')).toMatchObject({ status: 200 });
    expect(encodings()).toEqual(['gzip']);
  });

  it('is sent unpacked where packed JSON is not taken, and so are all that follow', async () => {
    takesPacked = false;
    const { postMetrics } = exchange();

    const answers = [await postMetrics('{}'), await postMetrics('{}')];

    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(encodings()).toEqual(['gzip', undefined, undefined]);
  });
});

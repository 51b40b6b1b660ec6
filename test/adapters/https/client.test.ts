import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type AddressRules, addressRules } from '../../../adapters/https/addresses.ts';
import { createHttpsClient, type HttpsClientOptions } from '../../../adapters/https/client.ts';
import type { HttpsRequest } from '../../../core/ports/https-client.ts';
import { listeningSecurely } from '../../fixtures/https-server.ts';

/** Of tests that need a server: no operator can allow loopback. */
const ANY: AddressRules = { public: () => undefined, listed: () => undefined };

const SECRET = 'T00-the-secret-of-the-url';

function aRequest(url: string, overrides: Partial<HttpsRequest> = {}): HttpsRequest {
  return { url: new URL(url), headers: { authorization: SECRET }, body: '{}', allowsPrivate: false, ...overrides };
}

/** A resolver for which every name stands for these addresses. */
function standingFor(...addresses: readonly string[]): NonNullable<HttpsClientOptions['resolve']> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_host, _options, callback) => callback(null, found);
}

/** A server that answers for `receiver.test`, and a client that finds it. */
async function aWorld(answer: RequestListener, options: Partial<HttpsClientOptions> = {}) {
  const { port, ca } = await listeningSecurely(answer);
  const client = createHttpsClient({ rules: ANY, resolve: standingFor('127.0.0.1'), ...options });
  return { client, request: aRequest(`https://receiver.test:${port}/hook/${SECRET}`, { ca }) };
}

describe('the client of endpoints that tenants name', () => {
  const closed = createHttpsClient({ rules: addressRules(['10.0.0.0/8']) });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://10.0.0.1/',
    'http://hooks.slack.com/services/x',
    'https://user:password@hooks.slack.com/',
  ])('refuses %s before it connects', async (url) => {
    expect(await closed.post(aRequest(url))).toEqual({ kind: 'refused', reason: expect.any(String) });
  });

  it.each([['127.0.0.1'], ['169.254.169.254'], ['10.0.0.1'], ['::ffff:127.0.0.1'], ['8.8.8.8', '192.168.0.1']])(
    'refuses a name that stands for %s when it connects',
    async (...addresses) => {
      const client = createHttpsClient({ rules: addressRules([]), resolve: standingFor(...addresses) });

      const answer = await client.post(aRequest(`https://hooks.slack.com/services/${SECRET}`));

      expect(answer).toEqual({ kind: 'refused', reason: expect.stringContaining('hooks.slack.com stands for') });
      expect(JSON.stringify(answer)).not.toContain(SECRET);
    },
  );

  it('posts the body, and gives back the status and the answer', async () => {
    const seen: unknown[] = [];
    const { client, request } = await aWorld(async (incoming, response) => {
      seen.push(incoming.method, incoming.headers.authorization, await Array.fromAsync(incoming, String));
      response.writeHead(202).end('accepted');
    });

    const answer = await client.post({ ...request, body: '{"ä":1}' });

    expect(seen).toEqual(['POST', SECRET, ['{"ä":1}']]);
    expect(answer).toEqual({ kind: 'answered', status: 202, retryAfterMs: undefined, body: 'accepted' });
  });

  it('follows no redirect', async () => {
    let requests = 0;
    const { client, request } = await aWorld((incoming, response) => {
      requests++;
      response.writeHead(302, { location: `https://${incoming.headers.host}/other` }).end();
    });

    const answer = await client.post(request);

    expect(answer).toMatchObject({ kind: 'answered', status: 302 });
    expect(requests).toBe(1);
  });

  it('refuses a server whose certificate nobody it trusts has issued', async () => {
    const { client, request } = await aWorld((_, response) => response.end());

    const answer = await client.post({ ...request, ca: undefined });

    expect(answer).toEqual({ kind: 'failed', reason: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
  });

  it('reads 64 KiB of an answer and no more', async () => {
    const { client, request } = await aWorld((_, response) => {
      response.write(Buffer.alloc(200_000, 'x'));
    });

    const answer = await client.post(request);

    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(answer.kind === 'answered' && answer.body.length).toBe(64 * 1024);
  });

  it.each<[string, RequestListener]>([
    ['does not answer', () => undefined],
    ['never ends its answer', (_, response) => void response.write('{')],
  ])('gives a server up that %s', async (_, answer) => {
    const { client, request } = await aWorld(answer, { waitMs: 50 });

    expect(await client.post(request)).toEqual({ kind: 'failed', reason: 'receiver.test did not answer in time' });
  });

  it('repeats nothing of the URL but its host when nobody listens', async () => {
    const { client, request } = await aWorld(() => undefined, { resolve: standingFor('127.0.0.1') });

    const answer = await client.post({ ...request, url: new URL(`https://receiver.test:1/hook/${SECRET}`) });

    expect(answer).toEqual({ kind: 'failed', reason: 'receiver.test could not be reached: ECONNREFUSED' });
  });

  it('repeats nothing of a header that cannot be sent', async () => {
    const { client, request } = await aWorld(() => undefined);

    const answer = await client.post({ ...request, headers: { authorization: `${SECRET}\nx: y` } });

    expect(answer).toEqual({ kind: 'failed', reason: expect.stringContaining('ERR_INVALID_CHAR') });
    expect(JSON.stringify(answer)).not.toContain(SECRET);
  });

  it.each([
    ['30', 30_000],
    ['999999999', 3_600_000],
    ['Fri, 01 Jan 2016 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('reads Retry-After: %s', async (header, expected) => {
    const { client, request } = await aWorld((_, response) => response.writeHead(429, { 'retry-after': header }).end());

    expect(await client.post(request)).toMatchObject({ status: 429, retryAfterMs: expected });
  });
});

/** What goes over the wire for each way of authorising, seen by a server on loopback. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { OAuth2Client } from 'google-auth-library';
import { describe, expect, it } from 'vitest';
import { basicAuth } from '../../../adapters/promql/authorise/basic.ts';
import { bearerAuth } from '../../../adapters/promql/authorise/bearer.ts';
import { entraAuth } from '../../../adapters/promql/authorise/entra.ts';
import { googleAuth } from '../../../adapters/promql/authorise/google.ts';
import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import { sigV4Auth } from '../../../adapters/promql/authorise/sigv4.ts';
import type { Authorise } from '../../../adapters/promql/connection.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import { promqlSource } from '../../../adapters/promql/source.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { aRetryClock } from '../../../sandbox/retry-clock.ts';
import { listening } from '../../fixtures/listening.ts';
import { readAll } from './worlds.ts';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const EMPTY = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } });

/** What a server sees of the first request of a read. */
async function firstRequest(authorise: Authorise, orgId?: string): Promise<Seen> {
  const seen: Seen[] = [];
  const url = await listening(async (request, response) => {
    const { method, url: path, headers } = request;
    seen.push({ method, path, headers, body: await text(request) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(EMPTY);
  });
  await readAll(sourceAt(url, authorise, orgId));
  const [first] = seen;
  if (first === undefined) throw new Error('the server saw nothing');
  return first;
}

function sourceAt(url: string, authorise: Authorise, orgId?: string) {
  const connection = { url: new URL(`${url}/base/`), authorise, http: promqlHttp(), ...(orgId && { orgId }) };
  return promqlSource({ account: 'prom', connection, clock: aRetryClock() });
}

const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'the-secret-key', sessionToken: 'the-session' };

describe('a request to Prometheus', () => {
  it('is a form that is posted below the path of the URL', async () => {
    const { method, path, headers, body } = await firstRequest(unauthorised);

    expect({ method, path }).toEqual({ method: 'POST', path: '/base/api/v1/query' });
    expect(headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded', 'accept-encoding': 'gzip' });
    expect(headers).not.toHaveProperty('authorization');
    expect(new URLSearchParams(body).get('query')).toContain('node_memory_MemTotal_bytes');
  });

  it('names the tenant of Mimir where there is one', async () => {
    expect((await firstRequest(unauthorised, 'acme')).headers['x-scope-orgid']).toBe('acme');
    expect((await firstRequest(unauthorised)).headers).not.toHaveProperty('x-scope-orgid');
  });

  it('carries a user name and password', async () => {
    const { headers } = await firstRequest(basicAuth(async () => 'reader:pässword:1'));

    expect(headers.authorization).toBe(`Basic ${Buffer.from('reader:pässword:1').toString('base64')}`);
  });

  it('carries a token, without the line break of its file', async () => {
    expect((await firstRequest(bearerAuth(async () => 'abc.def-1\n'))).headers.authorization).toBe('Bearer abc.def-1');
  });

  it('carries a token of Entra for Azure Monitor workspaces', async () => {
    const scopes: unknown[] = [];
    const credential = {
      async getToken(scope: string | string[]) {
        scopes.push(scope);
        return { token: 'of-entra', expiresOnTimestamp: Number.POSITIVE_INFINITY };
      },
    };

    const { headers } = await firstRequest(entraAuth(credential));

    expect(headers.authorization).toBe('Bearer of-entra');
    expect(new Set(scopes)).toEqual(new Set(['https://prometheus.monitor.azure.com/.default']));
  });

  it('carries a token of Google', async () => {
    const client = new OAuth2Client();
    client.setCredentials({ access_token: 'of-google', expiry_date: Date.now() + 3_600_000 });

    expect((await firstRequest(googleAuth(async () => client))).headers.authorization).toBe('Bearer of-google');
  });

  it.each(['aps', 'monitoring'] as const)(
    'carries a signature for %s that holds for its body and path',
    async (service) => {
      const sign = sigV4Auth({ service, region: 'eu-central-1', credentials: KEYS });

      const seen = await firstRequest(sign);

      expect(seen.headers.authorization).toBe(signatureOf(seen, service, 'eu-central-1'));
      expect(seen.headers['x-amz-security-token']).toBe(KEYS.sessionToken);
      expect(JSON.stringify(seen)).not.toContain(KEYS.secretAccessKey);
    },
  );
});

describe('a sign-in that fails', () => {
  const denied = new SourceError('cannot sign in', { reason: 'denied', retryable: false, stage: 'sign_in' });
  const refused = async () => {
    throw denied;
  };
  it.each<[string, Authorise]>([
    ['a secret without a password', basicAuth(async () => 'reader')],
    ['a token with a line break', bearerAuth(async () => 'abc\r\nx-other: 1')],
    ['a secret that cannot be read', bearerAuth(refused)],
    ['Entra refuses', entraAuth({ getToken: refused })],
    ['Entra gives no token', entraAuth({ getToken: async () => null })],
    ['Google refuses', googleAuth(refused)],
    ['AWS has no credentials', sigV4Auth({ service: 'aps', region: 'eu-west-1', credentials: refused })],
  ])('ends the read before anything is sent: %s', async (_, authorise) => {
    let requests = 0;
    const url = await listening((_request, response) => {
      requests++;
      response.end(EMPTY);
    });

    const reading = readAll(sourceAt(url, authorise));

    await expect(reading).rejects.toMatchObject({ name: 'SourceError', stage: 'sign_in', retryable: false });
    expect(requests).toBe(0);
  });

  it('never repeats the secret', async () => {
    const reading = readAll(
      sourceAt(
        'http://127.0.0.1:9',
        bearerAuth(async () => 'top secret token'),
      ),
    );

    await expect(reading).rejects.toThrow(expect.not.stringContaining('top secret'));
  });
});

describe('a redirect', () => {
  it('is followed nowhere, so that credentials stay with their host', async () => {
    const elsewhere: unknown[] = [];
    const other = await listening((request, response) => {
      elsewhere.push(request.headers);
      response.end(EMPTY);
    });
    const url = await listening((_request, response) => {
      response.writeHead(307, { location: `${other}/api/v1/query` }).end();
    });

    const reading = readAll(
      sourceAt(
        url,
        bearerAuth(async () => 'secret'),
      ),
    );

    await expect(reading).rejects.toThrow(/redirects to 127\.0\.0\.1:\d+ \(HTTP 307\), which is not followed/);
    expect(elsewhere).toEqual([]);
  });
});

/** AWS' algorithm, written down once more: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ method, path, headers, body }: Seen, service: string, region: string): string {
  const [, names = ''] = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '') ?? [];
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const time = String(headers['x-amz-date']);
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const canonical = [method, path, '', signed.join(''), names, sha256(body)].join('\n');
  const key = [time.slice(0, 8), region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${KEYS.secretAccessKey}`,
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${KEYS.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac('sha256', key).update(content).digest();
}

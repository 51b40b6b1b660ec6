/** The API and the page at one address: files, headers, and what reaches the API. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createServer, type RequestKind } from '../../functions/api-server.ts';
import { openPage } from '../../functions/page-files.ts';

const FILES = {
  'index.html': '<!doctype html><title>page</title>',
  'icon.svg': '<svg/>',
  'assets/main-1a2b.js': 'script',
  'assets/main-1a2b.js.br': 'script in brotli',
  'assets/main-1a2b.js.gz': 'script in gzip',
  'assets/style-3c4d.css': 'style',
  'assets/style-3c4d.css.gz': 'style in gzip',
  'assets/main-1a2b.js.map': 'sources',
  '.sources': 'a hash',
};

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-page-'));
await mkdir(join(folder, 'assets'));
await Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(folder, name), text)));
afterAll(() => rm(folder, { recursive: true }));

const measured: [RequestKind, number][] = [];
const api = new Hono();
const environmentSchema = z.object({ caller: z.string().optional() });
api.all('/api/v1/big', (context) => context.json({ text: 'x'.repeat(5000) }, 200, { ETag: '"3"' }));
api.all('/api/v1/lines/:bytes', ({ req }) => {
  const part = new TextEncoder().encode(`${'x'.repeat(99_999)}\n`);
  const parts = Array<Uint8Array>(Number(req.param('bytes')) / 100_000).fill(part);
  return new Response(ReadableStream.from(parts), { headers: { 'content-type': 'application/x-ndjson' } });
});
api.all('/api/v1/*', async (context) =>
  context.json({
    path: context.req.path,
    ...environmentSchema.parse(context.env),
    body: await context.req.text(),
  }),
);
api.onError(() => new Response(null, { status: 500 }));

const server = createServer({
  api,
  page: await openPage(folder),
  issuers: [
    { issuer: 'https://login.example.com/acme', origins: [] },
    { issuer: 'https://pool.example.com/eu_1', origins: ['https://signin.example.com'] },
  ],
  measured: (kind, _, status) => measured.push([kind, status]),
});

const get = (path: string, headers: Record<string, string> = {}) =>
  server.request(`https://plimsoll.example.com${path}`, { headers }, { caller: 'ada' });

describe('the page', () => {
  it.each(['/', '/acme', '/acme/incidents/abc', '/index.html', '/apis', '/.sources', '/assets-of-acme'])(
    'is its one document at %s, which a browser requests anew each time',
    async (path) => {
      const response = await get(path);

      expect(await response.text()).toBe(FILES['index.html']);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('has files with hashed names, which a browser keeps for ever', async () => {
    const response = await get('/assets/style-3c4d.css');

    expect(await response.text()).toBe('style');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br', 'script in brotli'],
    ['gzip', 'gzip', 'script in gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'script in gzip'],
    ['*', 'br', 'script in brotli'],
    ['identity', null, 'script'],
    ['', null, 'script'],
  ])('comes compressed as a browser takes it: %j', async (accepted, encoding, text) => {
    const response = await get('/assets/main-1a2b.js', { 'accept-encoding': accepted });

    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toBe('Accept-Encoding');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(text);
  });

  it.each([
    '/assets/main-of-before.js',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/main-1a2b.js.map',
    '/assets/main-1a2b.js.br',
  ])('has no file %s', async (path) => {
    const response = await get(path);

    expect(await response.text()).not.toContain('dependencies');
    expect(response.status === 404 || response.headers.get('content-type')?.startsWith('text/html')).toBe(true);
  });

  it('is not sent again where the browser has it', async () => {
    const tag = (await get('/')).headers.get('etag') ?? '';

    const response = await get('/', { 'if-none-match': tag });

    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  it('takes no writes', async () => {
    const response = await server.request('https://plimsoll.example.com/', { method: 'POST' });

    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('every answer', () => {
  it.each(['/', '/assets/main-1a2b.js', '/assets/none.js', '/api/v1/me', '/iam/api/v1/me'])(
    'has the headers that keep other pages out: %s',
    async (path) => {
      const { headers } = await get(path);

      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; connect-src 'self' https://login.example.com https://pool.example.com https://signin.example.com; " +
          "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('is counted by what it is about', async () => {
    measured.length = 0;
    await get('/');
    await get('/api/v1/tenants/acme/overview');
    await get('/iam/api/v1/tenants/acme/hosts/abc/memory');
    await server.request('https://plimsoll.example.com/api/v1/tenants/acme/mutes', { method: 'POST' }, {});

    expect(measured).toEqual([
      ['page', 200],
      ['read', 200],
      ['memory', 200],
      ['write', 200],
    ]);
  });
});

describe('the API', () => {
  it('gets what the server hands over, and the body as it came', async () => {
    const response = await server.request(
      'https://plimsoll.example.com/api/v1/me',
      { method: 'POST', body: '{"reason":"ß"}', headers: { 'content-type': 'application/json' } },
      { caller: 'ada' },
    );

    expect(await response.json()).toEqual({ path: '/api/v1/me', caller: 'ada', body: '{"reason":"ß"}' });
  });

  it('has the same routes below /iam', async () => {
    const response = await server.request(
      'https://plimsoll.example.com/iam/api/v1/me',
      { method: 'PUT', body: '{}' },
      { caller: 'iam' },
    );

    expect(await response.json()).toEqual({ path: '/api/v1/me', caller: 'iam', body: '{}' });
  });

  it('compresses what is large, and keeps its version', async () => {
    const response = await get('/api/v1/big', { 'accept-encoding': 'gzip' });

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('etag')).toBe('W/"3"');
    expect((await response.arrayBuffer()).byteLength).toBeLessThan(500);
  });

  it('has no page at an address of its own', async () => {
    const statuses = await Promise.all(['/api/v2/me', '/iam/other'].map(async (path) => (await get(path)).status));

    expect(statuses).toEqual([404, 404]);
  });
});

describe('lines in Lambda', () => {
  const lines = (bytes: number, encoding: string) => get(`/api/v1/lines/${bytes}`, { 'accept-encoding': encoding });

  it.each([
    [4_500_000, 'identity', 200],
    [4_600_000, 'identity', 413],
    [20_000_000, 'gzip', 200],
  ])('of %i bytes as %s are %i', async (bytes, encoding, status) => {
    const response = await lines(bytes, encoding);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
    const body = await response.arrayBuffer();
    // As base64, below what Lambda may answer.
    expect(body.byteLength).toBeLessThan(4_600_000);
    if (status === 413) expect(new TextDecoder().decode(body)).toContain('plimsoll results --json');
  });
});

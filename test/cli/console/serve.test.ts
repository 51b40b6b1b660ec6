import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Served, serveConsole } from '../../../cli/console/serve.ts';
import { createLocalApi } from '../../../cli/local-api/app.ts';
import { anApi } from '../../api/an-api.ts';
import { aTenantConfig } from '../../fixtures/builders.ts';

let folder: string;
let served: Served;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Plimsoll</title>');
  const api = createLocalApi((await anApi([aTenantConfig()])).ports, { name: 'you' });
  served = await serveConsole({ api, folder, port: 0 });
  port = Number(new URL(served.origin).port);
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The status of a request with this Host header, which `fetch` does not let anybody set. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/api/v1/me', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('plimsoll console on this machine', () => {
  it('serves page and API at one address, to a caller who is an admin of every tenant', async () => {
    const page = await fetch(`${served.origin}/t/acme/hosts`);
    const me = await fetch(`${served.origin}/api/v1/me`);

    expect(await page.text()).toContain('<title>Plimsoll</title>');
    expect(await me.json()).toEqual({
      kind: 'local',
      name: 'you',
      tenants: [{ tenant: 'acme', name: null, role: 'admin' }],
    });
  });

  it('sends the headers of a deployment', async () => {
    const { headers } = await fetch(served.origin);

    expect(headers.get('content-security-policy')).toContain("default-src 'self'; connect-src 'self';");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('listens to this machine alone, and answers to no other name', async () => {
    expect(new URL(served.origin).hostname).toBe('127.0.0.1');
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusFor('attacker.example')).toBe(403);
  });

  it('refuses what a foreign page writes', async () => {
    const response = await fetch(`${served.origin}/api/v1/tenants/acme/mutes`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://attacker.example' },
      body: '{}',
    });

    expect(response.status).toBe(403);
  });

  it('states that a port is taken', async () => {
    const api = createLocalApi((await anApi([])).ports, { name: 'you' });

    await expect(serveConsole({ api, folder, port })).rejects.toThrow(
      `Port ${port} cannot be used (EADDRINUSE). Give another one with --port, or none.`,
    );
  });
});

describe('a console of one tenant', () => {
  it('knows no other', async () => {
    const { ports } = await anApi([aTenantConfig(), aTenantConfig({ tenant: 'globex' })]);
    const api = createLocalApi(ports, { name: 'you', tenant: 'acme' });

    const known = await api.request('/api/v1/tenants/acme/config');
    const other = await api.request('/api/v1/tenants/globex/config');

    expect([known.status, other.status]).toEqual([200, 404]);
  });
});

describe('a console with a key', () => {
  const KEY = 'k'.repeat(32);
  let own: Served;
  const post = (key: string) =>
    fetch(`${own.origin}/local-token`, { method: 'POST', headers: { Authorization: `Bearer ${key}` } });
  const statusOf = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(own.origin + path, { headers })).status;

  beforeAll(async () => {
    const api = createLocalApi((await anApi([aTenantConfig()])).ports, { name: 'you' });
    own = await serveConsole({ api, folder, port: 0, key: KEY });
  });
  afterAll(() => own[Symbol.asyncDispose]());

  it.each(['/api/v1/me', '/iam/api/v1/me', '/%61pi/v1/me', '/api/v1/me?key=KEY'])(
    'answers nothing of the API at %s without a token',
    async (path) => {
      const headers = { Authorization: `Bearer ${KEY}`, Cookie: `plimsoll-${port}=${KEY}` };

      for (const given of [{}, headers]) {
        const response = await fetch(own.origin + path.replace('KEY', KEY), { headers: given });
        expect(await response.text()).not.toContain('acme');
        expect(response.headers.get('set-cookie')).toBeNull();
      }
    },
  );

  it('exchanges its key once for another secret, which opens the API as a header', async () => {
    const wrong = await post('x'.repeat(32));
    const first = await post(KEY);
    const second = await post(KEY);
    const { token } = z.object({ token: z.string().min(32) }).parse(await first.json());

    expect([wrong.status, first.status, second.status]).toEqual([401, 200, 401]);
    expect(token).not.toBe(KEY);
    expect(first.headers.get('set-cookie')).toBeNull();
    expect(await statusOf('/api/v1/me', { Authorization: `Bearer ${token}` })).toBe(200);
    expect(await statusOf('/api/v1/me', { Cookie: `token=${token}` })).toBe(401);
    expect(await statusOf(`/api/v1/me?key=${token}`)).toBe(401);
  });

  it('serves the page to whoever comes, and redirects nobody', async () => {
    const response = await fetch(`${own.origin}//attacker.example/?key=${KEY}`, { redirect: 'manual' });

    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
  });
});

describe('a console that receives', () => {
  const TOKEN = 't'.repeat(32);
  let own: Served;
  const send = (headers: Record<string, string>) => fetch(`${own.origin}/v1/metrics`, { method: 'POST', headers });

  beforeAll(async () => {
    const api = createLocalApi((await anApi([aTenantConfig()])).ports, { name: 'you' });
    const senders = (request: Request) =>
      request.url.endsWith('/v1/metrics') ? Promise.resolve(new Response('sent', { status: 200 })) : undefined;
    own = await serveConsole({ api, folder, port: 0, key: 'k'.repeat(32), token: TOKEN, senders });
  });
  afterAll(() => own[Symbol.asyncDispose]());

  it('hands on what hosts send, and of pages elsewhere nothing', async () => {
    const sent = await send({ Authorization: 'Bearer plt_x' });
    const elsewhere = await send({ Origin: 'https://attacker.example' });

    expect([sent.status, await sent.text()]).toEqual([200, 'sent']);
    expect(elsewhere.status).toBe(403);
  });

  it('opens its API to programs with the token of theirs, and to no others', async () => {
    const statusOf = async (token: string) =>
      (await fetch(`${own.origin}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status;

    expect([await statusOf(TOKEN), await statusOf(`${TOKEN}t`)]).toEqual([200, 401]);
  });
});

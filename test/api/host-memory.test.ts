/** A host's memory over the API: what is read, for how long it is kept, and what a caller learns where nothing was read. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hostRef } from '../../api/refs.ts';
import {
  type HostReadAnswer,
  type HostReadRequest,
  type ReadRefusal,
  refusedRead,
} from '../../core/model/host-memory.ts';
import { refusedPoints } from '../../core/model/point-read.ts';
import { type HostReader, HostReaderError, type HostReaderFailure } from '../../core/ports/host-reader.ts';
import { localReaderWorld, READS } from '../contract/host-reader-world.ts';
import { aTenantConfig, HOUR, MINUTE, NOON } from '../fixtures/builders.ts';
import { anApi, bodyOf, type TestApi } from './an-api.ts';

const PATH = pathOf(READS.leaking.host);

let answers: ReadonlyMap<string, HostReadAnswer>;

beforeAll(async () => {
  const { reader } = await localReaderWorld();
  const requests = [READS.leaking, READS.unreadable];
  answers = new Map(await Promise.all(requests.map(async (one) => [one.host, await reader.read(one)] as const)));
});

describe('the memory of a host', () => {
  it('is answered as it was read, with references, and may be kept for five minutes', async () => {
    const { api, requests } = await aReadingApi();

    const response = await api.send('GET', PATH);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, max-age=300');
    expect(await response.json()).toMatchObject({ host: { ref: refOf(READS.leaking.host) }, verdict: 'leaking' });
    expect(requests).toEqual([{ ...READS.leaking, to: iso(NOON) }]);
  });

  it('is read once for all who look at the same five minutes, and again for the next', async () => {
    const { api, requests } = await aReadingApi();

    await Promise.all([api.read(PATH), api.read(PATH), api.read(PATH, { token: 'admin' })]);
    api.advance(4 * MINUTE);
    await api.read(`${PATH}?to=${iso(NOON + 2 * MINUTE)}`);
    expect(requests).toHaveLength(1);

    api.advance(MINUTE);
    await api.read(PATH);
    await api.read(`${PATH}?lookbackHours=48`);
    expect(requests.map(({ to, lookbackHours }) => [to, lookbackHours])).toEqual([
      [iso(NOON), undefined],
      [iso(NOON + 5 * MINUTE), undefined],
      [iso(NOON + 5 * MINUTE), 48],
    ]);
  });

  it('is read again by a config that was changed', async () => {
    const { api, requests } = await aReadingApi();

    await api.read(PATH);
    await api.stores.configs.put(aTenantConfig({ policy: { threshold: 0.9 } }), 1, '', NOON);
    await api.read(PATH);

    expect(requests).toHaveLength(2);
  });

  it('is not kept where a part of it could not be read', async () => {
    const { api, requests } = await aReadingApi();

    const path = pathOf(READS.unreadable.host);
    const response = await api.send('GET', path);
    await api.read(path);

    expect(await response.json()).toMatchObject({ verdict: 'unreadable', reason: 'denied' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(requests).toHaveLength(2);
  });

  it('is read some thirty times in a row for a caller and a tenant, and then one every ten seconds', async () => {
    const { api, requests } = await aReadingApi();
    const ask = (hours: number, token: 'viewer' | 'admin' = 'viewer') =>
      api.send('GET', `${PATH}?lookbackHours=${hours}`, { token });
    for (let hours = 9; hours < 39; hours++) await ask(hours);

    const refused = await ask(39);
    const known = await ask(9);
    const other = await ask(40, 'admin');
    api.advance(10_000);
    const later = await ask(41);

    expect([refused, known, other, later].map(({ status }) => status)).toEqual([429, 200, 200, 200]);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ type: 'urn:plimsoll:problem:rate' });
    expect(requests).toHaveLength(32);
  });

  it.each([
    ['malformed', 400],
    ['not_configured', 404],
    ['excluded', 422],
    ['not_found', 404],
    ['over_cap', 429],
  ] as const)('is a problem where it is refused as %s', async (refusal: ReadRefusal, status) => {
    const { api } = await aReadingApi(async () => refusedRead(refusal, 'tenant acme has spent 3 USD.'));

    const response = await api.send('GET', PATH);

    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await bodyOf(response)).toMatchObject({
      type: `urn:plimsoll:problem:${refusal.replace('_', '-')}`,
      detail: 'The host was not read. Tenant acme has spent 3 USD.',
    });
  });

  it.each([
    ['throttled', 429, '5'],
    ['timeout', 503, '5'],
    ['failed', 503, null],
  ] as const)('is a problem where no answer came: %s', async (reason: HostReaderFailure, status, retryAfter) => {
    let tries = 0;
    const { api } = await aReadingApi(async () => {
      tries++;
      throw new HostReaderError('User: arn:aws:sts::111122223333:role/x may not.', reason);
    });

    const response = await api.send('GET', PATH);
    await api.send('GET', PATH);

    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    const { detail } = z.object({ detail: z.string() }).parse(await response.json());
    expect(detail).toMatch(/^The host was not read\. /);
    expect(detail).not.toContain('arn:');
    expect(api.faults).toHaveLength(2);
    expect(tries).toBe(2);
  });

  it.each([
    ['the future', `${PATH}?to=${iso(NOON + HOUR)}`, 400],
    ['a window that no detector takes', `${PATH}?lookbackHours=2`, 400],
    ['a part of an hour', `${PATH}?lookbackHours=9.0001`, 400],
    ['a host of a trace file', pathOf('web-1', 'local'), 404],
    ['another tenant', PATH.replace('acme', 'globex'), 404],
  ])('is not read of %s', async (_, path, status) => {
    const { api, requests } = await aReadingApi();

    expect((await api.send('GET', path)).status).toBe(status);
    expect(requests).toEqual([]);
  });
});

function iso(time: number): string {
  return new Date(time).toISOString();
}

function refOf(id: string, provider: 'aws' | 'local' = 'aws'): string {
  return hostRef({ provider, account: READS.leaking.account, region: READS.leaking.region, id });
}

function pathOf(id: string, provider: 'aws' | 'local' = 'aws'): string {
  return `/tenants/acme/hosts/${refOf(id, provider)}/memory`;
}

/** An API with a reader that answers what was read before, and remembers what was requested of it. */
async function aReadingApi(
  read: HostReader['read'] = async ({ host }) => answers.get(host) ?? refusedRead('not_found', `no host ${host}`),
): Promise<{ readonly api: TestApi; readonly requests: readonly HostReadRequest[] }> {
  const requests: HostReadRequest[] = [];
  const hostReader: HostReader = {
    read(request) {
      requests.push(request);
      return read(request);
    },
    readPoints: async () => refusedPoints('not_found', 'no other metric is read here'),
  };
  const api = await anApi([aTenantConfig(), aTenantConfig({ tenant: 'globex' })], { ports: { hostReader } });
  return { api, requests };
}

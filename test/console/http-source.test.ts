import { describe, expect, it } from 'vitest';
import { ApiError } from '../../console/data/api-error.ts';
import { createHttpSource } from '../../console/data/http-source.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

/** A network that gives these answers one after the other, and what was sent to it. */
function network(...answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const waited: number[] = [];
  const request = async (url: string | URL | Request, init: RequestInit = {}) => {
    const body = typeof init.body === 'string' ? init.body : null;
    sent.push({ url: String(url), method: init.method ?? 'GET', headers: new Headers(init.headers), body });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('fetch failed');
    return answer();
  };
  const wait = async (ms: number) => {
    waited.push(ms);
  };
  const sourceWith = (tokens: (string | null)[]) =>
    createHttpSource({
      base: '/api/v1',
      fetch: request,
      wait,
      tokens: { current: async () => tokens[0] ?? null, refreshed: async () => tokens[1] ?? null },
    });
  return { sent, waited, sourceWith };
}

const json = (body: unknown, init?: ResponseInit) => () => Response.json(body, init);
const PARAMS = { tenant: 'a b' };

describe('the data client', () => {
  it('asks with encoded parameters and the token, and sends no cookie', async () => {
    const { sent, sourceWith } = network(json({ items: [], cursor: null }));

    await sourceWith(['t0ken']).get('/tenants/{tenant}/incidents', PARAMS, {
      query: { status: 'open,watched', cursor: undefined },
    });

    expect(sent[0]?.url).toBe('/api/v1/tenants/a%20b/incidents?status=open%2Cwatched');
    expect(sent[0]?.headers.get('Authorization')).toBe('Bearer t0ken');
    expect(sent[0]?.headers.get('Content-Type')).toBeNull();
  });

  it('reads an answer again only where it has changed', async () => {
    const { sent, sourceWith } = network(
      json({ version: 3 }, { headers: { ETag: '"3"' } }),
      () => new Response(null, { status: 304 }),
    );
    const source = sourceWith([]);

    const first = await source.get('/tenants/{tenant}/config', PARAMS);
    const second = await source.get('/tenants/{tenant}/config', PARAMS);

    expect(second).toEqual(first);
    expect(sent[1]?.headers.get('If-None-Match')).toBe('"3"');
    expect(source.etagOf('/tenants/{tenant}/config', PARAMS)).toBe('"3"');
  });

  it('states JSON with every write, also one without a body', async () => {
    const { sent, sourceWith } = network(() => new Response(null, { status: 204 }));

    const params = { tenant: 'acme', incident: 'abc' };
    await sourceWith([]).send('delete', '/tenants/{tenant}/incidents/{incident}/acknowledgement', params);

    expect(sent[0]).toMatchObject({ method: 'DELETE', body: null });
    expect(sent[0]?.headers.get('Content-Type')).toBe('application/json');
  });

  it('waits as long as a busy API wants, and gives up after three more times', async () => {
    const busy = json({}, { status: 429, headers: { 'Retry-After': '7' } });
    const { waited, sent, sourceWith } = network(busy, busy, busy, busy);

    const asked = sourceWith([]).get('/me', {});

    await expect(asked).rejects.toMatchObject({ status: 429 });
    expect(waited).toEqual([7000, 7000, 7000]);
    expect(sent).toHaveLength(4);
  });

  it('asks once more with another token after 401', async () => {
    const { sent, sourceWith } = network(json({}, { status: 401 }), json({ name: 'mira' }));

    const me = await sourceWith(['old', 'new']).get('/me', {});

    expect(me).toEqual({ name: 'mira' });
    expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer old', 'Bearer new']);
  });

  it('fails with what the problem states, and its issues', async () => {
    const issues = [{ path: 'alerts', message: 'is empty' }];
    const { sourceWith } = network(json({ title: 'Refused', detail: 'Mend the config.', issues }, { status: 422 }));

    const asked = sourceWith([]).get('/me', {});

    await expect(asked).rejects.toMatchObject({ status: 422, message: 'Mend the config.', issues });
  });

  it.each([
    ['nothing answers', () => Promise.reject(new TypeError('fetch failed')), 0],
    ['a gateway answers in HTML', async () => new Response('<h1>502</h1>', { status: 502 }), 502],
    ['the answer is no JSON', async () => new Response('<h1>hello</h1>'), 200],
  ])('fails with a sentence where %s', async (_, fetch, status) => {
    const tokens = { current: async () => null, refreshed: async () => null };
    const source = createHttpSource({ base: '', tokens, fetch, wait: async () => {} });

    const asked = source.get('/me', {});

    await expect(asked).rejects.toBeInstanceOf(ApiError);
    await expect(asked).rejects.toMatchObject({ status });
  });
});

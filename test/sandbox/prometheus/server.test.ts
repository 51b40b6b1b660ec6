/** The sandbox's Prometheus over HTTP: its parameters, its limits, and what can go wrong on the wire. */
import { describe, expect, it } from 'vitest';
import type { PrometheusFaultKind } from '../../../sandbox/wire/faults.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries, startServer } from './servers.ts';

const SERIES = [aSeries('m{a="x"}'), aSeries('m{a="y"}')];
const seconds = (time: number) => String(time / 1_000);
const RANGE = { query: 'm', start: seconds(NOON - HOUR), end: seconds(NOON), step: '900' };

describe('the API', () => {
  it('answers ranges as points of seconds and texts, at every step', async () => {
    const { request } = await startServer({ series: [aSeries('m', (time) => (time === NOON ? Number.NaN : 0.5))] });

    const { body } = await request('query_range', { ...RANGE, start: seconds(NOON - 15 * MINUTE) });

    expect(body.data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'm' },
          values: [
            [(NOON - 15 * MINUTE) / 1_000, '0.5'],
            [NOON / 1_000, 'NaN'],
          ],
        },
      ],
    });
  });

  it('takes parameters in the address as well, and times and steps as texts', async () => {
    const { request } = await startServer({ series: SERIES });

    const start = new Date(NOON - HOUR).toISOString();
    const { body } = await request('query_range', { ...RANGE, start, step: '15m' }, 'GET');

    expect(body.data.result[0].values).toHaveLength(5);
  });

  it('has at most 11,000 points in a series', async () => {
    const { request } = await startServer({ series: SERIES });

    const most = await request('query_range', { ...RANGE, start: seconds(NOON - 11_000_000), step: '1000' });
    const more = await request('query_range', { ...RANGE, start: seconds(NOON - 11_001_000), step: '1' });

    expect(most.status).toBe(200);
    expect(more).toMatchObject({ status: 400, body: { errorType: 'bad_data' } });
    expect(more.body.error).toContain('exceeded maximum resolution of 11,000 points');
  });

  it('refuses a query of too many samples', async () => {
    const { request } = await startServer({ series: SERIES }, { maxSamples: 9 });

    const { status, body } = await request('query_range', RANGE);

    expect({ status, body }).toMatchObject({ status: 422, body: { status: 'error', errorType: 'execution' } });
  });

  it('lists series and labels of a window, up to a limit that it reports', async () => {
    const { request } = await startServer({ series: [...SERIES, aSeries('old', () => 1, [[-9 * HOUR, -8 * HOUR]])] });
    const window = { start: seconds(NOON - HOUR), end: seconds(NOON) };

    const series = await request('series', { 'match[]': '{__name__=~".+"}', ...window });
    const limited = await request('series', { 'match[]': 'm', limit: '1', ...window });
    const names = await request('labels', window);
    const values = await request('label/a/values', window, 'GET');

    expect(series.body.data).toEqual([
      { __name__: 'm', a: 'x' },
      { __name__: 'm', a: 'y' },
    ]);
    expect(limited.body).toMatchObject({ data: [{ a: 'x' }], warnings: ['results truncated due to limit'] });
    expect(names.body.data).toEqual(['__name__', 'a']);
    expect(values.body.data).toEqual(['x', 'y']);
  });

  it('names its version, and knows no other server', async () => {
    const { request, url } = await startServer({});

    const build = await request('status/buildinfo', {}, 'GET');
    const form = await request('status/buildinfo', {});
    const other = await fetch(`${url}-2/api/v1/query?query=m`);

    expect(build.body.data.version).toMatch(/^2\./);
    expect([form.status, other.status]).toEqual([405, 404]);
  });

  it('has no sample that is later than its time', async () => {
    const { query } = await startServer({ series: SERIES }, { now: () => NOON - HOUR });

    expect(await query('m', NOON)).toEqual({});
    expect(await query('m', NOON - HOUR)).not.toEqual({});
  });

  it('compresses a long answer for a client that takes it', async () => {
    const { request } = await startServer({ series: SERIES });

    const { headers, body } = await request('query_range', { ...RANGE, step: '60' });

    expect(headers.get('content-encoding')).toBe('gzip');
    expect(body.status).toBe('success');
  });
});

describe('a fault', () => {
  it.each([
    ['bad_data', 400, 'bad_data'],
    ['too_many_samples', 422, 'execution'],
    ['timeout', 503, 'timeout'],
    ['unavailable', 503, 'unavailable'],
    ['server_error', 500, 'internal'],
  ] as const)('%s is an error of the server', async (kind, status, errorType) => {
    const { request, faults, calls } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', action: 'query_range', metric: 'm', kind });

    const struck = await request('query_range', RANGE);
    const spared = await request('query', { query: 'm' });

    expect(struck).toMatchObject({ status, body: { status: 'error', errorType } });
    expect(spared.status).toBe(200);
    expect(calls.calls.map(({ fault }) => fault)).toEqual([kind, undefined]);
  });

  it.each([
    ['throttled', 429, 'retry-after', '0'],
    ['throttled_for_long', 429, 'retry-after', '3600'],
    ['unauthorized', 401, 'www-authenticate', 'Basic realm="prometheus"'],
    ['redirected', 302, 'location', '/elsewhere/api/v1/query'],
    ['denied', 403, 'content-type', 'text/plain'],
    ['not_found', 404, 'content-type', 'text/plain'],
    ['garbage', 200, 'content-type', 'text/html'],
  ] as const)('%s is an answer of a proxy', async (kind, status, header, value) => {
    const { request, faults } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', kind });

    const answer = await request('query_range', RANGE);

    expect([answer.status, answer.headers.get(header)]).toEqual([status, value]);
  });

  it.each(['down', 'truncated'] as const)('%s makes the client fail', async (kind) => {
    const { request, faults } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', kind });

    await expect(request('query_range', RANGE)).rejects.toThrow();
  });

  it.each(['unanswered', 'stalled'] as const)('%s leaves the client waiting until it aborts', async (kind) => {
    const { url, faults, calls } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', kind });
    const abort = new AbortController();
    const waiting = fetch(`${url}/api/v1/query?query=m`, { signal: abort.signal }).then((response) => response.text());
    while (calls.calls.length === 0) await new Promise(setImmediate);

    abort.abort();

    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  const POINT = [NOON / 1_000, '1'];

  it.each([
    ['nan_values', [NOON / 1_000, 'NaN']],
    ['text_values', [NOON / 1_000, 'plenty']],
    ['absurd', [NOON / 1_000, '10']],
    ['negative', [NOON / 1_000, '-2']],
    ['misaligned', [NOON / 1_000 + 7, '1']],
  ] as const)('%s lies about the series that it names', async (kind, lie) => {
    const { request, faults } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', kind, only: ['y'] });

    const { body } = await request('query', { query: 'm', time: seconds(NOON) });

    expect(body.data.result.map(({ value }: { value: unknown }) => value)).toEqual([POINT, lie]);
  });

  it('confuses the order of points, or gives them twice', async () => {
    const { request, faults } = await startServer({ series: [aSeries('m')] });
    const timesOf = async (kind: PrometheusFaultKind) => {
      const lift = faults.add({ service: 'prometheus', kind });
      const { body } = await request('query_range', { ...RANGE, step: '3600' });
      lift();
      return body.data.result[0].values.map(([time]: [number]) => NOON / 1_000 - time);
    };

    expect(await timesOf('unordered')).toEqual([0, 3_600]);
    expect(await timesOf('duplicate_points')).toEqual([3_600, 3_600, 0, 0]);
  });

  it('adds a series, gives one twice, or leaves half of them out with a warning', async () => {
    const { request, faults } = await startServer({ series: SERIES });
    const answerTo = async (kind: PrometheusFaultKind) => {
      const lift = faults.add({ service: 'prometheus', kind });
      const { body } = await request('query', { query: 'm' });
      lift();
      return { labels: body.data.result.map(({ metric }: { metric: { a: string } }) => metric.a), body };
    };

    expect((await answerTo('foreign_series')).labels).toEqual(['x', 'y', 'foreign']);
    expect((await answerTo('duplicate_series')).labels).toEqual(['x', 'x', 'y', 'y']);
    expect(await answerTo('partial')).toMatchObject({
      labels: ['x'],
      body: { warnings: [expect.stringContaining('Unavailable')] },
    });
    await expect(answerTo('wrong_type')).rejects.toThrow();
  });

  it.each(['flood', 'label_explosion', 'inflating'] as const)('%s goes on until the client hangs up', async (kind) => {
    const { url, faults } = await startServer({ series: SERIES });
    faults.add({ service: 'prometheus', kind });

    const { status, body } = await fetch(`${url}/api/v1/query?query=m`);
    const reader = body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();

    expect(status).toBe(200);
    expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^\{"status":"success",/);
  });
});

/** Servers that lie, flood and stall: what they cost is bounded, and nothing of theirs reads as health. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressRules } from '../../../adapters/https/addresses.ts';
import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import { readText } from '../../../adapters/promql/body.ts';
import type { SendRequest } from '../../../adapters/promql/connection.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import type { Reading } from '../../../core/model/series.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { PrometheusFaultKind } from '../../../sandbox/wire/faults.ts';
import { listeningSecurely } from '../../fixtures/https-server.ts';
import { listening } from '../../fixtures/listening.ts';
import { aSeries } from '../../sandbox/prometheus/servers.ts';
import { aMachine, machines, readAll, SIX_HOURS, sourceOf, startServer } from './worlds.ts';

const SAMPLES = { service: 'prometheus', action: 'query_range' } as const;

/** Small, so that floods are short. */
const MAX_BYTES = 2 ** 20;

function reasonsOf(readings: readonly Reading[]): string[] {
  return [...new Set(readings.map((reading) => (reading.kind === 'series' ? 'series' : reading.reason)))];
}

describe('an answer without end', () => {
  it.each<PrometheusFaultKind>(['flood', 'inflating'])(
    'is read up to a limit (%s), and its hosts are truncated',
    async (kind) => {
      const server = await startServer({ machines: machines(3) });
      server.inject({ ...SAMPLES, kind });

      const { readings } = await readAll(sourceOf(server, { containers: false, maxBytes: MAX_BYTES }));

      expect(readings).toHaveLength(3);
      expect(readings).toEqual(
        readings.map(() => expect.objectContaining({ reason: 'truncated', detail: 'the answer is longer than 1 MiB' })),
      );
    },
  );

  it('costs no more than a few dozen requests, however many hosts there are', async () => {
    const server = await startServer({ machines: machines(300) });
    server.inject({ ...SAMPLES, kind: 'too_many_samples' });

    const { readings, calls } = await readAll(sourceOf(server, { containers: false }));

    expect(reasonsOf(readings)).toEqual(['truncated']);
    expect(readings).toHaveLength(300);
    expect(calls.length).toBeLessThan(80);
  });

  it.each(['of every list', 'of one list'])('of labels (%s) is truncated and stated', async (which) => {
    const server = await startServer({ machines: machines(3) });
    const one = which === 'of one list' && { after: 1, times: 1 };
    server.inject({ service: 'prometheus', action: 'query', kind: 'label_explosion', ...one });

    const reading = readAll(sourceOf(server, { containers: false, maxBytes: MAX_BYTES }));

    if (!one) await expect(reading).rejects.toMatchObject({ reason: 'truncated', retryable: false });
    else {
      const { readings } = await reading;
      expect(reasonsOf(readings)).toEqual(['truncated', 'series']);
      expect(readings[0]).toMatchObject({ kind: 'unreadable', scope: { account: 'prom', region: 'global' } });
    }
  });
});

describe('a proxy that lets GET alone through', () => {
  it('is read by GET, and refuses one request only', async () => {
    const server = await startServer({ machines: machines(3) });
    const methods: string[] = [];
    const send = promqlHttp();
    const http: SendRequest = (request, signal) => {
      methods.push(request.method);
      if (request.method === 'GET') return send(request, signal);
      return Promise.resolve({ status: 405, headers: {}, body: Readable.from([]) });
    };
    const connection = { url: new URL(server.url), authorise: unauthorised, http };

    const first = await readAll(sourceOf(server, { connection, containers: false }));
    methods.length = 0;
    const second = await readAll(sourceOf(server, { connection, containers: false }));

    expect(reasonsOf(first.readings)).toEqual(['series']);
    expect(second.readings).toEqual(first.readings);
    expect(methods).not.toContain('POST');
  });
});

describe('an answer of samples', () => {
  it('is read as far as what was requested may be long', async () => {
    const server = await startServer({ machines: machines(3) });
    server.inject({ ...SAMPLES, kind: 'flood' });

    const { readings } = await readAll(sourceOf(server, { containers: false }));

    expect(readings).toMatchObject(readings.map(() => ({ detail: 'the answer is longer than 1 MiB' })));
  });
});

describe('a server that does not come to an end', () => {
  it.each<PrometheusFaultKind>(['unanswered', 'stalled'])('is given up after the deadline (%s)', async (kind) => {
    const server = await startServer({ machines: machines(2) });
    server.inject({ ...SAMPLES, kind });

    const { readings } = await readAll(sourceOf(server, { containers: false, deadlineMs: 300 }));

    expect(reasonsOf(readings)).toEqual(['timeout']);
  });
});

describe('a part that is too large', () => {
  it('is read in halves where the server allows fewer samples', async () => {
    const server = await startServer({ machines: machines(8) });
    server.inject({ ...SAMPLES, kind: 'too_many_samples', times: 3 });

    const { readings, calls } = await readAll(sourceOf(server, { containers: false }));

    expect(reasonsOf(readings)).toEqual(['series']);
    expect(readings).toHaveLength(8);
    expect(calls.filter((call) => call === 'query_range')).toHaveLength(7);
  });

  it('is requested in pieces of time where a series has more points than servers give', async () => {
    const { end } = SIX_HOURS.window;
    const span = { ...SIX_HOURS, window: { start: end - 12_000 * SIX_HOURS.periodMs, end } };
    const reports = [{ start: end - 3_600_000, end }];
    const server = await startServer({ machines: [aMachine({ reports })] });

    const { readings, calls } = await readAll(sourceOf(server, { containers: false }), { span });

    expect(calls.filter((call) => call === 'query_range')).toHaveLength(2);
    expect(readings).toMatchObject([{ kind: 'series', times: { length: 12 } }]);
  });
});

describe('a label of a server', () => {
  it.each(['a"b', 'a|.*', 'a\\', "x'y", 'ä\u2028b', '{}'])('ends no text of a query (%s)', async (address) => {
    const server = await startServer({ machines: [aMachine({ address }), aMachine({ address: '10.0.0.2' })] });

    const { readings } = await readAll(sourceOf(server, { containers: false }), {
      filters: [{ exclude: [{ id: '10.0.0.2:*' }] }],
    });

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: `${address}:9100` } }]);
  });

  it('that would change a terminal makes no host, and is stated', async () => {
    const server = await startServer({ machines: [aMachine({ address: 'a\u001b[2Jb' }), aMachine()] });

    const { readings } = await readAll(sourceOf(server, { containers: false }));

    expect(readings).toMatchObject([{ reason: 'malformed', scope: { account: 'prom' } }, { kind: 'series' }]);
  });
});

describe('the message about an answer', () => {
  it('holds one line of what the server stated, and nothing that changes a terminal', async () => {
    const error = `\u001b[31m${'x'.repeat(5_000)}\nsecond`;
    const url = await listening((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ status: 'error', errorType: 'bad_data', error }));
    });

    const failure = await readAll(sourceOf({ url })).catch((thrown: Error) => thrown.message);

    expect(failure).toMatch(/^cannot list the hosts of Prometheus server prom: bad_data: \[31m?x{200,}…$|^cannot list/);
    expect(String(failure).length).toBeLessThan(450);
    expect(failure).not.toMatch(/\p{Cc}/u);
  });

  it.each([401, 403, 400])('repeats no credentials that the server repeats (HTTP %i)', async (status) => {
    const error = 'bad header Authorization: Basic dXNlcjpTM0NSRVRQVw==';
    const url = await listening((_request, response) => {
      response.writeHead(status).end(JSON.stringify({ status: 'error', errorType: 'unauthorized', error }));
    });

    const failure = await readAll(sourceOf({ url })).catch((thrown: Error) => thrown.message);

    expect(failure).toMatch(/^cannot list/);
    expect(failure).not.toContain('dXNlc');
  });

  it.each([
    ['null', /: it must be a group of fields, not empty$/],
    ['{"status":"success","data":{', /no complete JSON: the server, or a proxy before it, ended or changed it$/],
  ])('states what is wrong with the entire answer: %s', async (body, message) => {
    const url = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });

    await expect(readAll(sourceOf({ url }))).rejects.toThrow(message);
  });

  it('states that what was compressed is damaged, at once', async () => {
    const url = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('no gzip');
    });

    await expect(readAll(sourceOf({ url }))).rejects.toMatchObject({
      reason: 'malformed',
      message: expect.stringMatching(/cannot be unpacked: .*Z_DATA_ERROR/),
    });
  });

  it('names the series that cannot be used', async () => {
    const of = (instance: string) => aSeries(`node_memory_MemTotal_bytes{job="node",instance="${instance}"}`);
    const server = await startServer({ series: [of('x'.repeat(5_000)), of('y'.repeat(500))] });

    const { readings } = await readAll(sourceOf(server));

    const details = readings.map((reading) => (reading.kind === 'unreadable' ? reading.detail : ''));
    expect(details.sort()).toEqual([
      expect.stringMatching(/a series names no host: .* for example \w+\{job="node",instance="y{60}…"\}$/),
      expect.stringMatching(/instance: must have at most 4096 characters, in \w+\{job="node",instance="x{60}…"\}$/),
    ]);
  });

  it('states what to do where the page of a proxy came instead', async () => {
    const url = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    });

    await expect(readAll(sourceOf({ url }))).rejects.toThrow(
      'the answer is text/html and no complete JSON: check that the URL is that of the API of Prometheus',
    );
  });
});

describe('an answer about other hosts than were requested', () => {
  it('is malformed, and no host without samples', async () => {
    const server = await startServer({ machines: [aMachine()] });
    const send = promqlHttp();
    const http: SendRequest = async (request, signal) => {
      const answer = await send(request, signal);
      if (!request.url.pathname.endsWith('/query_range')) return answer;
      const text = await readText(answer, MAX_BYTES);
      const { 'content-encoding': _, ...headers } = answer.headers;
      return { ...answer, headers, body: Readable.from([Buffer.from(text.replaceAll('10.0.0.1', '10.0.0.66'))]) };
    };
    const connection = { url: new URL(server.url), authorise: unauthorised, http };

    const { readings } = await readAll(sourceOf(server, { connection, containers: false }));

    expect(readings).toMatchObject([
      { kind: 'unreadable', reason: 'malformed', detail: expect.stringContaining('were not requested') },
    ]);
  });
});

describe('an answer of any JSON', () => {
  it('ends as readings or as a SourceError, and makes no host healthy', async () => {
    const anyAnswer = fc.oneof(
      fc.json(),
      fc.record({ status: fc.constant('success'), data: fc.jsonValue() }).map((body) => JSON.stringify(body)),
      fc
        .array(fc.record({ metric: fc.jsonValue(), value: fc.jsonValue(), values: fc.jsonValue() }))
        .map((result) => ({ status: 'success', data: { resultType: 'vector', result } }))
        .map((body) => JSON.stringify(body)),
    );
    await fc.assert(
      fc.asyncProperty(anyAnswer, fc.constantFrom(200, 400, 404, 503), async (body, status) => {
        const http = async () => ({ status, headers: {}, body: Readable.from([Buffer.from(body)]) });
        const connection = { url: new URL('http://prometheus.example'), authorise: unauthorised, http };

        const read = await readAll(sourceOf({ url: connection.url.href }, { connection })).catch(
          (error: unknown) => error,
        );

        if (read instanceof SourceError) return;
        expect(read).toMatchObject({ readings: expect.any(Array) });
        expect(JSON.stringify(read)).not.toContain('"kind":"series"');
      }),
      { numRuns: 60 },
    );
  });
});

describe('the address of a server', () => {
  const rule = addressRules([]).public;
  const at = (url: string, http = promqlHttp({ rule })) =>
    readAll(sourceOf({ url }, { connection: { url: new URL(url), authorise: unauthorised, http } }));

  it.each([
    'http://prometheus.example',
    'https://127.0.0.1',
    'https://169.254.169.254',
    'https://a:b@prometheus.example',
  ])('is refused in functions before anything is sent: %s', async (url) => {
    await expect(at(url)).rejects.toMatchObject({ name: 'SourceError', reason: 'denied', retryable: false });
  });

  it('is refused where its name stands for an address that is not public', async () => {
    const http = promqlHttp({
      rule,
      resolve: (_host, _options, found) => found(null, [{ address: '10.0.0.1', family: 4 }]),
    });

    await expect(at('https://prometheus.example', http)).rejects.toThrow('prometheus.example stands for 10.0.0.1');
  });

  it('may have a certificate of an authority that the config names, and no other', async () => {
    const { port, ca } = await listeningSecurely((_request, response) => {
      response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    });
    const resolve: Parameters<typeof promqlHttp>[0] = {
      rule: () => undefined,
      resolve: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
    };
    const url = `https://receiver.test:${port}`;

    const trusted = await at(url, promqlHttp({ ...resolve, ca }));

    expect(trusted.readings.every((reading) => reading.kind === 'unreadable')).toBe(true);
    await expect(at(url, promqlHttp(resolve))).rejects.toMatchObject({ reason: 'unavailable' });
  });
});

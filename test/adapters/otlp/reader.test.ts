/** Bodies of requests with metrics: both encodings as collectors send them, and what hostile senders send. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otlpAnswer } from '../../../adapters/otlp/answer.ts';
import { BODY_LIMITS, createMetricsReader } from '../../../adapters/otlp/reader.ts';
import { READ_METRICS } from '../../../core/ingest/fold.ts';
import type { AcceptedMetrics, RefusedRequest } from '../../../core/model/ingest-outcome.ts';
import { fromProtobuf, inProtobuf, recordedProtobuf, recordedRequests } from '../../fixtures/otlp/payloads.ts';

const [JSON_TYPE, PROTOBUF] = ['application/json', 'application/x-protobuf'];
const reader = createMetricsReader();
const read = (body: Uint8Array, contentType: string | undefined, contentEncoding?: string) =>
  reader.read({ body, contentType, contentEncoding }, READ_METRICS);
const inJson = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the body of a recorded collector', () => {
  it('reads the same in JSON and in protobuf, packed and not', async () => {
    for (const request of recordedRequests()) {
      const asJson = await read(inJson(request), 'application/json; charset=utf-8');

      expect(asJson).toMatchObject({ otherMetrics: 12 });
      expect(await read(inProtobuf(request), PROTOBUF)).toEqual(asJson);
      expect(await read(gzipSync(inProtobuf(request)), PROTOBUF, 'gzip')).toEqual(asJson);
      expect(await read(gzipSync(inJson(request)), JSON_TYPE, 'GZIP')).toEqual(asJson);
    }
  });

  it('is read in the protobuf that the collector itself wrote', async () => {
    for (const body of recordedProtobuf()) {
      const sent = await read(body, PROTOBUF);

      if ('kind' in sent) throw new Error(sent.message);
      expect(sent.resources.flatMap(({ metrics }) => metrics.map(({ name }) => name)).toSorted()).toEqual([
        ...['process.memory.usage', 'process.memory.usage', 'process.memory.usage'],
        ...['system.linux.memory.available', 'system.memory.usage', 'system.memory.utilization'],
      ]);
      const names = sent.resources.map(({ attributes }) => attributes.get('process.executable.name'));
      expect(names.filter((name) => name === 'node')).toHaveLength(3);
    }
  });
});

describe('a body', () => {
  const withPoint = (point: object, metric: object = {}) => ({
    resourceMetrics: [
      {
        resource: {},
        scopeMetrics: [{ metrics: [{ name: 'system.memory.usage', gauge: { dataPoints: [point] }, ...metric }] }],
      },
    ],
  });
  const pointsOf = async (request: object) => {
    const sent = await read(inJson(request), JSON_TYPE);
    return 'kind' in sent
      ? sent.message
      : sent.resources.flatMap(({ metrics }) => metrics.flatMap(({ points }) => points));
  };

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['12', 12],
    [3.5, 3.5],
    ['twelve', Number.NaN],
    ['', Number.NaN],
  ])('with the value %s has %s', async (asDouble, value) => {
    expect(await pointsOf(withPoint({ asDouble, timeUnixNano: '1795904327512545475' }))).toEqual([
      { time: 1_795_904_327_513, value, attributes: new Map() },
    ]);
  });

  it.each([1, '1'])('has no point where its flags state that there is no value: %j', async (flags) => {
    expect(await pointsOf(withPoint({ timeUnixNano: '1795904327512545475', flags }))).toEqual([]);
  });

  it.each(['', ' '])('has no number in the text %j', async (asInt) => {
    expect(await pointsOf(withPoint({ asInt }))).toMatchObject([{ value: Number.NaN }]);
  });

  it('has a replacement for half a character, of which no key of a store can be made', async () => {
    const attributes = [{ key: 'host.id', value: { stringValue: 'web-\ud83d' } }];

    expect(await read(inJson({ resourceMetrics: [{ resource: { attributes } }] }), JSON_TYPE)).toMatchObject({
      resources: [{ attributes: new Map([['host.id', 'web-\ufffd']]) }],
    });
  });

  it('states deltas and histograms, of which nothing can be used', async () => {
    const kindOf = async (metric: object) => {
      const sent = await read(inJson(withPoint({}, { gauge: null, ...metric })), JSON_TYPE);
      return 'kind' in sent ? sent.message : sent.resources[0]?.metrics[0];
    };

    expect(await kindOf({ sum: { dataPoints: [{}], aggregationTemporality: 1 } })).toMatchObject({ kind: 'delta' });
    expect(await kindOf({ sum: { dataPoints: [{}], aggregationTemporality: 2 } })).toMatchObject({ kind: 'value' });
    expect(await kindOf({ histogram: { dataPoints: [{ buckets: [] }] } })).toMatchObject({
      kind: 'other',
      points: [{}],
    });
  });

  it('may have fields and values that are not known', async () => {
    const request = {
      ...withPoint({
        asInt: '1',
        exemplars: [{ traceId: 'ff' }],
        attributes: [{ key: 'a', value: { arrayValue: {} } }],
      }),
      newField: { deep: [1] },
    };

    expect(await pointsOf(request)).toEqual([{ time: Number.NaN, value: 1, attributes: new Map() }]);
  });

  it('may be empty', async () => {
    expect(await read(Buffer.alloc(0), PROTOBUF)).toEqual({ resources: [], otherMetrics: 0 });
    expect(await read(Buffer.from('{}'), JSON_TYPE)).toEqual({ resources: [], otherMetrics: 0 });
  });
});

describe('what is refused', () => {
  it.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'application/grpc'])(
    'is a content type of %s',
    async (contentType) => {
      expect(await read(Buffer.from('{}'), contentType)).toMatchObject({ status: 415, refusal: 'content_type' });
    },
  );

  it('is a content encoding other than gzip', async () => {
    expect(await read(Buffer.from('{}'), JSON_TYPE, 'zstd')).toMatchObject({ status: 415 });
  });

  it('is a body of 100 MB, without looking into it', async () => {
    expect(await read(Buffer.alloc(100_000_000), PROTOBUF)).toMatchObject({ status: 413, refusal: 'too_large' });
  });

  it('is a gzip bomb, of which no more than the allowed bytes are unpacked', async () => {
    // Two levels, of which only the outer one is unpacked: 64 MB of zeros are 62 KB.
    const bomb = gzipSync(Buffer.alloc(BODY_LIMITS.unpackedBytes + 1));

    expect(bomb.length).toBeLessThan(BODY_LIMITS.sentBytes);
    expect(await read(bomb, JSON_TYPE, 'gzip')).toMatchObject({ status: 413, refusal: 'too_large' });
  });

  it('is packed JSON that was taken for text on its way: it can be sent unpacked', async () => {
    const asText = gzipSync(inJson(recordedRequests()[0])).toString('utf8');

    const outcome = await read(Buffer.from(asText), JSON_TYPE, 'gzip');

    expect(outcome).toMatchObject({ status: 415, message: expect.stringContaining('without a content-encoding') });
  });

  it('is gzip that is none, or truncated', async () => {
    const packed = gzipSync(inJson(recordedRequests()[0]));
    for (const body of [Buffer.from('{}'), packed.subarray(0, packed.length - 20)])
      expect(await read(body, JSON_TYPE, 'gzip')).toMatchObject({ status: 400, refusal: 'malformed' });
  });

  it('is protobuf that is truncated, at whichever byte of a message', async () => {
    const [body = Buffer.alloc(0)] = recordedProtobuf();
    for (const length of [1, 2, 3, 100, body.length - 1])
      expect(await read(body.subarray(0, length), PROTOBUF)).toMatchObject({ status: 400, refusal: 'malformed' });
  });

  it('is protobuf of which a message ends after the one that it is in', async () => {
    // resource_metrics of 3 bytes, with a resource of 5 bytes in it, and enough bytes after both.
    const body = Buffer.from([0x0a, 0x03, 0x0a, 0x05, 0x00, 0x0a, 0x00, 0x0a, 0x00, 0x0a, 0x00]);

    expect(await read(body, PROTOBUF)).toMatchObject({ status: 400, message: expect.stringContaining('ends after') });
  });

  it('is JSON that is none, or has another form', async () => {
    for (const body of [
      '',
      '[',
      'null',
      '[]',
      '{"resourceMetrics": {}}',
      '{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": 7}]}]}]}',
    ])
      expect(await read(Buffer.from(body), JSON_TYPE)).toMatchObject({ status: 400, refusal: 'malformed' });
  });

  it('is a body of more values than memory has room for, in each encoding', async () => {
    const small = createMetricsReader({ ...BODY_LIMITS, values: 1000 });
    const objects = Buffer.from(`{"resourceMetrics":[${'{},'.repeat(1000)}{}]}`);
    const messages = Buffer.alloc(2002).fill(Buffer.from([0x0a, 0x00]));

    for (const [body, contentType] of [
      [objects, JSON_TYPE],
      [messages, PROTOBUF],
    ] as const) {
      const outcome = await small.read({ body, contentType, contentEncoding: undefined }, READ_METRICS);
      expect(outcome).toMatchObject({ status: 400, message: expect.stringContaining('too many values') });
    }
    expect(BODY_LIMITS.values).toBeLessThan(10_000_000);
  });
});

describe('nesting without an end', () => {
  it('in JSON is ignored where nothing is read', async () => {
    const deep = `${'{"kvlistValue":{"values":[{"value":'.repeat(50_000)}null${'}]}}'.repeat(50_000)}`;
    const body = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":${deep}}]}}]}`;

    expect(await read(gzipSync(body), JSON_TYPE, 'gzip')).toMatchObject({ resources: [{ attributes: new Map() }] });
  });

  it('in groups of protobuf is refused', async () => {
    // Field 15 as a group that begins and never ends.
    expect(await read(Buffer.alloc(1_000_000, 0x7b), PROTOBUF)).toMatchObject({ status: 400, refusal: 'malformed' });
  });
});

it('reads any bytes as a request, or refuses them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(JSON_TYPE, PROTOBUF), async (bytes, type) => {
      const outcome = await read(bytes, type);
      expect('resources' in outcome || outcome.status === 400).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe('the answer', () => {
  const sender = { tenant: 'acme', account: 'fleet', tokenId: 'abcdefghij' };
  const accepted: AcceptedMetrics = {
    ...{ kind: 'accepted', sender, hosts: 1, series: 1, acceptedPoints: 5, rejectedPoints: {} },
  };
  const partial = { ...accepted, rejectedPoints: { time: 2, value: 1 }, message: 'why' };
  const refused: RefusedRequest = {
    kind: 'refused',
    status: 503,
    refusal: 'unavailable',
    message: 'later',
    retryAfterS: 30,
  };
  const decoded = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

  it('is an empty response for what was accepted', () => {
    expect(otlpAnswer(accepted, PROTOBUF)).toEqual({
      ...{ status: 200, headers: { 'content-type': PROTOBUF }, body: Buffer.alloc(0) },
    });
    expect(decoded(otlpAnswer(accepted, JSON_TYPE).body)).toEqual({});
  });

  it('states how many points were rejected, and why, in the encoding of the request', () => {
    const partialSuccess = { rejectedDataPoints: '3', errorMessage: 'why' };

    expect(decoded(otlpAnswer(partial, JSON_TYPE).body)).toEqual({ partialSuccess });
    const { body } = otlpAnswer(partial, PROTOBUF);
    expect(fromProtobuf('ExportMetricsServiceResponse', body)).toEqual({ partialSuccess });
  });

  it('is a status for what was refused, with when to send again', () => {
    expect(otlpAnswer(refused, PROTOBUF)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(fromProtobuf('Status', otlpAnswer(refused, PROTOBUF).body)).toEqual({ message: 'later' });
    expect(decoded(otlpAnswer(refused, 'text/plain').body)).toEqual({ message: 'later' });
  });
});

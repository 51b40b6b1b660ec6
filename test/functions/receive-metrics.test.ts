/** The address of hosts that send samples, as the HTTP API hands its requests on: answers, and that each refusal is counted. */
import { gzipSync } from 'node:zlib';
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it } from 'vitest';
import { createMetricsReader } from '../../adapters/otlp/reader.ts';
import type { SenderSettings } from '../../core/ingest/sender.ts';
import { newIngestToken } from '../../core/ingest/token.ts';
import { SenderVerifier } from '../../core/ingest/verify.ts';
import type { SampleBatch } from '../../core/model/sample.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { SelectingHost } from '../../core/ports/selection-source.ts';
import { answerSender } from '../../functions/answer-sender.ts';
import type { MetricValues } from '../../functions/metrics.ts';
import { createSelectionSource } from '../../functions/selection-source.ts';
import { createSenderAccounts } from '../../functions/sender-accounts.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';
import { fromProtobuf, inProtobuf, onHost, RECORDED_AT, recordedRequests, text } from '../fixtures/otlp/payloads.ts';
import { aRecording } from '../fixtures/recordings.ts';
import { createMemoryIngestTokenStore } from '../memory/ingest-token-store.ts';
import { createMemoryConfigStore } from '../memory/stores.ts';

const SETTINGS: SenderSettings = { keepAttributes: ['team'], commandPatterns: [] };
const ETAG = '"abc"';

async function anAddress() {
  const tokens = createMemoryIngestTokenStore();
  const made = newIngestToken({ tenant: 'acme', account: 'fleet', name: 'web', createdBy: 'ada', createdAt: 1 });
  await tokens.put(made.token);
  const queued: SampleBatch[] = [];
  const counted: MetricValues[] = [];
  const hosts: SelectingHost[] = [];
  const state = { isUp: true };
  const ports = {
    verifier: new SenderVerifier({ tokens, accounts: { settingsOf: async () => SETTINGS } }),
    reader: createMetricsReader(),
    queue: { send: async (batch: SampleBatch) => void queued.push(batch) },
    selections: {
      async of(host: SelectingHost) {
        if (!state.isUp) throw new StoreError('the table does not answer');
        hosts.push(host);
        return { answer: { version: 1, selections: [] } as const, etag: ETAG, maxAgeS: 300 };
      },
    },
  };
  const logger = new Logger({ logLevel: 'SILENT' });
  const emit = (values: MetricValues) => void counted.push(values);
  const send = (event: unknown) => answerSender(event, { ports, logger, emit, now: RECORDED_AT });
  return { authorization: `Bearer ${made.text}`, send, queued, counted, hosts, state };
}

interface Sent {
  readonly method?: string;
  readonly rawPath?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly query?: Readonly<Record<string, string>>;
}

/** As API Gateway hands it on: of a body that is no text in base64. */
function anEvent({ method = 'POST', rawPath = '/v1/metrics', headers = {}, body, query }: Sent) {
  return {
    version: '2.0',
    rawPath,
    headers,
    requestContext: { http: { method } },
    ...(query && { queryStringParameters: query }),
    ...(body && { body: body.toString('base64'), isBase64Encoded: true }),
  };
}

const REQUEST = onHost(recordedRequests()[0] ?? { resourceMetrics: [] }, [text('host.id', 'h-1')]);
const bytesOf = ({ body = '' }: { readonly body?: string | undefined }) => Buffer.from(body, 'base64');

describe('POST /v1/metrics', () => {
  it('takes protobuf that is packed, and answers in protobuf', async () => {
    const { authorization, send, queued, counted } = await anAddress();
    const headers = { authorization, 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' };

    const answer = await send(anEvent({ headers, body: gzipSync(inProtobuf(REQUEST)) }));

    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/x-protobuf' } });
    expect(bytesOf(answer)).toHaveLength(0);
    expect(queued).toMatchObject([{ tenant: 'acme', account: 'fleet', hosts: [{ id: 'h-1' }] }]);
    expect(counted).toEqual([]);
  });

  it('takes JSON as text, below a stage', async () => {
    const { authorization, send, queued } = await anAddress();
    const headers = { authorization, 'content-type': 'application/json' };

    const answer = await send({ ...anEvent({ headers, rawPath: '/dev/v1/metrics' }), body: JSON.stringify(REQUEST) });

    expect(JSON.parse(bytesOf(answer).toString())).toEqual({});
    expect(queued).toHaveLength(1);
  });

  it('states the tag of the selections of the host that sent, which need not request them then', async () => {
    const { authorization, send, hosts, state } = await anAddress();
    const headers = { authorization, 'content-type': 'application/json' };
    const event = anEvent({ headers, body: Buffer.from(JSON.stringify(REQUEST)) });

    const answer = await send(event);
    state.isUp = false;
    const untagged = await send(event);

    expect(answer.headers).toMatchObject({ 'plimsoll-selections': ETAG });
    expect(hosts).toMatchObject([{ id: 'h-1', tenant: 'acme', account: 'fleet' }]);
    expect(untagged.statusCode).toBe(200);
    expect(untagged.headers).not.toHaveProperty('plimsoll-selections');
  });

  it('counts what it refuses, and states it in the encoding of the request', async () => {
    const { authorization, send, counted, queued } = await anAddress();
    const headers = { 'content-type': 'application/x-protobuf' };

    const unknown = await send(anEvent({ headers: { ...headers, authorization: `${authorization}x` } }));
    const truncated = await send(
      anEvent({ headers: { ...headers, authorization }, body: inProtobuf(REQUEST).subarray(0, 50) }),
    );

    expect(unknown).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    expect(fromProtobuf('Status', bytesOf(unknown))).toMatchObject({ message: expect.stringContaining('not known') });
    expect(truncated.statusCode).toBe(400);
    expect(counted).toEqual([{ SendersRefused: 1 }, { SendersRefused: 1 }]);
    expect(queued).toEqual([]);
  });

  it('counts data points that it rejects', async () => {
    const { authorization, send, counted } = await anAddress();
    const headers = { authorization, 'content-type': 'application/json' };
    const resourceMetrics = [...REQUEST.resourceMetrics, ...(recordedRequests()[1]?.resourceMetrics ?? [])];

    const answer = await send(anEvent({ headers, body: Buffer.from(JSON.stringify({ resourceMetrics })) }));

    expect(JSON.parse(bytesOf(answer).toString())).toMatchObject({ partialSuccess: { rejectedDataPoints: '16' } });
    expect(counted).toEqual([{ SamplesRejected: 16 }]);
  });
});

describe('GET /v1/selections', () => {
  const get = { method: 'GET', rawPath: '/v1/selections' };

  it('answers what recordings want of the host of the token’s account', async () => {
    const { authorization, send, hosts } = await anAddress();
    const query = { host: 'h-1', 'host.name': 'web-1', team: 'web', tenant: 'globex' };

    const answer = await send(anEvent({ ...get, headers: { authorization }, query }));

    expect(answer).toMatchObject({ statusCode: 200, headers: { etag: ETAG }, body: '{"version":1,"selections":[]}' });
    expect(hosts).toEqual([{ id: 'h-1', name: 'web-1', labels: { team: 'web' }, tenant: 'acme', account: 'fleet' }]);
  });

  it('answers 304 without a body where the host has them', async () => {
    const { authorization, send } = await anAddress();
    const answers = ['"abc"', 'W/"abc"', '"x", "abc"'].map((tag) =>
      send(anEvent({ ...get, headers: { authorization, 'if-none-match': tag }, query: { host: 'h-1' } })),
    );

    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({
        statusCode: 304,
        headers: { etag: ETAG, 'cache-control': 'private, max-age=300' },
      });
      expect(answer).not.toHaveProperty('body');
    }
  });

  it('refuses who has no token or names no host, and is requested again while a store is down', async () => {
    const { authorization, send, state, counted } = await anAddress();

    const answers = [await send(anEvent(get)), await send(anEvent({ ...get, headers: { authorization } }))];
    state.isUp = false;
    answers.push(await send(anEvent({ ...get, headers: { authorization }, query: { host: 'h-1' } })));

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 400, 503]);
    expect(answers[2]?.headers).toMatchObject({ 'retry-after': '30' });
    expect(counted).toHaveLength(3);
  });
});

it.each([{ method: 'GET' }, { method: 'POST', rawPath: '/v1/selections' }, { rawPath: '/v1/traces' }])(
  'there is nothing else: %o',
  async (fields) => {
    const { send } = await anAddress();

    expect(await send(anEvent(fields))).toEqual({ statusCode: 404 });
    expect(await send(null)).toEqual({ statusCode: 404 });
  },
);

describe('the settings of an account', () => {
  it('are none of a tenant that is unknown or disabled, or that has no such account', async () => {
    const configs = createMemoryConfigStore();
    await configs.put(aTenantConfig(), 0, 'external', NOON);
    const fleet = { provider: 'otlp', account: 'fleet' };
    await configs.put(aTenantConfig({ tenant: 'globex', enabled: false, accounts: [fleet] }), 0, 'external-2', NOON);
    const accounts = createSenderAccounts(configs);

    for (const tenant of ['acme', 'globex', 'unknown'])
      expect(await accounts.settingsOf(tenant, 'fleet')).toBeUndefined();
  });

  it('are what its config states, while it is enabled', async () => {
    const configs = createMemoryConfigStore();
    const anomalies = [
      { name: 'cpu', metrics: ['system.cpu.utilization', 'system.memory.utilization'] },
      { name: 'off', metrics: ['system.network.errors'], enabled: false },
    ];
    const sent = { groupAttribute: 'team', commandPatterns: ['\\w+\\.js'], anomalies };
    const fleet = { provider: 'otlp', account: 'fleet', ...sent };
    const off = { provider: 'otlp', account: 'off', enabled: false };
    await configs.put(aTenantConfig({ accounts: [fleet, off] }), 0, 'external', NOON);
    const accounts = createSenderAccounts(configs);

    const settings = await accounts.settingsOf('acme', 'fleet');

    expect(settings).toEqual({
      groupAttribute: 'team',
      keepAttributes: [],
      commandPatterns: [/\w+\.js/u],
      pointMetrics: new Set(['system.cpu.utilization']),
    });
    expect(await accounts.settingsOf('acme', 'off')).toBeUndefined();
  });
});

describe('what recordings select', () => {
  it('is read once in some seconds for all hosts of a tenant, and is each host’s own', async () => {
    const reads: string[] = [];
    const recordings = [aRecording({ tenant: 'acme' })];
    const source = createSelectionSource({
      async list(tenant) {
        reads.push(tenant);
        return tenant === 'acme' ? recordings : [];
      },
    });
    const { account, from } = recordings[0]?.selection ?? { account: '', from: 0 };
    const of = (tenant: string, now: number) => source.of({ id: 'web-1', name: 'web-1', tenant, account }, now);

    const [first, other] = [await of('acme', from), await of('globex', from)];
    await of('acme', from + 14_000);
    await of('acme', from + 15_000);

    expect(reads).toEqual(['acme', 'globex', 'acme']);
    expect(first.answer).not.toEqual(other.answer);
    expect(first.etag).not.toBe(other.etag);
  });
});

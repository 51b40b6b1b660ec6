/** Who may send events of a tenant's group: real signatures over loopback, and every way in which one is forged. */
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventTokens } from '../../adapters/event-tokens/verify.ts';
import type { ScalingEvent } from '../../core/model/scaling-event.ts';
import { answerEvent } from '../../functions/receive-events.ts';
import { startTokenIssuer } from '../../sandbox/wire/token-issuer.ts';
import { aTenantConfig, HOUR, NOON } from '../fixtures/builders.ts';
import { aCloudEvent, aGridEvent, aLogEntry, aPubSubPush, PROJECT, SUBSCRIPTION } from '../fixtures/scaling-events.ts';
import { createMemoryConfigStore } from '../memory/stores.ts';

const issuer = await startTokenIssuer();
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.up = true;
});

const PATH = '5f2b8c1d9e3a4706b5c4d3e2f1a09876';
const OTHER_PATH = '00000000000000000000000000000000';
const DOMAIN = 'abc123.execute-api.eu-west-1.amazonaws.com';
const PUSHER = `pusher@${PROJECT}.iam.gserviceaccount.com`;
const DIRECTORY = '11111111-2222-4333-8444-555555555555';
const APPLICATION = '66666666-7777-4888-8999-aaaaaaaaaaaa';
const EVENT_GRID = '4962773b-9cdb-44cf-a8bf-237846a00ab7';

const identity = {
  projectNumber: '123456789012',
  pool: 'plimsoll',
  provider: 'plimsoll-aws',
  serviceAccount: `plimsoll@${PROJECT}.iam.gserviceaccount.com`,
};

const accounts = (path = PATH, account = PROJECT, subscription = SUBSCRIPTION) => [
  {
    provider: 'gcp',
    account,
    regions: ['europe-west1'],
    identity,
    events: { path, serviceAccount: PUSHER },
  },
  {
    provider: 'azure',
    account: subscription,
    regions: ['westeurope'],
    directory: DIRECTORY,
    client: 'bbbbbbbb-7777-4888-8999-aaaaaaaaaaaa',
    events: { path, application: APPLICATION },
  },
];

async function anEndpoint() {
  const configs = createMemoryConfigStore();
  await configs.put(aTenantConfig({ accounts: accounts() }), 0, 'external', NOON);
  await configs.put(
    aTenantConfig({
      tenant: 'globex',
      accounts: accounts(OTHER_PATH, 'globex-123456', '99999999-3f40-4152-8637-48596a7b8c9d'),
    }),
    0,
    'external-2',
    NOON,
  );
  const queued: ScalingEvent[] = [];
  const queue = { send: async (event: ScalingEvent) => void queued.push(event) };
  const reads: string[] = [];
  const counting = {
    get(tenant: string) {
      reads.push(tenant);
      return configs.get(tenant);
    },
  };
  const tokens = createEventTokens({ origins: { googleKeys: `${issuer.origin}/certs`, entra: issuer.origin } });
  const logger = new Logger({ logLevel: 'SILENT' });
  const handle = (event: unknown) =>
    answerEvent(event, { ports: { configs: counting, tokens, queue }, logger, now: NOON });
  return { handle, queued, reads, configs };
}

interface Sent {
  readonly provider?: string;
  readonly tenant?: string;
  readonly path?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly base64?: boolean;
}

function aRequest({ provider = 'gcp', tenant = 'acme', path = PATH, token, body, headers, method, base64 }: Sent) {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? aPubSubPush());
  return {
    version: '2.0',
    routeKey: 'POST /events/{provider}/{tenant}/{random}',
    rawPath: `/events/${provider}/${tenant}/${path}`,
    rawQueryString: '',
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    requestContext: { domainName: DOMAIN, http: { method: method ?? 'POST', path: '/' } },
    body: base64 ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: base64 ?? false,
  };
}

const SECONDS = NOON / 1000;
const url = (tenant = 'acme', path = PATH) => `https://${DOMAIN}/events/gcp/${tenant}/${path}`;

const googleClaims = (overrides: Record<string, unknown> = {}) => ({
  iss: 'https://accounts.google.com',
  aud: url(),
  email: PUSHER,
  email_verified: true,
  sub: '1',
  iat: SECONDS - 60,
  exp: SECONDS + 3540,
  ...overrides,
});

const entraClaims = (overrides: Record<string, unknown> = {}) => ({
  iss: `https://login.microsoftonline.com/${DIRECTORY}/v2.0`,
  aud: APPLICATION,
  tid: DIRECTORY,
  azp: EVENT_GRID,
  iat: SECONDS - 60,
  exp: SECONDS + 3540,
  ...overrides,
});

describe('a push of Pub/Sub', () => {
  it('is queued as an event of its tenant', async () => {
    const { handle, queued } = await anEndpoint();

    const answer = await handle(aRequest({ token: await issuer.sign(googleClaims()) }));

    expect(answer).toEqual({ statusCode: 204 });
    expect(queued).toMatchObject([
      { tenant: 'acme', provider: 'gcp', account: PROJECT, group: 'web', kind: 'resized' },
    ]);
  });

  it('that is sent again is the same event again', async () => {
    const { handle, queued } = await anEndpoint();
    const request = aRequest({ token: await issuer.sign(googleClaims()) });

    await handle(request);
    await handle(request);

    expect(queued[1]).toEqual(queued[0]);
  });

  it('about something else is acknowledged, so that it is not sent again', async () => {
    const { handle, queued } = await anEndpoint();
    const body = aPubSubPush(aLogEntry({}, { methodName: 'v1.compute.instances.insert' }));

    expect(await handle(aRequest({ token: await issuer.sign(googleClaims()), body }))).toEqual({ statusCode: 204 });
    expect(queued).toEqual([]);
  });

  const refusals: readonly [string, Record<string, unknown>, Sent?][] = [
    ['of another audience', { aud: 'https://elsewhere.example/events' }],
    ['of the audience of another path', { aud: url('acme', OTHER_PATH) }],
    ['of another tenant’s audience', { aud: url('globex', OTHER_PATH) }],
    ['of another service account', { email: `mallory@${PROJECT}.iam.gserviceaccount.com` }],
    ['of an email address that is not verified', { email_verified: false }],
    ['without an email address', { email: undefined }],
    ['of another issuer', { iss: 'https://accounts.google.com.example' }],
    ['without an issuer', { iss: undefined }],
    ['that has expired', { exp: SECONDS - 120 }],
    ['that is older than a day', { iat: SECONDS - 90_000, exp: SECONDS + 600 }],
    ['that is dated after the clock', { iat: SECONDS + 600 }],
    ['that never expires', { exp: undefined }],
    ['that is not valid yet', { nbf: SECONDS + 600 }],
  ];

  it.each(refusals)('with a token %s is refused', async (_, claims) => {
    const { handle, queued } = await anEndpoint();

    const answer = await handle(aRequest({ token: await issuer.sign(googleClaims(claims)) }));

    expect(answer).toEqual({ statusCode: 403 });
    expect(queued).toEqual([]);
  });

  it.each([
    ['another key under the issuer’s id', { own: false }],
    ['a key that the issuer does not have', { key: 'forged', own: false }],
  ])('signed by %s is refused', async (_, options) => {
    const { handle, queued } = await anEndpoint();

    expect(await handle(aRequest({ token: await issuer.sign(googleClaims(), options) }))).toEqual({ statusCode: 403 });
    expect(queued).toEqual([]);
  });

  it.each([
    ['none', { alg: 'none' }, ''],
    ['HS256, by the public key', { alg: 'HS256', kid: 'key-1' }, 'c2lnbmF0dXJl'],
  ])('whose algorithm is %s is refused', async (_, header, signature) => {
    const { handle, queued } = await anEndpoint();
    const [head, claims] = [header, googleClaims()].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );

    expect(await handle(aRequest({ token: `${head}.${claims}.${signature}` }))).toEqual({ statusCode: 403 });
    expect(queued).toEqual([]);
  });

  it('of another project is acknowledged and dropped: it would be sent again for days', async () => {
    const { handle, queued } = await anEndpoint();
    const body = aPubSubPush(
      aLogEntry({ logName: 'projects/globex-123456/logs/cloudaudit.googleapis.com%2Factivity' }),
    );

    expect(await handle(aRequest({ token: await issuer.sign(googleClaims()), body }))).toEqual({ statusCode: 204 });
    expect(queued).toEqual([]);
  });

  it('to another tenant’s address is refused, with the token of its own', async () => {
    const { handle, queued } = await anEndpoint();
    const token = await issuer.sign(googleClaims());

    expect(await handle(aRequest({ token, tenant: 'globex', path: OTHER_PATH }))).toEqual({ statusCode: 403 });
    expect(await handle(aRequest({ token, tenant: 'globex' }))).toEqual({ statusCode: 403 });
    expect(queued).toEqual([]);
  });

  it.each([
    ['the body is not JSON', 'hello'],
    ['the body is no push', {}],
    ['the entry is malformed', aPubSubPush({ hello: 'world' })],
  ])('of an allowed sender is acknowledged and dropped where %s', async (_, body) => {
    const { handle, queued } = await anEndpoint();

    expect(await handle(aRequest({ token: await issuer.sign(googleClaims()), body }))).toEqual({ statusCode: 204 });
    expect(queued).toEqual([]);
  });
});

describe('a delivery of Event Grid', () => {
  const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

  it.each([
    ['version 2', {}],
    [
      'version 1',
      { iss: `https://sts.windows.net/${DIRECTORY}/`, azp: undefined, appid: EVENT_GRID, aud: `api://${APPLICATION}` },
    ],
  ])('with a token of %s is queued', async (_, claims) => {
    const { handle, queued } = await anEndpoint();
    const token = await issuer.sign(entraClaims(claims));

    const answer = await handle(aRequest({ provider: 'azure', token, headers, body: [aCloudEvent()], base64: true }));

    expect(answer).toEqual({ statusCode: 204 });
    expect(queued).toMatchObject([
      { tenant: 'acme', provider: 'azure', account: SUBSCRIPTION, group: 'web', region: null },
    ]);
  });

  it.each([
    ['of another audience', { aud: 'cccccccc-7777-4888-8999-aaaaaaaaaaaa' }],
    ['of another directory', { tid: 'dddddddd-2222-4333-8444-555555555555' }],
    [
      'of another customer, from another directory’s issuer',
      { iss: 'https://login.microsoftonline.com/dddddddd-2222-4333-8444-555555555555/v2.0' },
    ],
    ['of another application', { azp: 'eeeeeeee-9cdb-44cf-a8bf-237846a00ab7' }],
    ['of another application that names Event Grid in the older claim', { azp: APPLICATION, appid: EVENT_GRID }],
    ['of no application', { azp: undefined }],
    ['of Google', { iss: 'https://accounts.google.com' }],
    ['that has expired', { exp: SECONDS - 120 }],
    ['that is older than a day', { iat: SECONDS - 90_000, exp: SECONDS + 600 }],
    ['that is dated after the clock', { iat: SECONDS + 600 }],
  ])('with a token %s is refused', async (_, claims) => {
    const { handle, queued } = await anEndpoint();
    const token = await issuer.sign(entraClaims(claims));

    expect(await handle(aRequest({ provider: 'azure', token, body: aCloudEvent() }))).toEqual({ statusCode: 403 });
    expect(queued).toEqual([]);
  });

  it('is acknowledged and dropped entirely where one of its events is of another subscription', async () => {
    const { handle, queued } = await anEndpoint();
    const other = '99999999-3f40-4152-8637-48596a7b8c9d';
    const subject = aCloudEvent().subject.replace(SUBSCRIPTION, other);
    const foreign = aCloudEvent({ subject }, { subscriptionId: other });
    const token = await issuer.sign(entraClaims());

    const answer = await handle(aRequest({ provider: 'azure', token, body: [aCloudEvent(), foreign] }));

    expect(answer).toEqual({ statusCode: 204 });
    expect(queued).toEqual([]);
  });

  it('is allowed by the handshake of CloudEvents, for Event Grid alone and at a right path', async () => {
    const { handle } = await anEndpoint();
    const ask = (origin: string, path = PATH) =>
      handle(aRequest({ provider: 'azure', method: 'OPTIONS', path, headers: { 'WebHook-Request-Origin': origin } }));

    expect(await ask('eventgrid.azure.net')).toEqual({
      statusCode: 200,
      headers: { 'webhook-allowed-origin': 'eventgrid.azure.net' },
    });
    expect(await ask('mallory.example')).toEqual({ statusCode: 403 });
    expect(await ask('eventgrid.azure.net', OTHER_PATH)).toEqual({ statusCode: 403 });
  });

  it('gets its validation code back in its own schema, with a token alone', async () => {
    const { handle } = await anEndpoint();
    const eventType = 'Microsoft.EventGrid.SubscriptionValidationEvent';
    const body = [aGridEvent({ eventType, data: { validationCode: 'c0de' } })];
    const token = await issuer.sign(entraClaims());

    expect(await handle(aRequest({ provider: 'azure', token, body }))).toMatchObject({
      statusCode: 200,
      body: JSON.stringify({ validationResponse: 'c0de' }),
    });
    expect(await handle(aRequest({ provider: 'azure', body }))).toEqual({ statusCode: 403 });
  });
});

describe('a request that states itself that it is none', () => {
  const stating = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) => {
    const parts = [{ alg: 'RS256', kid: 'key-1', ...header }, claims];
    return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2ln`;
  };

  it.each<[string, Sent]>([
    ['a handshake that is not Event Grid’s', { provider: 'azure', method: 'OPTIONS' }],
    ['a handshake of Google', { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventgrid.azure.net' } }],
    ['no JSON', { token: 'a.b.c' }],
    ['another algorithm', { token: stating(googleClaims(), { alg: 'HS256' }) }],
    ['no key', { token: stating(googleClaims(), { kid: undefined }) }],
    ['another issuer', { token: stating(googleClaims({ iss: 'https://accounts.google.com.example' })) }],
    ['another audience', { token: stating(googleClaims({ aud: url('globex') })) }],
    ['that it has expired', { token: stating(googleClaims({ exp: SECONDS - 120 })) }],
    ['no end', { token: stating(googleClaims({ exp: undefined })) }],
    [
      'an issuer of no directory',
      { provider: 'azure', token: stating(entraClaims({ iss: 'https://sts.windows.net/' })) },
    ],
    ['an audience that is no application', { provider: 'azure', token: stating(entraClaims({ aud: url() })) }],
  ])('(%s) is refused before anything is read', async (_, sent) => {
    const { handle, reads } = await anEndpoint();
    const keysRead = issuer.reads();

    expect(await handle(aRequest(sent))).toEqual({ statusCode: 403 });

    expect([reads, issuer.reads() - keysRead]).toEqual([[], 0]);
  });
});

describe('a request that is refused', () => {
  it.each([
    ['without a token', { token: undefined }, 403],
    ['with a token of no form', { token: 'hello' }, 403],
    ['to no path of events', { path: 'short', token: 'a.b.c' }, 404],
    ['to a provider that pushes nothing', { provider: 'aws', token: 'a.b.c' }, 404],
    ['with a body of 65 KB', { token: 'a.b.c', body: 'x'.repeat(65 * 1024) }, 413],
    ['with a body of 65 KB in base64', { token: 'a.b.c', body: 'x'.repeat(65 * 1024), base64: true }, 413],
    ['by another method', { token: 'a.b.c', method: 'PUT' }, 404],
  ])('%s is so before anything is read', async (_, sent, statusCode) => {
    const { handle, reads } = await anEndpoint();
    const keysRead = issuer.reads();

    expect(await handle(aRequest(sent))).toEqual({ statusCode });

    expect(reads).toEqual([]);
    expect(issuer.reads()).toBe(keysRead);
  });

  it.each([
    ['a tenant that there is not', { tenant: 'nobody' }],
    ['another random part', { path: OTHER_PATH }],
    ['another tenant’s path', { tenant: 'globex' }],
  ])('for %s has its keys not read, and is answered as a wrong token is', async (_, sent) => {
    const { handle } = await anEndpoint();
    const token = await issuer.sign(googleClaims());
    const keysRead = issuer.reads();

    expect(await handle(aRequest({ token, ...sent }))).toEqual({ statusCode: 403 });
    expect(issuer.reads()).toBe(keysRead);
  });

  it('is refused by a disabled account too', async () => {
    const { handle, configs } = await anEndpoint();
    const disabled = accounts().map((account) => ({ ...account, enabled: false }));
    await configs.put(aTenantConfig({ accounts: disabled }), 1, 'external', NOON);

    expect(await handle(aRequest({ token: await issuer.sign(googleClaims()) }))).toEqual({ statusCode: 403 });
  });

  it('is no reason to read the issuer’s keys again, however many forged keys are named', async () => {
    const { handle } = await anEndpoint();
    const before = issuer.reads();

    for (let index = 0; index < 20; index++) {
      const token = await issuer.sign(googleClaims(), { key: `forged-${index}`, own: false });
      expect(await handle(aRequest({ token }))).toEqual({ statusCode: 403 });
    }

    expect(issuer.reads() - before).toBe(1);
  });

  it('is to be sent again where the issuer’s keys cannot be read, which is not tried for every request', async () => {
    const { handle, queued } = await anEndpoint();
    issuer.up = false;
    const before = issuer.reads();

    for (let index = 0; index < 5; index++) {
      expect(await handle(aRequest({ token: await issuer.sign(googleClaims()) }))).toEqual({ statusCode: 503 });
    }

    expect(issuer.reads() - before).toBe(1);
    expect(queued).toEqual([]);
  });

  it('is anything that is no request of an HTTP API', async () => {
    const { handle } = await anEndpoint();

    for (const event of [undefined, null, 'hello', {}, { version: '1.0' }, { Records: [] }])
      expect(await handle(event)).toEqual({ statusCode: 404 });
  });
});

describe('a tenant’s answer', () => {
  it('is the same whenever its config is put again', async () => {
    const { handle, configs, queued } = await anEndpoint();
    await configs.put(aTenantConfig({ accounts: accounts() }), 1, 'external', NOON + HOUR);

    await handle(aRequest({ token: await issuer.sign(googleClaims()) }));

    expect(queued).toHaveLength(1);
  });
});

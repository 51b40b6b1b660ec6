/**
 * The deployed API as people use it: an operator gives somebody a role, who signs in at an issuer and mutes what he sees, and the
 * next inspection respects that. The issuer is one on localhost, with real keys and the flow that the page uses; that the gateway checks signatures, the
 * emulator shows. It does not evaluate the keys of tables in session policies: test/adapters/aws/tenant-policy.test.ts does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { type OidcIssuer, startOidcIssuer } from '../../../sandbox/wire/oidc-issuer.ts';
import { type Deployment, findDeployment } from './deployment.ts';
import { addressOf, type HttpAnswer, type HttpRequest, requestApi } from './http-api.ts';
import { environmentOf, HOME, REGION, rootOf, STAGE } from './ministack.ts';
import { createUser } from './principals.ts';
import { openShell } from './shell.ts';
import { depthOf, type Subscriber, subscribe } from './subscriber.ts';
import { LEAKING, putHosts, putLeak } from './tenant-account.ts';

const HOUR = 3_600_000;
const ACCOUNT = '676767676767';
const FIRST = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
const SECOND = FIRST + HOUR;
const SOON = { timeout: 60_000, interval: 500 };
const AUDIENCE = 'plimsoll-api';
const ANOTHER = 'i-0another';

let deployment: Deployment;
let issuer: OidcIssuer;
let subscriber: Subscriber;

beforeAll(async () => {
  [deployment, issuer] = await Promise.all([findDeployment(), startOidcIssuer(AUDIENCE)]);
  await trust(issuer);
  await putHosts(ACCOUNT, FIRST);
  await deployment.connect('muted', ACCOUNT);
  subscriber = await subscribe(deployment.root, deployment.topicOf('muted'));
  await inspect(FIRST);
});

afterAll(() => issuer?.close());

describe('the page of a deployment', () => {
  it('is served at any of its addresses, and may load nothing from elsewhere', async () => {
    const pages = await Promise.all(['/', '/muted/incidents'].map((path) => call(path)));

    for (const { status, headers, body } of pages) {
      expect(status).toBe(200);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['content-security-policy']).toContain(`default-src 'self'; connect-src 'self' ${issuer.issuer};`);
      expect(body).toContain('<!doctype html>');
    }
  });
});

describe('whoever is signed in at a listed issuer', () => {
  let token: string;

  beforeAll(async () => {
    issuer.user = { subject: 'ada', groups: ['on-call'] };
    token = await signIn();
  });

  it('sees nothing before somebody has given it a role', async () => {
    expect(await read('/me', token)).toMatchObject({ kind: 'jwt', name: `${issuer.issuer}#ada`, tenants: [] });
    expect((await call('/api/v1/tenants/muted/incidents', { headers: bearer(token) })).status).toBe(404);
  });

  it('gets a role by the command line', async () => {
    const operator = openShell(inject('folder'), { ...environmentOf(rootOf(HOME)), AWS_REGION: REGION });
    const whom = `--tenant muted --issuer ${issuer.issuer} --subject bob`;

    const { exitCode } = await operator.run(`npx plimsoll access grant operator ${whom} --stage ${STAGE}`);
    issuer.user = { subject: 'bob', groups: [] };
    token = await signIn();

    expect(exitCode).toBe(0);
    expect(await read('/me', token)).toMatchObject({ tenants: [{ tenant: 'muted', role: 'operator' }] });
  });

  it('sees in the overview that an incident is open, and opens it', async () => {
    const overview = await read('/tenants/muted/overview', token);
    const { items } = listSchema.parse(await read('/tenants/muted/incidents?status=open', token));

    expect(overview).toMatchObject({ tenant: 'muted', incidents: { open: 1 } });
    expect(items).toMatchObject([{ status: 'open', host: { id: LEAKING } }]);
    expect(await read(`/tenants/muted/incidents/${items[0]?.ref}`, token)).toMatchObject({
      headline: expect.stringContaining(LEAKING),
    });
  });

  it('mutes the account, and the next inspection notifies nobody of what else it finds there', async () => {
    const until = new Date(Date.now() + 24 * HOUR).toISOString();
    const mute = { subject: { account: ACCOUNT }, reason: 'a load test', until };

    const muted = await call('/api/v1/tenants/muted/mutes', { method: 'POST', headers: bearer(token), body: mute });
    await putHosts(ACCOUNT, SECOND);
    await putLeak(ACCOUNT, SECOND, ANOTHER);
    await inspect(SECOND);

    expect([muted.status, JSON.parse(muted.body)]).toMatchObject([201, { active: true, reason: 'a load test' }]);
    const { items } = listSchema.parse(await read('/tenants/muted/incidents?status=open', token));
    const another = items.find(({ host }) => host.id === ANOTHER);
    expect(await read(`/tenants/muted/incidents/${another?.ref}`, token)).toMatchObject({
      status: 'open',
      lastNotifiedAt: null,
      mutes: [{ active: true, reason: 'a load test' }],
    });
    expect((await subscriber.received()).map((event) => [event.data.kind, subjectOf(event)])).toEqual([
      ['opened', LEAKING],
    ]);
  });

  it('leaves its changes in the audit log, and may change no config', async () => {
    const { items } = listSchema.parse(await read('/tenants/muted/audit', token));
    const { status } = await call('/api/v1/tenants/muted/grants', { headers: bearer(token) });

    expect(items).toMatchObject([
      { action: 'addMute', by: `${issuer.issuer}#bob`, role: 'operator', outcome: 'done' },
      { action: 'putGrant', subject: expect.stringContaining('operator to subject bob'), outcome: 'done' },
    ]);
    expect(status).toBe(403);
  });

  it('gets the same answer about a tenant of others as about one that there is not', async () => {
    await deployment.connect('foreign', '555566667777');

    const answers = await Promise.all(
      ['foreign', 'nobody'].map((tenant) => call(`/api/v1/tenants/${tenant}/incidents`, { headers: bearer(token) })),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.body).toBe(answers[1]?.body);
  });
});

describe('a request to the API', () => {
  it('is refused without a token, and with one of an issuer that is not listed', async () => {
    const other = await startOidcIssuer(AUDIENCE);
    const token = await other.sign({ sub: 'bob' });
    await other.close();

    const answers = await Promise.all([{}, bearer(token)].map((headers) => call('/api/v1/me', { headers })));

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(other.requests).toEqual([]);
  });

  it('is let in by IAM where it is signed by somebody whom IAM allows that, and not otherwise', async () => {
    const api = new URL(deployment.outputs['ApiUrl'] ?? '').hostname.split('.')[0];
    const Resource = `arn:aws:execute-api:${REGION}:${HOME}:${api}/*/*/iam/*`;
    const { accessKeyId, secretAccessKey } = await createUser(deployment.root, 'calls-the-api', [
      { Effect: 'Allow', Action: 'execute-api:Invoke', Resource },
    ]);
    const shell = openShell(inject('folder'), {});
    const address = `${addressOf(deployment.outputs['ApiUrl'] ?? '')}/iam/api/v1/me`;
    // The emulator's certificate is for localhost alone.
    const signed = `curl -sk --aws-sigv4 aws:amz:${REGION}:execute-api --user ${accessKeyId}:${secretAccessKey} ${address}`;

    const me = JSON.parse(await shell.demand(signed));
    const unsigned = await call('/iam/api/v1/me');

    expect(me).toMatchObject({ kind: 'iam', name: `arn:aws:iam::${HOME}:user/calls-the-api` });
    expect(me.tenants).toContainEqual({ tenant: 'muted', name: null, role: 'admin' });
    expect(unsigned.status).toBe(403);
  });
});

const listSchema = z.object({
  items: z.array(
    z
      .looseObject({ ref: z.string().optional(), host: z.looseObject({ id: z.string() }).nullable().optional() })
      .transform((item) => ({ ...item, host: item.host ?? { id: '' } })),
  ),
});

function call(path: string, options?: HttpRequest): Promise<HttpAnswer> {
  return requestApi(deployment.outputs['ApiUrl'] ?? '', path, options);
}

/** The JSON of an answer that has to be good. */
async function read(path: string, token: string): Promise<unknown> {
  const { status, body } = await call(`/api/v1${path}`, { headers: bearer(token) });
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return JSON.parse(body);
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

function subjectOf(event: object): unknown {
  return z.object({ data: z.object({ host: z.object({ id: z.string() }) }) }).parse(event).data.host.id;
}

const signInSchema = z.object({
  issuers: z.tuple([z.object({ issuer: z.url(), clientId: z.string(), scopes: z.string() })]),
});

/** As the page signs people in: the API names the issuer, and a code is redeemed with its verifier. */
async function signIn(): Promise<string> {
  const { issuers } = signInSchema.parse(JSON.parse((await call('/api/v1/sign-in')).body));
  const [{ issuer: address, clientId, scopes }] = issuers;
  const documentSchema = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url() });
  const endpoints = documentSchema.parse(await (await fetch(`${address}/.well-known/openid-configuration`)).json());
  const verifier = randomBytes(32).toString('base64url');
  const common = { client_id: clientId, redirect_uri: 'https://plimsoll.example.com/' };
  const query = new URLSearchParams({
    ...common,
    response_type: 'code',
    scope: scopes,
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await fetch(`${endpoints.authorization_endpoint}?${query}`, { redirect: 'manual' });
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const body = new URLSearchParams({ ...common, grant_type: 'authorization_code', code, code_verifier: verifier });
  const redeemed = await fetch(endpoints.token_endpoint, { method: 'POST', body });
  return z.object({ access_token: z.string() }).parse(await redeemed.json()).access_token;
}

/** Deploys the function with the issuer, which no deployment may list: it is called without TLS. */
async function trust({ issuer: address }: OidcIssuer): Promise<void> {
  const FunctionName = `${deployment.stack}-api`;
  const { lambda } = deployment.root;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const issuers = [{ issuer: address, name: 'local', clientId: 'console', audience: AUDIENCE, tenants: '*' }];
  const Variables = {
    ...Environment?.Variables,
    API_ISSUERS: JSON.stringify(issuers),
    PLIMSOLL_TEST_LOOPBACK_ISSUERS: 'on',
  };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}

async function inspect(time: number): Promise<void> {
  const scheduledTime = new Date(time).toISOString();
  await deployment.request({ version: 1, provider: 'aws', tenant: 'muted', account: ACCOUNT, scheduledTime });
  await vi.waitFor(async () => {
    const run = await deployment.newestRun('muted', ACCOUNT);
    expect(run).toMatchObject({ scheduledTime: time, outcome: 'complete' });
  }, SOON);
  // What is published is published after the run is written.
  const queue = deployment.outputs['InspectAwsQueueUrl'] ?? '';
  await vi.waitFor(async () => expect(await depthOf(deployment.root.sqs, queue)).toBe(0), SOON);
}

/** The handler of the API over the sandbox: events as API Gateway writes them, and stores that are opened for one tenant. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createAccessStore } from '../../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../../adapters/dynamodb/config-store.ts';
import { isolatedVariables } from '../../cli/environment.ts';
import { open } from '../../functions/api.ts';
import { apiVariables } from '../../functions/environment.ts';
import { type Deployment, deploy } from '../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type OidcIssuer, startOidcIssuer } from '../../sandbox/wire/oidc-issuer.ts';
import { aGrant } from '../contract/access-store.ts';
import { aTenantConfig, NOON } from '../fixtures/builders.ts';

const ROLE = 'arn:aws:iam::000000000000:role/plimsoll-sandbox-api-tenant';
const ARN = 'arn:aws:iam::000000000000:user/ada';

let sandbox: Sandbox;
let deployment: Deployment;
let issuer: OidcIssuer;
let variables: Disposable;
let folder: string;
let handler: Awaited<ReturnType<typeof open>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  [sandbox, issuer] = await Promise.all([startSandbox(), startOidcIssuer('api')]);
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  sandbox.trust(ROLE, null);
  const configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  for (const tenant of ['acme', 'globex']) await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON);
  const access = createAccessStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  await access.put(aGrant({ issuer: issuer.issuer, role: 'operator' }));
  const issuers = [{ issuer: issuer.issuer, clientId: 'console', audience: 'api', tenants: ['acme'] }];
  handler = await open(
    apiVariables({
      ...deployment.environment,
      KEY_ARN: 'arn:aws:kms:eu-west-1:000000000000:key/1',
      REQUEST_QUEUE_URL: deployment.dispatch.requestQueueUrl,
      RELAY_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:000000000000:relay',
      TENANT_ROLE_ARN: ROLE,
      INSPECT_FUNCTION_PREFIX: 'plimsoll-sandbox-inspect-',
      VERSION: '1.2.3',
      API_ISSUERS: JSON.stringify(issuers),
      PLIMSOLL_TEST_LOOPBACK_ISSUERS: 'on',
    }),
    folder,
  );
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await Promise.all([sandbox.close(), issuer.close(), rm(folder, { recursive: true })]);
});

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly routeKey?: string;
  /** Whom the gateway names as the one who signed the request. */
  readonly userArn?: string;
}

const IAM = {
  accessKey: 'key',
  accountId: '000000000000',
  callerId: 'id',
  cognitoIdentity: null,
  principalOrgId: null,
  userId: 'id',
};

const answerSchema = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()), body: z.string() });

async function call(path: string, { method = 'GET', headers = {}, body, routeKey = '$default', userArn }: Sent = {}) {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' };
  const facts = {
    accountId: '000000000000',
    apiId: 'api',
    requestId: 'r-1',
    routeKey,
    stage: '$default',
    timeEpoch: NOON,
  };
  const event: Parameters<typeof handler>[0] = {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'plimsoll.example.com', ...headers },
    requestContext: {
      ...facts,
      domainName: 'plimsoll.example.com',
      domainPrefix: 'plimsoll',
      time: '',
      http,
      authentication: null,
      authorizer: userArn === undefined ? {} : { iam: { ...IAM, userArn } },
    },
    isBase64Encoded: false,
    body: body ?? null,
  };
  return answerSchema.parse(await handler(event));
}

const bearer = async (sub: string) => ({ authorization: `Bearer ${await issuer.sign({ sub })}` });

describe('the function of the API', () => {
  it('serves the page, with the issuer among the origins that it may call', async () => {
    const { statusCode, headers, body } = await call('/acme/incidents');

    expect([statusCode, body]).toEqual([200, '<!doctype html>']);
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ${issuer.issuer};`);
  });

  it('names the issuers to whoever wants to sign in', async () => {
    const { body } = await call('/api/v1/sign-in');

    expect(JSON.parse(body)).toMatchObject({
      mode: 'oidc',
      version: '1.2.3',
      issuers: [{ issuer: issuer.issuer, name: issuer.issuer, clientId: 'console', scopes: 'openid' }],
    });
  });

  it('answers the bearer of a token within its tenants', async () => {
    const headers = await bearer('ada');

    const me = await call('/api/v1/me', { headers });
    const own = await call('/api/v1/tenants/acme/incidents', { headers });
    const foreign = await call('/api/v1/tenants/globex/incidents', { headers });

    expect(JSON.parse(me.body)).toMatchObject({ kind: 'jwt', tenants: [{ tenant: 'acme', role: 'operator' }] });
    expect([own.statusCode, JSON.parse(own.body)]).toEqual([200, { items: [], cursor: null }]);
    expect(foreign.statusCode).toBe(404);
  });

  it('stores what is written, with an entry in the audit log', async () => {
    const headers = {
      ...(await bearer('ada')),
      'content-type': 'application/json',
      origin: 'https://plimsoll.example.com',
    };
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const mute = JSON.stringify({ subject: { host: 'i-1' }, reason: 'a load test', until });

    const { statusCode } = await call('/api/v1/tenants/acme/mutes', { method: 'POST', headers, body: mute });
    const { body } = await call('/api/v1/tenants/acme/mutes', { headers });

    expect(statusCode).toBe(201);
    expect(JSON.parse(body)).toMatchObject({ items: [{ reason: 'a load test', by: `${issuer.issuer}#ada` }] });
    const audit = createAuditLog({ client: deployment.dynamodb, table: deployment.environment.TABLE });
    expect((await audit.list('acme', { limit: 5 })).entries).toMatchObject([{ action: 'addMute', outcome: 'done' }]);
  });

  it('lets in whom IAM has let in, by that route alone', async () => {
    const signed = await call('/iam/api/v1/me', { routeKey: 'ANY /iam/{proxy+}', userArn: ARN });
    const forged = await call('/iam/api/v1/me', { headers: { 'x-amzn-iam-userarn': ARN } });

    expect(JSON.parse(signed.body)).toMatchObject({
      kind: 'iam',
      name: ARN,
      tenants: [
        { tenant: 'acme', role: 'admin' },
        { tenant: 'globex', role: 'admin' },
      ],
    });
    expect(forged.statusCode).toBe(401);
  });

  it('states no more than that it cannot answer, where it may not become the tenant', async () => {
    sandbox.trust(ROLE, undefined);

    const { statusCode, headers, body } = await call('/iam/api/v1/tenants/globex/mutes', {
      routeKey: 'ANY /iam/{proxy+}',
      userArn: ARN,
    });

    expect([statusCode, headers['content-type']]).toEqual([503, 'application/problem+json']);
    expect(body).not.toMatch(/arn:|AssumeRole|\.ts/);
  });
});

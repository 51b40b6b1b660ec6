import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createIngestTokenStore } from '../../../adapters/dynamodb/ingest-token-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { isSecretOf, parseIngestToken } from '../../../core/ingest/token.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  const accounts = [{ provider: 'otlp', account: 'fleet' }];
  for (const tenant of ['acme', 'empty', 'revoked'])
    await configs.put(aTenantConfig({ tenant, accounts }), 0, 'external', NOON);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

const options = () => ({ client: deployment.dynamodb, table: deployment.environment.TABLE });

async function ingestTokens(...args: string[]) {
  const { CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE, TABLE: PLIMSOLL_TABLE } = deployment.environment;
  const { context, out, err } = aContext({ variables: { PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_TABLE } });
  const code = await run(['ingest-tokens', ...args], context);
  return { code, out: out(), err: err() };
}

const create = (tenant: string, ...args: string[]) =>
  ingestTokens('create', '--tenant', tenant, '--account', 'fleet', '--name', 'web hosts', ...args);

describe('plimsoll ingest-tokens create', () => {
  it('prints the token alone, and keeps its hash', async () => {
    const { code, out, err } = await create('acme');

    const parsed = parseIngestToken(out);
    expect([code, parsed?.tenant]).toEqual([0, 'acme']);
    expect(err).toContain(`created: ${parsed?.id} sends for account fleet. The token is not shown again`);
    const [kept] = await createIngestTokenStore(options()).list('acme');
    expect(kept).toMatchObject({ id: parsed?.id, account: 'fleet', name: 'web hosts' });
    expect(kept !== undefined && isSecretOf(kept, parsed?.secret ?? '')).toBe(true);
    const { entries } = await createAuditLog({ ...options(), now: () => NOON }).list('acme', { limit: 10 });
    expect(entries).toMatchObject([
      { action: 'createIngestToken', subject: '/ingest-tokens (web hosts for account fleet)', outcome: 'done' },
    ]);
  });

  it('refuses an account that the config has not, and a tenant that there is not', async () => {
    const account = await ingestTokens('create', '--tenant', 'empty', '--account', 'other', '--name', 'x');
    const tenant = await create('nobody');

    expect([account.code, account.err]).toEqual([1, expect.stringContaining('no account other of provider otlp')]);
    expect([tenant.code, tenant.err]).toEqual([1, expect.stringContaining('nobody')]);
    expect(await createIngestTokenStore(options()).list('empty')).toEqual([]);
  });
});

describe('plimsoll ingest-tokens revoke', () => {
  it('ends a token, which the list still shows without its hash', async () => {
    const { out } = await create('revoked', '--json');
    const { id } = parseIngestToken(JSON.parse(out).token) ?? { id: '' };

    const { code, out: printed } = await ingestTokens('revoke', id, '--tenant', 'revoked');

    expect([code, printed]).toEqual([0, expect.stringContaining(`revoked: ${id} (web hosts) sends nothing`)]);
    const listed = JSON.parse((await ingestTokens('list', '--tenant', 'revoked', '--json')).out);
    expect(listed).toMatchObject({ id, account: 'fleet', revokedAt: expect.stringContaining('T') });
    expect(listed).not.toHaveProperty('sha256');
    expect((await ingestTokens('list', '--tenant', 'revoked')).out).toMatch(/revoked \(UTC\)/);
  });

  it('names the command that lists them where there is no such token', async () => {
    const { code, err } = await ingestTokens('revoke', 'aaaaaaaaaa', '--tenant', 'empty');

    expect([code, err]).toEqual([1, expect.stringContaining('ingest-tokens list --tenant empty')]);
  });
});

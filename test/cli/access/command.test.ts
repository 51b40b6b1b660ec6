import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessStore } from '../../../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../../../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aGrant } from '../../contract/access-store.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const { issuer } = aGrant();

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  for (const tenant of ['acme', 'listed', 'revoked', 'logged'])
    await configs.put(aTenantConfig({ tenant }), 0, 'external', NOON);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

const store = () => createAccessStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });

const audit = () => createAuditLog({ client: deployment.dynamodb, table: deployment.environment.TABLE });

async function access(...args: string[]) {
  const { CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE, TABLE: PLIMSOLL_TABLE } = deployment.environment;
  const { context, out, err } = aContext({ variables: { PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_TABLE } });
  const code = await run(['access', ...args], context);
  return { code, out: out(), err: err() };
}

describe('plimsoll access grant', () => {
  it('gives a group a role, with the time and the caller', async () => {
    const { code, out } = await access(
      'grant',
      'operator',
      '--tenant',
      'acme',
      '--issuer',
      issuer,
      '--group',
      'on call',
    );

    expect([code, out]).toEqual([0, `granted: group on call of ${issuer} is operator of tenant acme`]);
    expect(await store().ofTenant('acme')).toMatchObject([
      {
        issuer,
        kind: 'group',
        name: 'on call',
        role: 'operator',
        grantedAt: NOON,
        grantedBy: expect.stringMatching(/^arn:/),
      },
    ]);
  });

  it('is in the audit log of the tenant, as by the API', async () => {
    await access('grant', 'viewer', '--tenant', 'logged', '--issuer', issuer, '--subject', 'ada');
    await access('revoke', '--tenant', 'logged', '--issuer', issuer, '--subject', 'ada');

    const facts = { by: expect.stringMatching(/^arn:/), role: 'admin', outcome: 'done', at: NOON };
    const { entries } = await audit().list('logged', { limit: 10 });
    expect(entries.toSorted((a, b) => (a.action < b.action ? 1 : -1))).toMatchObject([
      { ...facts, action: 'putGrant', subject: `/grants (viewer to subject ada of ${issuer})` },
      {
        ...facts,
        action: 'deleteGrant',
        subject: expect.stringMatching(/^\/grants\/\w+ \(viewer to subject ada of https:/),
      },
    ]);
  });

  it.each([
    ['a role that there is not', ['owner', '--subject', 'ada'], 'Allowed choices are viewer, operator, admin'],
    ['nobody', ['viewer'], 'Name whom it is about: --subject or --group'],
    ['a subject and a group', ['viewer', '--subject', 'ada', '--group', 'sre'], 'cannot be used with'],
    ['an empty name', ['viewer', '--subject', ''], 'name: must'],
  ])('refuses %s', async (_, [role = '', ...rest], message) => {
    const { code, err } = await access('grant', role, '--tenant', 'acme', '--issuer', issuer, ...rest);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('refuses an issuer that is no address', async () => {
    const { code, err } = await access('grant', 'viewer', '--tenant', 'acme', '--issuer', 'entra', '--subject', 'ada');

    expect([code, err]).toEqual([1, expect.stringContaining('issuer: must be')]);
  });

  it('refuses a tenant that there is not', async () => {
    const { code, err } = await access('grant', 'viewer', '--tenant', 'none', '--issuer', issuer, '--subject', 'ada');

    expect([code, err]).toEqual([1, expect.stringContaining('none')]);
    expect(await store().ofTenant('none')).toEqual([]);
  });
});

describe('plimsoll access list', () => {
  it('shows who may do what', async () => {
    await store().put(aGrant({ tenant: 'listed', role: 'admin' }));

    const { code, out } = await access('list', '--tenant', 'listed');

    expect(code).toBe(0);
    expect(out).toContain('admin  subject ada  https://login.example.com/acme  2026-11-20 12:00');
  });

  it('prints one JSON object a line', async () => {
    const grant = await store().put(aGrant({ tenant: 'listed', role: 'admin' }));

    const { out } = await access('list', '--tenant', 'listed', '--json');

    expect(JSON.parse(out)).toEqual({ ...grant, grantedAt: '2026-11-20T12:00:00.000Z' });
  });

  it('states that nobody has a role', async () => {
    expect(await access('list', '--tenant', 'nobody')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nobody has a role'),
    });
  });
});

describe('plimsoll access revoke', () => {
  it('takes a role back', async () => {
    await store().put(aGrant({ tenant: 'revoked' }));

    const { code, out } = await access('revoke', '--tenant', 'revoked', '--issuer', issuer, '--subject', 'ada');

    expect([code, out]).toEqual([
      0,
      `revoked: subject ada of ${issuer} is no longer viewer of tenant revoked, within a minute`,
    ]);
    expect(await store().ofTenant('revoked')).toEqual([]);
  });

  it('refuses where there is none', async () => {
    const { code, err } = await access('revoke', '--tenant', 'revoked', '--issuer', issuer, '--group', 'sre');

    expect([code, err]).toEqual([1, expect.stringContaining(`group sre of ${issuer} has no role for tenant revoked`)]);
  });
});

import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { configKey } from '../../../adapters/dynamodb/keys.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { parseTenantConfig } from '../../../core/tenants/tenant-config.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { allCloudsAt } from '../../../sandbox/scenario/scenario.ts';
import { damage } from '../../adapters/dynamodb/table.ts';
import { NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let settings: Disposable;

const EXTERNAL_ID = 'plimsoll-external';
const roleOf = (account: string) => `arn:aws:iam::${account}:role/plimsoll-reader`;

/** Accounts of the fleet, by tenant; one is not trusted and one is disabled. */
const TENANTS: Readonly<Record<string, readonly object[]>> = {
  acme: [anAws('111111111111'), anAws('222222222222', { regions: ['eu-central-1', 'us-east-1'] })],
  globex: [anAws('444444444444'), anAws('333333333333', { enabled: false })],
  initech: [aProject('orchard-partner-12')],
  umbrella: [anAws('222222222222')],
};

function anAws(account: string, fields: object = {}) {
  return { provider: 'aws', account, regions: ['eu-west-1'], role: roleOf(account), ...fields };
}

function aProject(account: string) {
  const serviceAccount = `plimsoll@${account}.iam.gserviceaccount.com`;
  const identity = { projectNumber: '123456789012', pool: 'plimsoll', provider: 'plimsoll-aws', serviceAccount };
  return { provider: 'gcp', account, regions: ['europe-west1'], identity };
}

beforeAll(async () => {
  sandbox = await startSandbox({ fleet: allCloudsAt(NOON) });
  deployment = await deploy(sandbox);
  settings = isolatedVariables(deployment.environment);
  const { dynamodb: client, environment } = deployment;
  const table = environment.CONFIGS_TABLE;
  const configs = createConfigStore({ client, table });
  for (const [tenant, accounts] of Object.entries(TENANTS)) {
    await configs.put(parseTenantConfig({ version: 1, tenant, accounts }), 0, EXTERNAL_ID, NOON);
  }
  for (const account of ['111111111111', '222222222222', '333333333333']) sandbox.trust(roleOf(account), EXTERNAL_ID);
  const raw = DynamoDBDocumentClient.from(client);
  await damage(raw, { table, key: configKey('umbrella', 1), attribute: 'config' }, (json) =>
    json.replace('"regions"', '"region"'),
  );
});

afterAll(async () => {
  settings[Symbol.dispose]();
  await sandbox.close();
});

async function doctor(args: readonly string[], width?: number) {
  const variables = { PLIMSOLL_CONFIGS_TABLE: deployment.environment.CONFIGS_TABLE, AWS_REGION: 'eu-west-1' };
  const { context, out, err } = aContext({ variables, ...(width !== undefined && { width }) });
  const code = await run(['doctor', ...args], context);
  return { code, out: out(), err: err() };
}

describe('plimsoll doctor --all-tenants', () => {
  it('shows each account on one line of 80 columns, the worst first, with what to do', async () => {
    const { code, out, err } = await doctor(['--all-tenants'], 80);

    const lines = out.split('\n');
    const rows = lines.filter((line) => /^(no sign-in|no right|partial|no metric|not from here|ok) /.test(line));
    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
      ['no sign-in', 'globex'],
      ['partial', 'acme'],
      ['not from here', 'initech'],
      ['ok', 'acme'],
    ]);
    expect(rows[0]).toMatch(/444444444444 .*correct its trust$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('reports a config that cannot be read, and hides no other tenant', async () => {
    const { out } = await doctor(['--all-tenants']);

    expect(out).toMatch(/^config unreadable: .*umbrella/);
    expect(out).toContain('222222222222');
  });

  it('counts how accounts stand, and names the command that shows all about one', async () => {
    const { out } = await doctor(['--all-tenants'], 120);

    const text = out.replace(/\n {2}/g, ' ');
    expect(text).toContain(
      '4 accounts of 3 tenants; 1 no sign-in, 1 partial, 1 not from here, 1 ok; 1 disabled and not examined;',
    );
    expect(text).toContain('npx plimsoll doctor --tenant globex --account 444444444444');
  });

  it('prints JSON for programs, one object for each account and region', async () => {
    const { code, out } = await doctor(['--all-tenants', '--json']);

    const lines = out.split('\n').map((line) => JSON.parse(line));
    expect(code).toBe(4);
    expect(
      lines
        .filter(({ kind }) => kind === 'examination')
        .map(({ tenant }) => tenant)
        .sort(),
    ).toEqual(['acme', 'acme', 'acme', 'globex']);
    expect(lines.find(({ kind }) => kind === 'not_from_here')).toMatchObject({
      tenant: 'initech',
      provider: 'gcp',
      account: 'orchard-partner-12',
    });
    expect(lines.at(-1)).toMatchObject({ kind: 'unreadable_config', detail: expect.stringContaining('umbrella') });
  });

  it('warns of alerts that are valid and do nothing, and names their tenant', async () => {
    const { dynamodb: client, environment } = deployment;
    const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
    const alerts = { shadow: { until: '2020-01-01T00:00:00Z' } };
    const config = { version: 1, tenant: 'initech', accounts: TENANTS['initech'], alerts };
    await configs.put(parseTenantConfig(config), 1, EXTERNAL_ID, NOON);

    const all = await doctor(['--all-tenants', '--json']);
    const one = await doctor(['--tenant', 'initech']);

    expect(all.err).toMatch(/^warning: tenant initech: alerts\.shadow\.until: ended at 2020-01-01/);
    expect(one.err).toMatch(/^warning: alerts\.shadow\.until: ended at 2020-01-01/);
    expect(one.code).toBe(0);
  });

  it.each([
    [['--tenant', 'acme'], 'leave out --tenant'],
    [['--external-id-from-env', 'X'], 'leave out --external-id-from-env'],
  ])('refuses %j beside it', async (args, message) => {
    const { code, err } = await doctor(['--all-tenants', ...args]);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

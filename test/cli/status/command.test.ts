import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createHealthStore } from '../../../adapters/dynamodb/health-store.ts';
import { healthKey } from '../../../adapters/dynamodb/keys.ts';
import { createSpendStore } from '../../../adapters/dynamodb/spend-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import type { ScopeHealth } from '../../../core/model/health.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aCapState, aJobSpend, aSpend } from '../../contract/spend-store.ts';
import { anAccount, aScopeHealth, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const { dynamodb: client, environment } = deployment;
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const health = createHealthStore({ client, table: environment.TABLE });
  const put = async (tenant: string, overrides: Partial<ScopeHealth> = {}) => {
    await configs.put(aTenantConfig({ tenant, accounts: [anAccount()] }), 0, 'external', NOON - 100 * HOUR);
    await health.putWatch(tenant, { accounts: [], aliveOn: null }, 0);
    await health.put(aScopeHealth({ tenant, ...overrides }), 0);
  };
  await put('acme');
  await put('globex', { outcome: 'partial', failure: 'denied', partial: { runs: 2, since: NOON - HOUR } });
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

async function status(...args: string[]) {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE } = deployment.environment;
  const { context, out, err } = aContext({
    variables: { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE },
    now: NOON + 5 * MINUTE,
  });
  const code = await run(['status', ...args], context);
  return { code, out: out(), err: err() };
}

describe('plimsoll status', () => {
  it('ends with 4 where an account fails, which comes first', async () => {
    const { code, out } = await status();

    expect(code).toBe(4);
    expect(out).toMatch(/failing +globex[^\n]*\n[^\n]*ok +acme/);
    expect(out).toContain('1 of 2 accounts overdue or failing');
  });

  it('ends with 0 where nothing fails', async () => {
    const { code, out } = await status('acme');

    expect(code).toBe(0);
    expect(out).toContain('none of');
  });

  it('prints a JSON object for each region, and the totals', async () => {
    const { code, out } = await status('--json', '--overdue');

    expect(code).toBe(4);
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      {
        kind: 'region',
        tenant: 'globex',
        provider: 'aws',
        account: '111122223333',
        region: 'eu-west-1',
        state: 'failing',
        since: '2026-11-20T11:00:00.000Z',
        message: 'denied',
        lastRun: '2026-11-20T12:00:00.000Z',
        outcome: 'partial',
        nextRun: '2026-11-20T13:00:00.000Z',
      },
      { kind: 'total', accounts: 2, accountsFailing: 1 },
    ]);
  });

  it('refuses a tenant and an account that are not there', async () => {
    const unknown = await status('nobody');
    const other = await status('--account', '999999999999');

    expect([unknown.code, other.code]).toEqual([1, 1]);
    expect(unknown.err).toContain('There is no tenant nobody');
    expect(other.err).toContain('No config has an account 999999999999');
  });

  it('shows the others where the health of a region cannot be read back, and ends with 4', async () => {
    const { dynamodb, environment } = deployment;
    const key = healthKey('acme', { ...aScopeHealth().scope, region: 'eu-west-9' });
    const Item = { ...key, version: 1, ttl: 1, health: '{}' };
    await DynamoDBDocumentClient.from(dynamodb).send(new PutCommand({ TableName: environment.TABLE, Item }));

    const { code, out, err } = await status('acme');

    expect(code).toBe(4);
    expect(out).toContain('1 region inspected completely');
    expect(err).toContain('sk=HEALTH#aws#111122223333#eu-west-9');
  });

  it('needs no more than the two tables', async () => {
    const { context, err } = aContext();

    expect(await run(['status'], context)).toBe(1);
    expect(err()).toContain('PLIMSOLL_TABLE');
  });

  it('shows what a tenant with a cost cap spent, and what its month will cost', async () => {
    const { dynamodb: client, environment } = deployment;
    const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
    const spends = createSpendStore({ client, table: environment.TABLE });
    const spent = { month: '2026-11', usd: 3, usdPerHost: 0.01, hosts: 10, watched: 2 };
    const config = aTenantConfig({ tenant: 'capped', costCap: { usdPerMonth: 20 } });
    await configs.put(config, 0, 'external', NOON - 100 * HOUR);
    await createHealthStore({ client, table: environment.TABLE }).put(aScopeHealth({ tenant: 'capped', spent }), 0);
    await spends.addRequest('capped', aSpend({ usd: 0.5 }));
    await spends.addJob('capped', aJobSpend({ usd: 0.25, usdPerMetric: null }));
    await spends.putCap('capped', aCapState({ quietHours: 2, jobs: 4, deepReadsOff: true }), 0);

    const text = await status('capped');
    const json = await status('capped', '--json');

    expect(text.out.replaceAll(/\s+/g, ' ')).toContain(
      'capped spent $3.75 in 2026-11, $0.25 of it by jobs, and will have spent $18.81 at its end, of at most $20.00; weeks are not read any more; jobs are slowed down to every 4 hours; quiet hosts are inspected every 2 hours',
    );
    expect(JSON.parse(json.out.split('\n').at(-2) ?? '')).toMatchObject({
      kind: 'spend',
      tenant: 'capped',
      capUsd: 20,
      spentUsd: 3.75,
      quietHours: 2,
      deepReadsOff: true,
      jobs: 4,
      jobsUsd: 0.25,
    });
  });
});

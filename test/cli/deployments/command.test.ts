import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createScalingLog } from '../../../adapters/dynamodb/scaling-log.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aScalingEvent } from '../../contract/scaling-log.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
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
  const two = [anAccount(), anAccount({ account: '999922223333', role: 'arn:aws:iam::999922223333:role/plimsoll-x' })];
  for (const tenant of ['acme', 'listed', 'again'])
    await configs.put(aTenantConfig({ tenant, accounts: [anAccount()] }), 0, 'external', NOON);
  await configs.put(aTenantConfig({ tenant: 'two', accounts: two }), 0, 'external', NOON);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

const log = () =>
  createScalingLog({ client: deployment.dynamodb, table: deployment.environment.TABLE, now: () => NOON });

async function deployments(...args: string[]) {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE } = deployment.environment;
  const { context, out, err } = aContext({ variables: { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE } });
  const code = await run(['deployments', ...args], context);
  return { code, out: out(), err: err() };
}

describe('plimsoll deployments add', () => {
  it('keeps what was deployed to a group in all regions of the account', async () => {
    const at = '2026-11-20T11:00Z';

    const { code, out } = await deployments('add', 'web', '--tenant', 'acme', '--version', 'v2.31', '--at', at);

    expect([code, out]).toEqual([
      0,
      'kept: v2.31 was deployed to group web of aws 111122223333 at 2026-11-20 11:00 UTC',
    ]);
    const scope = { provider: 'aws', account: '111122223333', region: null } as const;
    expect(await Array.fromAsync(log().list('acme', scope, 'web', 0))).toMatchObject([
      { kind: 'deployed', name: 'v2.31', time: NOON - HOUR, region: null, hosts: [] },
    ]);
  });

  it('keeps it once, however often it is stated', async () => {
    const args = ['add', 'web', '--tenant', 'again', '--version', 'v1', '--region', 'eu-west-1'];
    await deployments(...args);

    expect((await deployments(...args)).out).toMatch(/^known already: v1 .* eu-west-1 at 2026-11-20 12:00 UTC$/);
  });

  it.each([
    [['--tenant', 'nobody', '--version', 'v1'], 'There is no tenant nobody'],
    [['--tenant', 'acme', '--version', 'v1', '--region', 'mars-1'], 'no such account and region'],
    [['--tenant', 'two', '--version', 'v1'], 'several accounts (aws 111122223333, aws 999922223333): name one of them'],
    [['--tenant', 'acme', '--version', 'v1', '--at', '2026-11-21'], 'is in the future'],
    [['--tenant', 'acme', '--version', 'v'.repeat(201)], 'name: '],
    [['--tenant', 'acme'], "required option '--version <name>'"],
  ])('refuses %j with the reason', async (args, reason) => {
    const { code, err } = await deployments('add', 'web', ...args);

    expect(code).toBe(1);
    expect(err).toContain(reason);
  });
});

describe('plimsoll deployments list', () => {
  it('shows deployments, the newest first, and with --all scaling events too', async () => {
    const deployed = { tenant: 'listed', kind: 'deployed', hosts: [] } as const;
    await log().add(aScalingEvent({ ...deployed, id: 'a', name: 'v1', time: NOON - 9 * HOUR }));
    await log().add(aScalingEvent({ ...deployed, id: 'b', name: 'v2\u001b[31m', time: NOON - 3 * HOUR, region: null }));
    await log().add(aScalingEvent({ tenant: 'listed', id: 'c', time: NOON - 2 * HOUR, hosts: ['i-1', 'i-2'] }));
    await log().add(aScalingEvent({ ...deployed, id: 'old', name: 'v0', time: NOON - 31 * 24 * HOUR }));

    const listed = await deployments('list', 'web', '--tenant', 'listed');
    const all = await deployments('list', 'web', '--tenant', 'listed', '--all', '--json');

    expect(listed.out.split('\n').map((line) => line.trimEnd())).toEqual([
      'time (UTC)        what         account           region',
      expect.stringMatching(/^2026-11-20 09:00 {2}v2.*deployed +aws 111122223333 {2}all$/),
      expect.stringMatching(/^2026-11-20 03:00 {2}v1 deployed +aws 111122223333 {2}eu-west-1$/),
    ]);
    expect(listed.out).not.toContain('\u001b');
    const events = all.out.split('\n').map((line) => JSON.parse(line));
    expect(events.map(({ kind, version }) => [kind, version])).toEqual([
      ['launched', null],
      ['deployed', expect.stringContaining('v2')],
      ['deployed', 'v1'],
    ]);
  });

  it('states that nothing is kept', async () => {
    expect((await deployments('list', 'api', '--tenant', 'acme')).out).toBe(
      'nothing is kept of group api in the last 30 days',
    );
  });
});

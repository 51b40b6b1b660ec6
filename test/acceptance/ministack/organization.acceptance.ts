/** The guide to many accounts, by people who have the rights that it names: an organization is listed, and nothing is added by itself. */
import { CreateAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { type Deployment, findDeployment } from './deployment.ts';
import { commandsOf } from './documents.ts';
import { ENDPOINT, environmentOf, HOME, REGION, rootOf } from './ministack.ts';
import { createUser, rightsOfOperator } from './principals.ts';
import { openShell, type Shell } from './shell.ts';

const TENANT = 'organized';
const KNOWN = '121212121212';

const createdSchema = z.object({ CreateAccountStatus: z.object({ AccountId: z.string() }) });

/** Of a tenant of this file, whose config has one version. */
const commands = (await commandsOf('docs/many-accounts.md', 'Discover')).map((command) =>
  command.replaceAll('acme', TENANT).replace(/--expect-version \d+/, '--expect-version 1'),
);

let deployment: Deployment;
let made: string[];
let operator: Shell;

beforeAll(async () => {
  deployment = await findDeployment();
  await deployment.connect(TENANT, KNOWN);
  const organizations = new OrganizationsClient({ endpoint: ENDPOINT, region: REGION, credentials: rootOf(HOME) });
  made = await Promise.all(
    ['web', 'data'].map(async (AccountName) => {
      const command = new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` });
      return createdSchema.parse(await organizations.send(command)).CreateAccountStatus.AccountId;
    }),
  );
  operator = await openAs('discoverer', ['organizations:ListAccounts']);
});

describe('the guide to many accounts', () => {
  it('proposes the accounts of the organization, and stores nothing', async () => {
    const [discover = ''] = commands;

    const { exitCode, stdout, stderr } = await operator.run(discover);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(3);
    for (const account of made) expect(stdout).toContain(account);
    expect(await storedAccounts()).toEqual([KNOWN]);
  });

  it('writes them to a file, which the next command puts', async () => {
    const [, discover = '', put = ''] = commands;

    const proposed = await operator.run(discover);
    const { exitCode, stdout, stderr } = await operator.run(put);

    expect(proposed.exitCode, `${proposed.stdout}\n${proposed.stderr}`).toBe(3);
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    expect(await storedAccounts()).toEqual(expect.arrayContaining([KNOWN, ...made]));
  });

  it('proposes nothing any more', async () => {
    const [discover = ''] = commands;

    const { exitCode, stdout, stderr } = await operator.run(discover);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });

  it('reports to somebody who may not list accounts which right is missing', async () => {
    const [discover = ''] = commands;
    const stranger = await openAs('stranger', []);

    const { exitCode, stdout, stderr } = await stranger.run(discover);

    expect(exitCode, `${stdout}\n${stderr}`).toBe(1);
    expect(stderr).toContain('organizations:ListAccounts');
  });
});

async function openAs(name: string, actions: readonly string[]): Promise<Shell> {
  const rights = rightsOfOperator(deployment.outputs);
  const listing = actions.length === 0 ? [] : [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  const credentials = await createUser(deployment.root, name, [...rights, ...listing]);
  return openShell(inject('folder'), { ...environmentOf(credentials), AWS_REGION: REGION });
}

const configSchema = z.object({ accounts: z.array(z.object({ account: z.string() })) });

async function storedAccounts(): Promise<string[]> {
  const config = await operator.demand(`npx plimsoll tenants get ${TENANT} --stage prod --format json`);
  return configSchema.parse(JSON.parse(config)).accounts.map(({ account }) => account);
}

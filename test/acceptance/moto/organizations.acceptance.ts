/** The accounts of an organization, listed from an AWS Organizations that others wrote. */
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organizationsDirectory } from '../../../adapters/organizations/directory.ts';
import { listed } from '../../contract/account-directory.ts';
import { CONFIG, clients, HOME, reset } from './moto.ts';

const { organizations } = clients();
let root: string;
let unit: string;

/** Twenty-five accounts in the root, of which the last one is moved into a unit of a unit. */
beforeAll(async () => {
  await reset();
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id ?? '';
  unit = await makeUnit(root, 'web');
  const deep = await makeUnit(unit, 'web-eu');
  const ids = [];
  for (let index = 0; index < 25; index++) ids.push(await makeAccount(`Account ${index}`));
  await organizations.send(
    new MoveAccountCommand({ AccountId: ids.at(-1), SourceParentId: root, DestinationParentId: deep }),
  );
});

afterAll(reset);

async function makeUnit(ParentId: string, Name: string): Promise<string> {
  const { OrganizationalUnit } = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
  return OrganizationalUnit?.Id ?? '';
}

async function makeAccount(AccountName: string): Promise<string> {
  const command = new CreateAccountCommand({ AccountName, Email: `${AccountName.replace(' ', '')}@example.com` });
  return (await organizations.send(command)).CreateAccountStatus?.AccountId ?? '';
}

const directory = (...parents: string[]) => organizationsDirectory({ parents, client: CONFIG });

describe('an organization on moto', () => {
  it('is listed with all of its accounts, that of its management included', async () => {
    const { accounts, unlisted } = await listed(directory());

    expect(unlisted).toEqual([]);
    expect(accounts).toHaveLength(26);
    expect(accounts.map(({ account }) => account)).toContain(HOME);
    expect(accounts.map(({ name }) => name)).toContain('Account 7');
    expect(new Set(accounts.map(({ state }) => state))).toEqual(new Set(['active']));
  });

  it('is listed unit by unit with the same result', async () => {
    const ids = async (parents: string[]) =>
      (await listed(directory(...parents))).accounts.map(({ account }) => account);

    expect((await ids([root])).sort()).toEqual((await ids([])).sort());
  });

  it('is listed below a unit', async () => {
    const { accounts } = await listed(directory(unit));

    expect(accounts).toMatchObject([{ name: 'Account 24', partition: 'aws' }]);
  });
});

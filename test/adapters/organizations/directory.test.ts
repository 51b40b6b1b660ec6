import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { organizationsDirectory } from '../../../adapters/organizations/directory.ts';
import { accountDirectoryChecks, listed } from '../../contract/account-directory.ts';
import { itKeeps } from '../../contract/check.ts';
import { closeWorlds, type Naming, startWorld } from '../../contract/directory-worlds.ts';

const NAMING: Naming = {
  parts: ['r-root', 'ou-root-11111111', 'ou-root-22222222', 'ou-root-33333333'],
  account: (index) => ({ id: String(100_000_000_000 + index) }),
  active: 'ACTIVE',
  suspended: 'SUSPENDED',
  hasParts: true,
};

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const open = (endpoint: string, ...parents: string[]) =>
  organizationsDirectory({ parents, client: { endpoint, region: 'us-east-1', credentials } });

afterEach(closeWorlds);

describe('the accounts of an AWS organization, unit by unit', () => {
  itKeeps(accountDirectoryChecks, () => startWorld(NAMING, open));
});

describe('the accounts of an entire AWS organization', () => {
  const entire = () => startWorld({ ...NAMING, hasParts: false }, (endpoint) => open(endpoint));
  itKeeps(accountDirectoryChecks, entire);

  it('are requested twenty at a time, and units not at all', async () => {
    const { directory, requests, names } = await entire();

    await listed(directory);

    expect(requests()).toBe(Math.ceil(names.size / 20));
  });
});

describe('an AWS organization', () => {
  it('gives each account its partition', async () => {
    const { directory } = await startWorld(NAMING, open);

    const { accounts } = await listed(directory);

    expect(accounts[0]).toMatchObject({ provider: 'aws', partition: 'aws', stateName: 'ACTIVE' });
  });

  it('states which credentials it takes where they do not do', async () => {
    const { directory, deny } = await startWorld(NAMING, (endpoint) => open(endpoint));
    deny();

    await expect(listed(directory)).rejects.toThrow(
      /^the organization cannot be listed: AccessDeniedException: .*; it takes credentials of the management account/,
    );
  });

  it('is reported once where a unit is denied, of which accounts and units are requested', async () => {
    const { directory, deny } = await startWorld(NAMING, open);
    deny('ou-root-22222222');

    const { unlisted } = await listed(directory);

    expect(unlisted.map(({ location, reason }) => [location, reason])).toEqual([['ou-root-22222222', 'denied']]);
  });

  it('states in words that an answer is not JSON', async () => {
    const server = createServer((_, response) => response.end('<html>sign in to the network</html>'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
    });

    const error = await listed(open(`http://127.0.0.1:${port}`)).catch((thrown: unknown) => thrown);
    server.close();

    expect(error).toMatchObject({
      reason: 'malformed',
      message: 'the organization cannot be listed: the answer is not JSON: is there a proxy that answers instead?',
    });
  });

  it('states that a unit does not exist', async () => {
    const { directory } = await startWorld(NAMING, (endpoint) => open(endpoint, 'ou-none-00000000'));

    await expect(listed(directory)).rejects.toMatchObject({
      reason: 'not_found',
      message: expect.stringContaining('ou-none-00000000 cannot be listed: ParentNotFoundException'),
    });
  });

  it('lists the other units where one of those that are named does not exist', async () => {
    const { directory } = await startWorld(NAMING, (endpoint) =>
      open(endpoint, 'ou-none-00000000', 'ou-root-22222222'),
    );

    const { accounts, unlisted } = await listed(directory);

    expect(accounts).toHaveLength(3);
    expect(unlisted.map(({ location }) => location)).toContain('ou-none-00000000');
  });

  it('reports credentials that AWS does not know as a failed sign-in', async () => {
    const { directory } = await startWorld(NAMING, (endpoint) =>
      organizationsDirectory({
        parents: [],
        client: {
          endpoint,
          credentials: () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
        },
      }),
    );

    await expect(listed(directory)).rejects.toMatchObject({
      stage: 'sign_in',
      message: expect.stringMatching(/^cannot sign in to AWS/),
    });
  });
});

import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, it } from 'vitest';
import { loopbackHttpClient } from '../../../adapters/azure/loopback.ts';
import { managementGroupsDirectory } from '../../../adapters/management-groups/directory.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { startOrganization } from '../../../sandbox/organizations/server.ts';
import { accountDirectoryChecks, listed } from '../../contract/account-directory.ts';
import { itKeeps } from '../../contract/check.ts';
import { closeWorlds, type Naming, startWorld } from '../../contract/directory-worlds.ts';

const DIRECTORY = '31c75423-32d6-4322-88b7-c478bdde4858';
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const NAMING: Naming = {
  parts: ['acme', 'acme-web', 'acme-data', 'acme-data-eu'],
  account: (index) => ({ id: idOf(index), directory: DIRECTORY }),
  active: 'Enabled',
  suspended: 'Disabled',
  // One list has all descendants.
  hasParts: false,
};

const credential = { getToken: async () => ({ token: 'a token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
const open = (endpoint: string, ...groups: string[]) =>
  managementGroupsDirectory({ groups, connection: { credential, httpClient: loopbackHttpClient(endpoint) } });

afterEach(closeWorlds);

describe('the subscriptions of an Azure management group', () => {
  itKeeps(accountDirectoryChecks, () => startWorld(NAMING, open));

  it('have the directory that they are in', async () => {
    const { directory } = await startWorld(NAMING, open);

    const { accounts } = await listed(directory);

    expect(accounts[0]).toMatchObject({ provider: 'azure', directory: DIRECTORY, stateName: 'Enabled' });
  });

  it('are listed also where one of them may not be read, with a state that is not known', async () => {
    await using world = await closing(
      startOrganization({ id: 'acme', accounts: [{ id: idOf(1), name: 'Hidden', state: 'Enabled', directory: null }] }),
    );

    const { accounts, unlisted } = await listed(open(world.endpoint, 'acme'));

    expect(unlisted).toEqual([]);
    expect(accounts).toMatchObject([{ account: idOf(1), state: 'unknown', directory: null }]);
  });

  it('are listed without states where the list of subscriptions fails, which is reported', async () => {
    const { directory, names, deny } = await startWorld(NAMING, open);
    deny('');

    const { accounts, unlisted } = await listed(directory);

    expect(accounts).toHaveLength(names.size);
    expect(new Set(accounts.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(unlisted).toMatchObject([{ location: expect.stringContaining('states'), reason: 'denied' }]);
  });

  it.each([
    'https://management.azure.com/x?skipToken=abc',
    'https://management.azure.com/x?$skip=100',
    'https://management.azure.com/x?$skiptoken=',
    '/providers/x?$skiptoken=abc',
  ])('are not taken for all where the link %s to the next page cannot be followed', async (nextLink) => {
    const groups = { value: [{ type: '/subscriptions', name: idOf(1) }], nextLink };

    const { accounts, unlisted } = await listed(answering((url) => (isStates(url) ? { value: [] } : groups)));

    expect(accounts.map(({ account }) => account)).toEqual([idOf(1)]);
    expect(unlisted).toMatchObject([
      { location: 'acme', reason: 'malformed', detail: expect.stringContaining('nextLink names no $skiptoken') },
    ]);
  });

  it('are reported as listed without all states where the link to more of these cannot be followed', async () => {
    const groups = { value: [{ type: '/subscriptions', name: idOf(1) }] };
    const states = { value: [], nextLink: '/subscriptions?page=2' };

    const { unlisted } = await listed(answering((url) => (isStates(url) ? states : groups)));

    expect(unlisted).toMatchObject([{ location: expect.stringContaining('states'), reason: 'malformed' }]);
  });

  it('of a group that does not exist are refused with the command that prints the groups', async () => {
    const { directory } = await startWorld(NAMING, (endpoint) => open(endpoint, 'none'));

    await expect(listed(directory)).rejects.toThrow(
      /^none cannot be listed: NotFound: .*az account management-group list/,
    );
  });

  it('are not listed at all by somebody who is not signed in', async () => {
    const refused = new SourceError('cannot sign in to Azure', {
      reason: 'denied',
      retryable: false,
      stage: 'sign_in',
    });
    const signedOut = { getToken: () => Promise.reject(refused) };

    const directory = managementGroupsDirectory({ groups: ['acme'], connection: { credential: signedOut } });

    await expect(listed(directory)).rejects.toBe(refused);
  });
});

const isStates = (url: string) => url.includes('/subscriptions?');

/** Answers every request by its address. */
function answering(answerTo: (url: string) => object) {
  const httpClient: HttpClient = {
    sendRequest: async (request) => ({
      status: 200,
      request,
      headers: createHttpHeaders(),
      bodyAsText: JSON.stringify(answerTo(request.url)),
    }),
  };
  return managementGroupsDirectory({ groups: ['acme'], connection: { credential, httpClient } });
}

async function closing<Closable extends { close(): Promise<void> }>(started: Promise<Closable>) {
  const one = await started;
  return { ...one, [Symbol.asyncDispose]: () => one.close() };
}

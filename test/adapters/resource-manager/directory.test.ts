import { PassThroughClient } from 'google-auth-library';
import { afterEach, describe, expect, it } from 'vitest';
import { resourceManagerDirectory } from '../../../adapters/resource-manager/directory.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import { accountDirectoryChecks, listed } from '../../contract/account-directory.ts';
import { itKeeps } from '../../contract/check.ts';
import { closeWorlds, type Naming, startWorld } from '../../contract/directory-worlds.ts';

const NAMING: Naming = {
  parts: ['organizations/1', 'folders/11', 'folders/22', 'folders/33'],
  account: (index) => ({ id: `project-${index}`, number: String(1_000_000 + index) }),
  active: 'ACTIVE',
  suspended: 'DELETE_REQUESTED',
  hasParts: true,
};

const open = (endpoint: string, ...parents: string[]) =>
  resourceManagerDirectory({ parents, endpoint, signIn: async () => new PassThroughClient() });

afterEach(closeWorlds);

describe('the projects of a Google Cloud organization', () => {
  itKeeps(accountDirectoryChecks, () => startWorld(NAMING, open));

  it('have their numbers, which a workload identity pool is named by', async () => {
    const { directory } = await startWorld(NAMING, open);

    const { accounts } = await listed(directory);

    expect(accounts[0]).toMatchObject({ account: 'project-0', projectNumber: '1000000' });
  });

  it('of a folder are those below it', async () => {
    const { directory } = await startWorld(NAMING, (endpoint) => open(endpoint, 'folders/22'));

    const { accounts } = await listed(directory);

    expect(accounts.map(({ account }) => account)).toEqual(['project-60', 'project-61', 'project-70']);
  });

  it('name the role that it takes to list them', async () => {
    const { directory, deny } = await startWorld(NAMING, open);
    deny();

    await expect(listed(directory)).rejects.toThrow(
      /organizations\/1 cannot be listed: PERMISSION_DENIED: .*; it takes roles\/browser/,
    );
  });

  it('are not listed at all by somebody who is not signed in', async () => {
    const refused = new SourceError('cannot sign in to Google Cloud', {
      reason: 'denied',
      retryable: false,
      stage: 'sign_in',
    });
    const directory = resourceManagerDirectory({ parents: ['folders/1'], signIn: () => Promise.reject(refused) });

    await expect(listed(directory)).rejects.toBe(refused);
  });
});

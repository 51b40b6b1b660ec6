/** The lists of accounts that the command line can read, with the credentials of whoever runs it. Only this file knows all of them. */
import type { AccountDirectory } from '../core/ports/account-directory.ts';
import { ownCredentials as ownAzureCredentials } from './azure/own-credentials.ts';
import { LISTING_SCOPES, ownCredentials } from './gcp/credentials.ts';
import { managementGroupsDirectory } from './management-groups/directory.ts';
import { organizationsDirectory } from './organizations/directory.ts';
import { resourceManagerDirectory } from './resource-manager/directory.ts';

/** Below what accounts are listed. In AWS no root stands for the entire organization. */
export interface DirectoryChoice {
  readonly provider: AccountDirectory['provider'];
  readonly roots: readonly string[];
}

export function openDirectory({ provider, roots }: DirectoryChoice): AccountDirectory {
  switch (provider) {
    case 'aws':
      return organizationsDirectory({ parents: roots });
    case 'gcp':
      return resourceManagerDirectory({ parents: roots, signIn: ownCredentials(LISTING_SCOPES) });
    case 'azure':
      return managementGroupsDirectory({ groups: roots, connection: { credential: ownAzureCredentials() } });
  }
}

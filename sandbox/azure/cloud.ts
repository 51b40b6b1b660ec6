/** Azure on localhost: one address for its directory, Resource Manager, metrics and logs, and how its clients get there. */

import { audienceFor } from '../../adapters/azure/credentials.ts';
import { loopbackHttpClient } from '../../adapters/azure/loopback.ts';
import type { AzureConnection } from '../../adapters/azure-monitor/clients.ts';
import type { AzureAccount } from '../../core/model/azure-account.ts';
import { close, listen } from '../wire/listen.ts';
import type { WebIdentity } from '../wire/web-identity.ts';
import { createDirectory } from './directory.ts';
import { type AzureParts, createAzureServer } from './server.ts';

export interface Azure {
  /** For the functions: `PLIMSOLL_TEST_AZURE_ENDPOINT`. */
  readonly endpoint: string;
  /** With a token that reads everything. */
  readonly connection: AzureConnection;
  /** Lets the application of an account in with the tenant's external id; undefined takes the trust back. */
  trust(account: Pick<AzureAccount, 'directory' | 'client' | 'account'>, externalId: string | undefined): void;
  close(): Promise<void>;
}

type Parts = Omit<AzureParts, 'directory'> & { readonly webIdentity: WebIdentity };

/** Starts on an ephemeral loopback port. */
export async function startAzure({ webIdentity, ...parts }: Parts): Promise<Azure> {
  const directory = createDirectory(webIdentity);
  const server = createAzureServer({ ...parts, directory });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  const forever = { token: directory.masterToken, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
  return {
    endpoint,
    connection: {
      credential: { getToken: () => Promise.resolve(forever) },
      httpClient: loopbackHttpClient(endpoint),
    },
    trust({ directory: id, client, account }, externalId) {
      if (externalId === undefined) directory.forget(id, client);
      else directory.register({ directory: id, client, audience: audienceFor(externalId) }, account);
    },
    close: () => close(server),
  };
}

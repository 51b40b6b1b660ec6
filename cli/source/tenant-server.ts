/** A Prometheus server as its tenant has granted it, reached from a prompt: by whoever may read the tenant's secrets. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BOUNDED_WAIT } from '../../adapters/aws/client.ts';
import { roleCredentials } from '../../adapters/aws/credentials.ts';
import { ownRegion } from '../../adapters/aws/own-region.ts';
import { federatedCredentials as federatedWithEntra } from '../../adapters/azure/credentials.ts';
import { federatedCredentials as federatedWithGoogle } from '../../adapters/gcp/credentials.ts';
import { accountConnections, type Owner } from '../../adapters/promql/account-connection.ts';
import type { PromqlConnection } from '../../adapters/promql/connection.ts';
import { ownConnection } from '../../adapters/promql/own-connection.ts';
import { createSecretStore } from '../../adapters/secrets-manager/store.ts';
import { awsServiceOf, type PrometheusAccount } from '../../core/model/prometheus-account.ts';
import type { SecretStore } from '../../core/ports/secret-store.ts';
import type { CloudAccess } from './cloud-access.ts';

export function tenantServer(owner: Owner, account: PrometheusAccount, access: CloudAccess): PromqlConnection {
  const { prometheusEndpoint } = access;
  if (prometheusEndpoint !== undefined) {
    const url = new URL(new URL(account.url).pathname, prometheusEndpoint);
    return ownConnection({ url, auth: { type: 'none' } });
  }
  const home = awsServiceOf(new URL(account.url))?.region ?? 'us-east-1';
  return accountConnections('any', {
    secrets: secretsOf(access),
    role: roleCredentials({ client: { region: () => ownRegion(home) } }),
    directory: federatedWithEntra({ sts: {} }),
    pool: (grant) => async () => {
      const { sessionRole, stsRegion } = access.gcpSession();
      return await federatedWithGoogle({ role: sessionRole, sts: { region: stsRegion } })(grant)();
    },
  })(owner, account);
}

/** The stage is in the names of topics, of which the name of the deployment's secrets follows. */
function secretsOf({ topicArnPrefix }: CloudAccess): SecretStore {
  return {
    // Each `get` reads anew.
    forget() {},
    async get(tenant, name) {
      const [, stage = ''] = /:plimsoll-(.+)_$/.exec(topicArnPrefix()) ?? [];
      const client = new SecretsManagerClient(BOUNDED_WAIT);
      return await createSecretStore({ client, prefix: `plimsoll/${stage}/` }).get(tenant, name);
    },
  };
}

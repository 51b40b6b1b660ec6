/** Inspects the Prometheus servers that the messages on its queue name. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { roleCredentials } from '../adapters/aws/credentials.ts';
import { federatedCredentials as federatedWithEntra } from '../adapters/azure/credentials.ts';
import { federatedCredentials as federatedWithGoogle } from '../adapters/gcp/credentials.ts';
import { accountConnections } from '../adapters/promql/account-connection.ts';
import { unauthorised } from '../adapters/promql/authorise/none.ts';
import type { PromqlConnection } from '../adapters/promql/connection.ts';
import { promqlHttp } from '../adapters/promql/http.ts';
import { parseServerLists } from '../adapters/promql/listed-servers.ts';
import { promqlSource } from '../adapters/promql/source.ts';
import { createSecretStore } from '../adapters/secrets-manager/store.ts';
import type { PrometheusAccount } from '../core/model/prometheus-account.ts';
import type { StoredTenant } from '../core/model/tenant.ts';
import { InvalidInputError } from '../core/ports/errors.ts';
import { type InspectPrometheusVariables, inspectPrometheusVariables } from './environment.ts';
import { inspectHandler } from './inspect-handler.ts';
import { createPorts, type InspectPorts } from './inspection-ports.ts';

export const handler = inspectHandler('prometheus', inspectPrometheusVariables, (variables) => openPorts(variables));

/** How the server of an account is reached. */
type Connect = (tenant: StoredTenant, account: PrometheusAccount) => PromqlConnection;

/** Throws `InvalidInputError` where what the operator listed is malformed. @param connect Tests pass one that reaches a server on loopback. */
export function openPorts(variables: InspectPrometheusVariables, connect = connections(variables)): InspectPorts {
  return createPorts(variables, 'prometheus', (tenant, account) => {
    const { account: name, containers, clusterLabels, groupLabel, queries } = account;
    return promqlSource({
      account: name,
      connection: connect(tenant, account),
      containers,
      clusterLabels,
      ...(groupLabel !== undefined && { groupLabel }),
      ...(queries !== undefined && { queries }),
    });
  });
}

function connections(variables: InspectPrometheusVariables): Connect {
  const { AWS_REGION, PLIMSOLL_TEST_PROMETHEUS_ENDPOINT: testEndpoint } = variables;
  const { PROMETHEUS_ENDPOINTS: endpoints, PROMETHEUS_PRIVATE_NETWORKS: networks } = variables;
  const { lists, issues } = parseServerLists(endpoints, networks);
  if (issues.length > 0) throw new InvalidInputError('The function’s environment', issues);
  if (testEndpoint !== undefined) return loopbackConnections(testEndpoint);
  const settings = { region: AWS_REGION, ...BOUNDED_WAIT };
  const connectionOf = accountConnections(lists, {
    secrets: createSecretStore({ client: new SecretsManagerClient(settings), prefix: variables.SECRET_PREFIX }),
    role: roleCredentials({ client: settings }),
    directory: federatedWithEntra({ sts: settings }),
    pool: federatedWithGoogle({ role: variables.GCP_SESSION_ROLE, sts: settings }),
  });
  return ({ config: { tenant }, externalId }, account) => connectionOf({ tenant, externalId }, account);
}

/** For tests and the demo: all servers are one on this machine, which anybody may read. */
function loopbackConnections(endpoint: string): Connect {
  const http = promqlHttp();
  return (_, { url }) => ({ url: new URL(new URL(url).pathname, endpoint), authorise: unauthorised, http });
}

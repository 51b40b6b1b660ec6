/** Inspects the Google Cloud projects that the messages on its queue name. */
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { federatedCredentials } from '../adapters/gcp/credentials.ts';
import { loopbackClient } from '../adapters/gcp/loopback.ts';
import { monitoringClients } from '../adapters/gcp-monitoring/client.ts';
import { cloudMonitoringSource } from '../adapters/gcp-monitoring/source.ts';
import { type InspectGcpVariables, inspectGcpVariables } from './environment.ts';
import { inspectHandler } from './inspect-handler.ts';
import { createPorts, type InspectPorts } from './inspection-ports.ts';

export const handler = inspectHandler('gcp', inspectGcpVariables, (variables) => openPorts(variables));

/** @param federate How the function signs in; tests pass one that signs in elsewhere than at Google. */
export function openPorts(variables: InspectGcpVariables, federate = federatedCredentials): InspectPorts {
  const { AWS_REGION, GCP_SESSION_ROLE: role, PLIMSOLL_TEST_GCP_ENDPOINT: testEndpoint } = variables;
  const signInFor = federate({ role, sts: { region: AWS_REGION, ...BOUNDED_WAIT } });
  const clientOf = monitoringClients();
  const testClient = testEndpoint === undefined ? undefined : loopbackClient(testEndpoint);
  return createPorts(
    variables,
    'gcp',
    ({ config: { tenant }, externalId }, { account, identity, containers }, region) => {
      const signIn = signInFor({ identity, externalId, tenant });
      const client = async () => testClient ?? clientOf(await signIn());
      return cloudMonitoringSource({ project: account, region, containers, client });
    },
  );
}

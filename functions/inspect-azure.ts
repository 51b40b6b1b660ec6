/** Inspects the Azure subscriptions that the messages on its queue name. */
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { federatedCredentials } from '../adapters/azure/credentials.ts';
import { loopbackHttpClient } from '../adapters/azure/loopback.ts';
import { azureMonitorSource } from '../adapters/azure-monitor/source.ts';
import { type InspectAzureVariables, inspectAzureVariables } from './environment.ts';
import { inspectHandler } from './inspect-handler.ts';
import { createPorts, type InspectPorts } from './inspection-ports.ts';

export const handler = inspectHandler('azure', inspectAzureVariables, (variables) => openPorts(variables));

export function openPorts(variables: InspectAzureVariables): InspectPorts {
  const { AWS_REGION, PLIMSOLL_TEST_AZURE_ENDPOINT: endpoint } = variables;
  const http = endpoint === undefined ? {} : { httpClient: loopbackHttpClient(endpoint) };
  const credentialFor = federatedCredentials({ sts: { region: AWS_REGION, ...BOUNDED_WAIT }, ...http });
  return createPorts(variables, 'azure', ({ config: { tenant }, externalId }, account, region) => {
    const { account: subscription, directory, client, workspace, containers } = account;
    const credential = credentialFor({ directory, client, externalId, tenant });
    return azureMonitorSource({
      connection: { credential, ...http },
      account: subscription,
      region,
      ...(workspace !== undefined && { workspace }),
      containers,
    });
  });
}

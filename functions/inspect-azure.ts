/** Inspects the Azure subscriptions that the messages on its queue name. */
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { federatedCredentials } from '../adapters/azure/credentials.ts';
import { loopbackHttpClient } from '../adapters/azure/loopback.ts';
import { azureMonitorSource } from '../adapters/azure-monitor/source.ts';
import type { InspectionPorts } from '../core/inspection/inspect-regions.ts';
import { type InspectAzureVariables, inspectAzureVariables } from './environment.ts';
import { type InspectAnswer, type InvocationContext, inspectEvent } from './inspect-event.ts';
import { createPorts } from './inspection-ports.ts';
import { createLogger } from './log.ts';
import { createMetrics, type EmitMetrics } from './metrics.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections and tokens are reused. */
let ports: InspectionPorts | undefined;
let metrics: EmitMetrics | undefined;

export async function handler(event: unknown, context: InvocationContext): Promise<InspectAnswer> {
  ports ??= openPorts(inspectAzureVariables());
  metrics ??= createMetrics({ stage: inspectAzureVariables().STAGE, function: 'inspect-azure', provider: 'azure' });
  return inspectEvent(event, { ports, logger, metrics, context, now: Date.now() });
}

export function openPorts(variables: InspectAzureVariables): InspectionPorts {
  const { AWS_REGION, PLIMSOLL_TEST_AZURE_ENDPOINT: endpoint } = variables;
  const http = endpoint === undefined ? {} : { httpClient: loopbackHttpClient(endpoint) };
  const credentialFor = federatedCredentials({ sts: { region: AWS_REGION, ...BOUNDED_WAIT }, ...http });
  return createPorts(variables, 'azure', ({ config: { tenant }, externalId }, account, region) => {
    const { account: subscription, directory, client, workspace } = account;
    const credential = credentialFor({ directory, client, externalId, tenant });
    return azureMonitorSource({
      connection: { credential, ...http },
      account: subscription,
      region,
      ...(workspace !== undefined && { workspace }),
    });
  });
}

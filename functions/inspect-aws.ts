/** Inspects the AWS accounts that the messages on its queue name. */
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { roleCredentials } from '../adapters/aws/credentials.ts';
import { cloudwatchSource } from '../adapters/cloudwatch/source.ts';
import type { InspectionPorts } from '../core/inspection/inspect-regions.ts';
import { type InspectVariables, inspectAwsVariables } from './environment.ts';
import { type InspectAnswer, type InvocationContext, inspectEvent } from './inspect-event.ts';
import { createPorts, type OpenSource } from './inspection-ports.ts';
import { createLogger } from './log.ts';
import { createMetrics, type EmitMetrics } from './metrics.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm: connections and assumed roles are reused. */
let ports: InspectionPorts | undefined;
let metrics: EmitMetrics | undefined;

export async function handler(event: unknown, context: InvocationContext): Promise<InspectAnswer> {
  ports ??= openPorts(inspectAwsVariables());
  metrics ??= createMetrics({ stage: inspectAwsVariables().STAGE, function: 'inspect-aws', provider: 'aws' });
  return inspectEvent(event, { ports, logger, metrics, context, now: Date.now() });
}

/** The ports of this function. @param wait How long its clients wait for an answer. */
export function openPorts(variables: InspectVariables, wait = BOUNDED_WAIT): InspectionPorts {
  const credentialsFor = roleCredentials({ client: { region: variables.AWS_REGION, ...wait } });
  const openSource: OpenSource<'aws'> = ({ config: { tenant }, externalId }, { account, role }, region) => {
    const credentials = credentialsFor({ role, externalId, tenant });
    return cloudwatchSource({ account, region, client: { credentials } });
  };
  return createPorts(variables, 'aws', openSource, wait);
}

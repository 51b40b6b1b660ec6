/** Inspects the AWS accounts that the messages on its queue name. */
import { BOUNDED_WAIT, type ClientWait } from '../adapters/aws/client.ts';
import { roleCredentials } from '../adapters/aws/credentials.ts';
import { cloudwatchSource } from '../adapters/cloudwatch/source.ts';
import type { RetryClock } from '../adapters/reading/retry.ts';
import { type InspectVariables, inspectAwsVariables } from './environment.ts';
import { inspectHandler } from './inspect-handler.ts';
import { createPorts, type InspectPorts, type OpenSource } from './inspection-ports.ts';

export const handler = inspectHandler('aws', inspectAwsVariables, (variables) => openPorts(variables));

/**
 * The ports of this function.
 *
 * @param wait How long its clients wait for an answer; tests also pass what answers in the same process.
 * @param clock For tests: the time of retries.
 */
export function openPorts(
  variables: InspectVariables,
  wait: ClientWait = BOUNDED_WAIT,
  clock?: RetryClock,
): InspectPorts {
  const credentialsFor = roleCredentials({ client: { region: variables.AWS_REGION, ...wait } });
  const openSource: OpenSource<'aws'> = ({ config: { tenant }, externalId }, { account, role, containers }, region) => {
    const credentials = credentialsFor({ role, externalId, tenant });
    return cloudwatchSource({ account, region, containers, client: { credentials }, ...(clock && { clock }) });
  };
  return createPorts(variables, 'aws', openSource, wait);
}

/** Inspects the hosts that send their memory by OTLP, as the messages on its queue name them. */
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../adapters/aws/client.ts';
import { otlpSource } from '../adapters/otlp/source.ts';
import { createSampleStore } from '../adapters/s3/sample-store.ts';
import type { SampleStore } from '../core/ports/sample-store.ts';
import { type InspectVariables, inspectOtlpVariables } from './environment.ts';
import { inspectHandler } from './inspect-handler.ts';
import { createPorts, type InspectPorts } from './inspection-ports.ts';

export const handler = inspectHandler('otlp', inspectOtlpVariables, (variables) => openPorts(variables));

/**
 * What was sent for a tenant is read as its own: the key of each object begins with the tenant.
 *
 * @param store Where it is; by default the bucket of the deployment.
 */
export function openPorts(variables: InspectVariables, store = openSamples(variables)): InspectPorts {
  return createPorts(variables, 'otlp', ({ config: { tenant } }, { account }) =>
    otlpSource({ tenant, account, store }),
  );
}

function openSamples({ AWS_REGION: region, RESULTS_BUCKET: bucket }: InspectVariables): SampleStore {
  return createSampleStore({ client: new S3Client({ region, ...BOUNDED_WAIT }), bucket });
}

/** A CloudWatch on loopback that answers with bodies written by hand: answers that the sandbox, which is honest, never gives. */
import { json } from 'node:stream/consumers';
import { cloudwatchSource } from '../../../adapters/cloudwatch/source.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { OWN_ACCOUNT } from '../../../sandbox/aws/accounts.ts';
import { listening } from '../../fixtures/listening.ts';
import { REGION } from '../../sandbox/small-fleets.ts';

export interface Script {
  /** The pages of the listing of live instances, and of the agent's metrics. */
  readonly live?: readonly unknown[];
  readonly agent?: readonly unknown[];
  /** The pages of samples. */
  readonly data?: readonly unknown[];
  /** The pages of the instances' tags. */
  readonly tags?: readonly unknown[];
}

/** A listing of metrics with these dimensions. */
export function listing(...dimensions: readonly Readonly<Record<string, string>>[]): unknown {
  return {
    Metrics: dimensions.map((named) => ({
      Dimensions: Object.entries(named).map(([Name, Value]) => ({ Name, Value })),
    })),
  };
}

/** A source whose every request is answered by the next page of its script, the last one again and again. */
export async function scriptedSource({
  live = ONE_HOST,
  agent = ONE_HOST,
  data = [],
  tags = NO_TAGS,
}: Script): Promise<MemorySource> {
  const pages = { live: [...live], agent: [...agent], others: [listing()], data: [...data], tags: [...tags] };
  const origin = await listening(async (request, response) => {
    const body = Object(await json(request));
    const page = pages[actionOf(String(request.headers['x-amz-target']), body)];
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(page.length > 1 ? page.shift() : page[0]));
  });
  return cloudwatchSource({
    account: OWN_ACCOUNT,
    region: REGION,
    client: { endpoint: origin, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'none' } },
  });
}

/** The kind of a request. Of the metrics of hosts' memory the script has the agent's on Linux alone. */
function actionOf(target: string, { Namespace, MetricName }: { Namespace?: string; MetricName?: string }) {
  if (target.endsWith('.GetResources')) return 'tags';
  if (target.endsWith('.GetMetricData')) return 'data';
  if (Namespace === 'AWS/EC2') return 'live';
  return MetricName === 'mem_used_percent' ? 'agent' : 'others';
}

const ONE_HOST = [listing({ InstanceId: 'i-1' })];
const NO_TAGS = [{ ResourceTagMappingList: [] }];

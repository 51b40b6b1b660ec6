/** How often a machine reads a page back from disk, where an exporter counts it. Read for full hosts only. */
import { parseInput } from '../../core/model/issues.ts';
import type { PointReading } from '../../core/model/points.ts';
import { PAGING_FAULTS, type Resource } from '../../core/model/series.ts';
import type { Failure } from '../reading/failure.ts';
import { pageFaultSeries } from '../reading/page-faults.ts';
import { rangeSchema } from './answers.ts';
import { queryRange, type RequestContext } from './client.ts';
import { atAddress, type ConsumersRequest, matcherOf } from './consumers.ts';
import { undocumented } from './errors.ts';
import { is, type Matcher, range, selector } from './expressions.ts';
import { checkedSamples, type ValueRule } from './points.ts';

/** Nothing serves so many pages a second. */
const MOST_A_SECOND = 1e8;

const RATE: ValueRule = {
  fault: (value) => (value >= 0 && value <= MOST_A_SECOND ? undefined : `${value} page faults a second`),
  clamp: (value) => value,
  mostWithout: 0.1,
};

/** One series for the machine. */
export async function readPageFaults(
  context: RequestContext,
  host: Resource,
  { span, clusterLabels }: ConsumersRequest,
): Promise<PointReading> {
  const here = hereOf(host);
  if (host.kind === 'container' || here === undefined) return notCounted(host);
  const inCluster = clusterLabels.flatMap((label) => matcherOf(label, host));
  const { window, periodMs } = span;
  const failed = ({ reason, detail }: Failure): PointReading => {
    return { kind: 'unreadable', scope: host, metric: PAGING_FAULTS, reason, detail };
  };
  const answer = await queryRange(context, pageFaults([...inCluster, here], periodMs), window, periodMs);
  if (answer.kind === 'failed') return failed(answer.failure);
  const [first] = answer.data.result;
  if (first === undefined) return answer.incomplete ? failed(answer.incomplete) : notCounted(host);
  const { data, error } = parseInput(rangeSchema, first);
  if (error) return failed(undocumented(error.issues[0]?.message ?? 'a series is none'));
  const samples = checkedSamples(data.values, span, RATE);
  if (samples.kind === 'failed') return failed(samples.failure);
  return samples.times.length === 0 ? notCounted(host) : pageFaultSeries(host, span, samples);
}

/** Undefined of a host that no label names. */
function hereOf({ labels = {} }: Resource): Matcher | undefined {
  const { instance, host_name: name, 'host.name': dotted } = labels;
  if (instance !== undefined) return atAddress(instance);
  if (name !== undefined) return is('host_name', name);
  return dotted === undefined ? undefined : is('host.name', dotted);
}

/** What the host metrics receiver counts, as Prometheus writes it in each of its versions. */
const COLLECTOR_NAMES = ['system_paging_faults_total', 'system_paging_faults', 'system.paging.faults'];

/**
 * Major page faults a second of one host, by the exporter that counts them: node_exporter (collector vmstat), or the host metrics receiver, of Linux. A rate
 * takes resets for what they are. What two servers write counts once.
 */
function pageFaults(hosts: readonly Matcher[], periodMs: number): string {
  const rate = (name: string, matchers: readonly Matcher[] = []) =>
    `max (rate(${selector(name, [...matchers, ...hosts])}${range(periodMs)}))`;
  const ofCollector = COLLECTOR_NAMES.map((name) => rate(name, [is('type', 'major')]));
  return [rate('node_vmstat_pgmajfault'), ...ofCollector].join(' or ');
}

function notCounted(resource: Resource): PointReading {
  const hint =
    resource.kind === 'container'
      ? 'Page faults are counted of the node of a container.'
      : 'No exporter counts the page faults of this host. node_exporter does by its collector vmstat: node_vmstat_pgmajfault.';
  return { kind: 'not_monitored', resource, metric: PAGING_FAULTS, reason: 'not_reported', hint };
}

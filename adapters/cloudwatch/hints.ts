/** What the owner of a host can do where its memory is not published, or no longer. What is stated must be true of the account. */
import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { Window } from '../../core/model/series.ts';
import { type Host, instanceOf, isInstance, type Publication, unresolvedInstance } from './hosts.ts';
import { isSameMeasurement, LINUX_MEMORY, NODE_MEMORY, WINDOWS_MEMORY } from './metrics.ts';

/** Host names that are given as examples: a hint is one paragraph. */
const NAMES_SHOWN = 3;

const NOTHING =
  'In the last two weeks nothing has published the memory of this InstanceId: neither ' +
  `${LINUX_MEMORY.MetricName} nor "${WINDOWS_MEMORY.MetricName}", in any namespace, nor ${NODE_MEMORY.MetricName} in ${NODE_MEMORY.Namespace}.`;

const INSTALL =
  'install the CloudWatch agent and add to its configuration "mem": { "measurement": ["mem_used_percent"] } (on Windows ' +
  '"Memory": { "measurement": ["% Committed Bytes In Use"] }) and, under "append_dimensions", InstanceId. For the nodes of a ' +
  'cluster turn on Container Insights instead.';

const APPEND = `"append_dimensions": { "InstanceId": "\${aws:InstanceId}" } directly under "metrics", beside "metrics_collected"`;

/**
 * Why an instance shows no memory: nobody publishes any, or somebody does under a name from which the instance is not known.
 * @param hosts All hosts that publish their memory.
 */
export function notReportedHint(hosts: readonly Host[]): string {
  const machines = hosts.filter((host) => !isInstance(host));
  if (machines.length === 0) return `${NOTHING} To have it read, ${INSTALL}`;
  const placeholder = machines.map(({ best }) => unresolvedInstance(best.dimensions)).find((id) => id !== undefined);
  const cause =
    placeholder === undefined
      ? `${namesOf(machines)} under a host name alone, and may be this instance: they are evaluated by that name. To have the instance ` +
        `known, set ${APPEND}, in the agent’s configuration.`
      : `${namesOf(machines)} under a host name, with "${placeholder}" as the InstanceId, and may be this instance: they are ` +
        'evaluated by that name. The agent replaces its variables only where "append_dimensions" is not inside a section such as ' +
        `"mem": move it so that its configuration has ${APPEND}.`;
  return `${NOTHING} ${cause} If this instance is none of them, ${INSTALL}`;
}

/** `2 hosts (web-1, web-2) publish theirs`. */
function namesOf(machines: readonly Host[]): string {
  const named = machines.slice(0, NAMES_SHOWN).map(({ id }) => id);
  const names = machines.length > NAMES_SHOWN ? [...named, '…'] : named;
  return `${counted(machines.length, 'host')} (${names.join(', ')}) ${machines.length === 1 ? 'publishes its own' : 'publish theirs'}`;
}

const CHECK = {
  container: 'If its pod still runs (kubectl get pods), check the collector (kubectl get pods -n amazon-cloudwatch).',
  task: 'If it still runs (aws ecs list-tasks), check that Container Insights is on (aws ecs describe-clusters --include SETTINGS).',
} as const;

/** @param last The time of the newest sample; undefined where the window has none. */
export function stoppedReportingHint(
  { metric, dimensions, resource }: Publication,
  last: number | undefined,
  window: Window,
): string {
  const since =
    last === undefined
      ? `has no sample between ${formatTime(window.start)} and ${formatTime(window.end)}, though one in the last two weeks`
      : `has no sample after ${formatTime(last)}`;
  if (resource.kind !== undefined) {
    return `CloudWatch ${since} of this ${resource.kind}: it has ended, or nobody reports its memory any more. ${CHECK[resource.kind]}`;
  }
  if (isSameMeasurement(metric, NODE_MEMORY)) {
    return `Container Insights ${since} of this node. Check that its collector runs there (kubectl get pods -n amazon-cloudwatch -o wide).`;
  }
  const check = `The CloudWatch agent ${since}.`;
  const runs = 'that it runs (amazon-cloudwatch-agent-ctl -a status) and may call PutMetricData.';
  if (instanceOf(dimensions) !== undefined) return `${check} Check ${runs}`;
  return (
    `${check} The machine may be gone, for example scaled in: it publishes under a host name alone, by which EC2 cannot be asked, and ` +
    `CloudWatch lists it for two weeks more. If it still exists, check ${runs} On EC2 set ${APPEND}: instances that ended are left out then.`
  );
}

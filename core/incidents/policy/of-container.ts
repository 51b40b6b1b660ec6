/**
 * A leak in a container is one of its node too, whose memory grows by it. Who is notified of the container is not notified of the node as
 * well, unless the node is the more urgent of the two. It is decided again, so that a node that grows on when its container has ended is not lost.
 */
import { clip } from '../../messages/plain-text.ts';
import { formatTime } from '../../messages/times.ts';
import { compareSeverity } from '../../model/finding.ts';
import { type Incident, incidentId } from '../../model/incident.ts';
import { CONSUMER_NAME_LENGTH, type NotificationAttribution } from '../../model/notification.ts';
import type { Resource } from '../../model/series.ts';
import type { Stage } from './stages.ts';
import { HOUR_MS, statesGrowth, type Undecided } from './undecided.ts';

/** The part of the node's rise that its top consumer has at the least: what others have is worth a notification. */
const LEAST_SHARE = 0.5;

/** Hours until it is decided again: whether the container's is still open, or was sent at all where it is decided now. */
const AGAIN_HOURS = { notified: 6, undecided: 1 };

/** The pod that most of a node's rise is of; undefined where there is none, and of every other host and change. */
export function topPodOf({ incident, change }: Undecided): Pod | undefined {
  const isOfNode = incident.resource.kind === undefined && incident.key.finding === 'leak';
  return isOfNode && statesGrowth(change) ? podIn(change.leak?.attribution) : undefined;
}

interface Pod {
  readonly name: string;
  readonly namespace: string;
}

function podIn(attribution: NotificationAttribution | undefined): Pod | undefined {
  const [top] = attribution?.kind === 'attributed' ? attribution.grown : [];
  if (top?.kind !== 'pod' || top.namespace === undefined) return undefined;
  const { name, namespace, share } = top;
  return share !== null && share.estimate >= LEAST_SHARE ? { name, namespace } : undefined;
}

/** Of the containers of a node. */
export const ofContainer: Stage = (item, { containers, now }) => {
  const pod = topPodOf(item);
  if (pod === undefined) return undefined;
  const open = containers.find((one) => isLeakOf(one, pod, item) && isAsUrgent(one, item) && isKnown(one));
  if (open === undefined) return undefined;
  const until = now + AGAIN_HOURS[wasNotified(open) ? 'notified' : 'undecided'] * HOUR_MS;
  const why = `most of its growth is that of a container whose incident is open: ${incidentId(open.key, open.episode)}`;
  return { outcome: 'put_off', stage: 'container', reason: `${why}; until ${formatTime(until)}`, until };
};

function isLeakOf(container: Incident, { name, namespace }: Pod, { incident }: Undecided): boolean {
  const { key, resource, status } = container;
  const labels = resource.labels ?? {};
  return (
    resource.kind === 'container' &&
    key.finding === 'leak' &&
    (status === 'open' || status === 'suspected') &&
    key.tenant === incident.key.tenant &&
    key.provider === incident.key.provider &&
    key.account === incident.key.account &&
    key.region === incident.key.region &&
    labels['k8s.namespace.name'] === namespace &&
    clip(labels['k8s.pod.name'] ?? '', CONSUMER_NAME_LENGTH) === name &&
    mayRunOn(resource, incident.resource)
  );
}

/** Pods of one name in two clusters are two: their nodes differ, or where those are not known, their clusters. */
function mayRunOn({ labels: container = {} }: Resource, { labels: node = {} }: Resource): boolean {
  const [cluster, nodeName] = ['k8s.cluster.name', 'k8s.node.name'];
  if (container[cluster] !== node[cluster]) return false;
  if (container[nodeName] !== undefined && node[nodeName] !== undefined) return container[nodeName] === node[nodeName];
  return node[cluster] !== undefined;
}

/** A node that is full in hours is no less urgent because its container has no limit. */
function isAsUrgent(container: Incident, { change }: Undecided): boolean {
  const isAsSure = container.status === 'open' || change.kind === 'suspected';
  return isAsSure && compareSeverity(change.severity, container.severity) <= 0;
}

function wasNotified({ lastNotifiedAt, cycleSince }: Incident): boolean {
  return lastNotifiedAt !== null && lastNotifiedAt >= cycleSince;
}

/** Notified of, or about to be: what is muted, or put off, keeps nothing back. */
function isKnown(container: Incident): boolean {
  return (
    wasNotified(container) ||
    container.undecided.some((change) => statesGrowth(change) && change.notBefore === undefined)
  );
}

/** Which hosts and changes a rule, a window, a route, a mute or a label is about. */
import type { AlertMatch } from '../../model/alerts.ts';
import { admits, type HostRule, matchesGlob } from '../../model/host-filter.ts';
import { type IncidentKey, incidentId } from '../../model/incident.ts';
import { type FindingKind, isAboutMemory } from '../../model/metrics.ts';
import type { Subject } from '../../model/mute.ts';
import type { Resource } from '../../model/series.ts';
import type { Undecided } from './undecided.ts';

/** Every field that is given matches, by any of its values. Of a fleet its group and the labels that its members share are compared. */
export function matchesHost(match: AlertMatch | undefined, host: Resource): boolean {
  if (match === undefined) return true;
  const { accounts, regions, groups, hosts, labels } = match;
  return (
    matchesAny(accounts, host.account) &&
    matchesAny(regions, host.region ?? '') &&
    (groups === undefined || groups.some((group) => isHost({ group }, host))) &&
    (hosts === undefined || hosts.some((glob) => isNamed(glob, host))) &&
    (labels === undefined || isHost({ labels }, host))
  );
}

function matchesAny(globs: readonly string[] | undefined, text: string): boolean {
  return globs === undefined || globs.some((glob) => matchesGlob(glob, text));
}

function isNamed(glob: string, host: Resource): boolean {
  return isHost({ id: glob }, host) || isHost({ name: glob }, host);
}

function isHost(rule: HostRule, host: Resource): boolean {
  return admits([{ include: [rule] }], host);
}

/** Whether a mute's subject is the change: its host, and what the change states about it. */
export function isSubject(subject: Subject, item: Undecided): boolean {
  const { pattern, consumer, finding, incident } = subject;
  const { key } = item.incident;
  const { leak } = item.change;
  return (
    isHostOf(subject, item.incident.resource) &&
    (pattern === undefined || leak?.pattern?.name === pattern) &&
    (consumer === undefined || matchesConsumer(consumer, item)) &&
    (finding === undefined || key.finding === finding) &&
    (incident === undefined || incident === incidentId(key, item.change.episode))
  );
}

/** Whether a subject, as far as it names hosts, names this one. */
export function isHostOf({ provider, account, region, host, group, labels }: Subject, resource: Resource): boolean {
  return (
    (provider === undefined || provider === resource.provider) &&
    (account === undefined || matchesGlob(account, resource.account)) &&
    (region === undefined || matchesGlob(region, resource.region ?? '')) &&
    (host === undefined || isNamed(host, resource)) &&
    (group === undefined || isHost({ group }, resource)) &&
    (labels === undefined || isHost({ labels }, resource))
  );
}

/** A fleet of hosts with anomalies is of both kinds: what holds of the anomaly of one host holds of the same on many. */
export function findingsOf(key: IncidentKey): readonly FindingKind[] {
  return key.finding === 'fleet' && !isAboutMemory(key) ? ['fleet', 'anomaly'] : [key.finding];
}

/** The consumer that grew most, where that is known. */
export function matchesConsumer(glob: string, { change: { leak } }: Undecided): boolean {
  const top = leak?.attribution?.kind === 'attributed' ? leak.attribution.grown[0] : undefined;
  return top !== undefined && matchesGlob(glob, top.name);
}

/** The machines of a server, from what was listed: each once, by the exporter that counts. Pure. */
import type { NotMonitored, Resource, Scope, Unreadable } from '../../core/model/series.ts';
import type { Labels } from './answers.ts';
import { withOwnCluster } from './clusters.ts';
import { neverScraped } from './hints.ts';
import { idOf, isId, isName, type KnownHost, keyOf } from './known-host.ts';
import type { SeriesEntry } from './list-entries.ts';
import { MACHINE_KINDS, type MachineKind } from './machine-kinds.ts';
import { machineLabels } from './machine-labels.ts';
import { jobsOfMachines, portOf, type Targets, targetsIn } from './targets.ts';

export interface MachineLists {
  readonly machines: readonly SeriesEntry[];
  readonly stopped: readonly SeriesEntry[];
  readonly targets: readonly SeriesEntry[];
  readonly names: readonly SeriesEntry[];
}

export interface MachineOptions {
  readonly scope: Scope;
  /** The label that groups machines. */
  readonly groupLabel: string | undefined;
  readonly clusterLabels: readonly string[];
}

export interface Machines {
  readonly hosts: readonly KnownHost[];
  /** Names under which there are several machines: their series cannot be distinguished. */
  readonly ambiguous: readonly Unreadable[];
  readonly notMonitored: readonly NotMonitored[];
  /** Labels of series of which nobody knows the machine. */
  readonly nameless: readonly Labels[];
}

/** A machine as one exporter reports it. */
interface Candidate {
  readonly kind: MachineKind;
  /** The label that names it, and its value. */
  readonly label: string;
  readonly name: string;
  readonly cluster: string;
  readonly isLive: boolean;
  /** Those that all of its series share: labels of one replica of the server are not the machine's. */
  readonly labels: Labels;
  readonly jobs: ReadonlySet<string>;
  /** Of a live one, in bytes. */
  readonly total: number | undefined;
  /** Whether series of it have different totals. */
  readonly isSeveral: boolean;
}

export function machinesOf(lists: MachineLists, options: MachineOptions): Machines {
  const { scope } = options;
  const { candidates, nameless } = candidatesIn(lists);
  const nameOf = namesIn(lists.names);
  const targets = targetsIn(lists.targets);
  const known = distinctMachines(candidates, nameOf);
  const hosts: KnownHost[] = [];
  const ambiguous: Unreadable[] = [];
  for (const { candidate, node } of known) {
    const resource = resourceOf(candidate, node, { ...options, nameOf });
    if (candidate.isSeveral || nameOf.areSeveral(candidate)) ambiguous.push(severalMachines(resource));
    else hosts.push(hostOf(candidate, resource, targets));
  }
  return { hosts, ambiguous, nameless, notMonitored: failingTargets(targets, candidates, { scope, nameOf }) };
}

/** A machine, and as which node a kubelet reports it. */
interface Machine {
  readonly candidate: Candidate;
  node: Candidate | undefined;
}

/** Each machine once, as the exporter that counts reports it. */
function distinctMachines(candidates: readonly Candidate[], nameOf: NameOf): Machine[] {
  const machines: Machine[] = [];
  const byAlias = new Map<string, Machine>();
  for (const candidate of inOrderOfPreference(candidates)) {
    const aliases = aliasesOf(candidate, nameOf);
    const same = aliases.map((alias) => byAlias.get(alias)).find((found) => found !== undefined);
    const isNode = candidate.kind.name === 'kubelet';
    // Two addresses of one exporter are two machines: ports may be forwarded.
    if (same !== undefined && same.candidate.kind !== candidate.kind) {
      if (isNode) same.node ??= candidate;
      continue;
    }
    const machine = { candidate, node: isNode ? candidate : undefined };
    machines.push(machine);
    for (const alias of aliases) if (!byAlias.has(alias)) byAlias.set(alias, machine);
  }
  return machines;
}

function candidatesIn({ machines, stopped }: MachineLists) {
  const found = new Map<string, Candidate>();
  const nameless: Labels[] = [];
  const add = (entry: SeriesEntry, isLive: boolean) => {
    const candidate = candidateOf(entry, isLive);
    if (candidate === undefined) nameless.push(entry.labels);
    else if (candidate !== 'no machine') merge(found, candidate);
  };
  for (const entry of machines) add(entry, true);
  for (const entry of stopped) add(entry, false);
  return { candidates: [...found.values()], nameless };
}

function candidateOf({ labels, value }: SeriesEntry, isLive: boolean): Candidate | 'no machine' | undefined {
  const { __name__: metric, job, cluster = '' } = labels;
  const kind = MACHINE_KINDS.find(({ presence }) => presence.name === metric);
  if (kind === undefined) return 'no machine';
  const label = kind.identity.find((each) => labels[each]);
  const name = label === undefined ? '' : (labels[label] ?? '');
  if (label === undefined || !isId(idOf(cluster, name))) return undefined;
  const total = isLive && kind.presenceIsTotal ? value : undefined;
  const jobs = new Set(job === undefined ? [] : [job]);
  return { kind, label, name, cluster, isLive, labels, jobs, total, isSeveral: false };
}

function merge(found: Map<string, Candidate>, candidate: Candidate): void {
  const key = keyOf([candidate.kind.name, candidate.label, candidate.cluster, candidate.name]);
  const known = found.get(key);
  // The labels of live series count: those of a job of last week do not.
  if (known === undefined || (candidate.isLive && !known.isLive)) found.set(key, candidate);
  else if (candidate.isLive === known.isLive) {
    const labels = Object.fromEntries(
      Object.entries(known.labels).filter(([name, value]) => candidate.labels[name] === value),
    );
    const isSeveral = known.isSeveral || differ(known.total, candidate.total);
    found.set(key, { ...known, labels, jobs: known.jobs.union(candidate.jobs), isSeveral });
  }
}

/** Shares by which one machine's memory may differ between two scrapes: a kernel was updated. */
const SAME_TOTAL = 0.01;

function differ(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return Math.abs(one - other) > SAME_TOTAL * Math.max(one, other);
}

function severalMachines(scope: Resource): Unreadable {
  const detail =
    'several machines have this name: state in clusterLabels (--cluster-labels) which labels distinguish them, for example cluster,region';
  return { kind: 'unreadable', scope, reason: 'malformed', detail };
}

/** What is live before what has stopped, the exporters in their order, and then by name, whatever order the lists have. */
function inOrderOfPreference(candidates: readonly Candidate[]): Candidate[] {
  const rank = ({ kind, isLive }: Candidate) => MACHINE_KINDS.indexOf(kind) + (isLive ? 0 : MACHINE_KINDS.length);
  return candidates.toSorted(
    (a, b) =>
      rank(a) - rank(b) || compare(a.cluster, b.cluster) || compare(a.name, b.name) || compare(a.label, b.label),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What else a machine goes by: its address, as exporters differ in their ports, and its name. */
function aliasesOf({ cluster, name, label, labels }: Candidate, nameOf: NameOf): string[] {
  const { instance, node, host_name: hostName } = labels;
  const names = [label === 'instance' ? nameOf(cluster, name) : name, node, hostName, labels['host.name']];
  return [
    ...(instance === undefined || label !== 'instance' ? [] : [keyOf(['address', cluster, addressOf(instance)])]),
    // Machines that nobody has named all have this name.
    ...names.flatMap((each) => (each && each !== 'localhost' ? [keyOf(['name', cluster, each])] : [])),
  ];
}

/** An instance without its port. */
export function addressOf(instance: string): string {
  return instance.replace(/:\d+$/, '');
}

interface NameOf {
  (cluster: string, instance: string): string | undefined;
  /** Whether machines of one instance call themselves differently. */
  areSeveral(candidate: Candidate): boolean;
}

function namesIn(entries: readonly SeriesEntry[]): NameOf {
  const names = new Map<string, string>();
  const several = new Set<string>();
  for (const { labels } of entries) {
    const name = labels['nodename'] || labels['hostname'];
    const key = keyOf([labels['cluster'], labels['instance']]);
    const known = names.get(key);
    if (labels['nodename'] && known !== undefined && known !== name) several.add(key);
    if (name && isId(name) && (known === undefined || name < known)) names.set(key, name);
  }
  const nameOf = (cluster: string, instance: string) => names.get(keyOf([cluster, instance]));
  return Object.assign(nameOf, {
    areSeveral: ({ kind, isLive, cluster, labels }: Candidate) =>
      isLive && kind.name === 'node_exporter' && several.has(keyOf([cluster, labels['instance']])),
  });
}

/**
 * What stopped and is still a target, or never was one because it is pushed, should report. A target that is no more was removed by
 * whoever discovers machines: it is gone. The only other sign of it is that its job has targets, and that one server scrapes them; an agent
 * that writes from afar takes its target with it.
 */
function stateOf({ isLive, labels, cluster, jobs }: Candidate, targets: Targets): KnownHost['state'] {
  if (isLive) return 'live';
  const isUp = targets.up.get(keyOf([cluster, labels['instance']]));
  if (isUp !== undefined) return isUp ? 'stopped' : 'down';
  if (![...jobs].some((job) => targets.jobs.has(job))) return 'stopped';
  return [...jobs].every((job) => targets.arePulled(job)) ? 'gone' : 'lost';
}

interface Described extends MachineOptions {
  readonly nameOf: NameOf;
}

function resourceOf(
  candidate: Candidate,
  node: Candidate | undefined,
  { scope, groupLabel, clusterLabels, nameOf }: Described,
): Resource {
  const { cluster, name: own, label } = candidate;
  const labels = withOwnCluster(candidate.labels, clusterLabels);
  const id = idOf(cluster, own);
  const nodeName = node && ([node.labels['node'], nameOf(node.cluster, node.name)].find(isName) ?? node.name);
  const name = nameOf(cluster, labels['instance'] ?? own) ?? nodeName;
  const group = groupLabel === undefined ? undefined : labels[groupLabel];
  return {
    ...scope,
    id,
    ...(name !== undefined && name !== id && { name }),
    ...(isName(group) && { group }),
    labels: machineLabels(labels, { required: [...clusterLabels, label, 'instance'], nodeName, cluster }),
  };
}

function hostOf(candidate: Candidate, resource: Resource, targets: Targets): KnownHost {
  const { kind, label, name, cluster } = candidate;
  return {
    resource,
    source: `${kind.name} ${label}`,
    at: [cluster],
    names: [name],
    state: stateOf(candidate, targets),
  };
}

/** Targets that fail, of which nothing is known in the window: their job reports machines, and so they are some. */
function failingTargets(
  { failing, up, live }: Targets,
  candidates: readonly Candidate[],
  { scope, nameOf }: Pick<Described, 'scope' | 'nameOf'>,
): NotMonitored[] {
  const known = new Set(candidates.flatMap((candidate) => aliasesOf(candidate, nameOf)));
  const instances = new Set(candidates.map(({ cluster, labels }) => keyOf([cluster, labels['instance']])));
  const ports = new Set(candidates.map(({ labels }) => portOf(labels['instance'] ?? '')));
  const machineJobs = jobsOfMachines(live, instances);
  const found = new Map<string, NotMonitored>();
  for (const { cluster = '', instance = '', job = '' } of failing) {
    const key = keyOf([cluster, instance]);
    const id = idOf(cluster, instance);
    if (!machineJobs.has(job) && !ports.has(portOf(instance))) continue;
    const isKnown = instances.has(key) || known.has(keyOf(['address', cluster, addressOf(instance)]));
    if (isKnown || up.get(key) === true || !isId(id) || instance === '') continue;
    const labels = { instance, ...(cluster !== '' && { cluster }), ...(job !== '' && { job }) };
    const resource: Resource = { ...scope, id, labels };
    found.set(id, { kind: 'not_monitored', resource, reason: 'not_reported', hint: neverScraped(instance, job) });
  }
  return [...found.values()];
}

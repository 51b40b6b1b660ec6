/** What a server is, and what of it is read: for people who set an account up. */
import { buildSchema } from './answers.ts';
import { type RequestContext, request } from './client.ts';
import { oneLine } from './errors.ts';
import type { Inventory } from './inventory.ts';
import type { KnownHost } from './known-host.ts';
import { sampleSource } from './sample-sources.ts';

/** A sentence each. Services that answer as Prometheus does need not state a version. */
export async function readFacts(context: RequestContext, inventory: Inventory): Promise<readonly string[]> {
  const answer = await request(context, { path: 'status/buildinfo', form: [], schema: buildSchema });
  const version = answer.kind === 'answered' ? answer.data.version : undefined;
  const known = inventory.hosts.filter(({ state }) => state !== 'gone');
  return [
    version === undefined ? 'The server states no version.' : `The server states version ${oneLine(version)}.`,
    ...machineFacts(known.filter(({ resource }) => resource.kind !== 'container')),
    ...containerFacts(known.filter(({ resource }) => resource.kind === 'container')),
    ...(inventory.notMonitored.length === 0
      ? []
      : [`${count(inventory.notMonitored.length, 'target')} of jobs that report machines cannot be scraped.`]),
  ];
}

function machineFacts(machines: readonly KnownHost[]): string[] {
  if (machines.length === 0) {
    return [
      'No machines: it has no metrics of node_exporter, windows_exporter, the OpenTelemetry collector or a kubelet.',
    ];
  }
  const byTitle = Map.groupBy(machines, ({ source }) => sampleSource(source, [])?.title ?? 'a query of the config');
  const parts = [...byTitle].map(([title, hosts]) => `${hosts.length} by ${title}`).sort();
  const nodes = machines.filter(({ resource }) => resource.labels?.['k8s.node.name'] !== undefined).length;
  const ofClusters = nodes === 0 ? '' : `; ${nodes} of them are nodes of clusters`;
  return [`${count(machines.length, 'machine')}: ${parts.join(', ')}${ofClusters}.`];
}

function containerFacts(containers: readonly KnownHost[]): string[] {
  if (containers.length === 0)
    return ['No containers: it has no container_memory_working_set_bytes of any, or they are not read.'];
  const limited = containers.filter(({ limit }) => limit !== undefined).length;
  const without = containers.length - limited;
  return [`${count(containers.length, 'container')}: ${limited} with a limit of their own, ${without} without.`];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

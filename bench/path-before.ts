/**
 * What the rules of before sent, event by event, in a file with one line a set. Figures are always counted anew from the events, so that
 * both columns of a report are counted in the same way.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Received } from './path-replay.ts';
import type { Replayed } from './path-score.ts';

interface KeptSet {
  readonly set: string;
  /** Of a set that is made. */
  readonly seed: number | null;
  /** By host; hosts without an event are left out. */
  readonly events: Readonly<Record<string, readonly KeptEvent[]>>;
}

type KeptEvent = readonly [
  at: number,
  kind: Received['kind'],
  severity: Received['severity'],
  pages: 0 | 1,
  incident: string,
  finding?: 'exhausted',
];

/** Replaces the sets that are in the file. */
export function keepAsBefore(file: string, hosts: readonly Replayed[], seed: number): void {
  const now = [...Map.groupBy(hosts, ({ set }) => set)].map(([set, some]): KeptSet => {
    const events = some
      .filter(({ received }) => received.length > 0)
      .map(({ series, received }) => [series.id, received.map(keptEvent)] as const);
    return { set, seed: seedOf(set, seed), events: Object.fromEntries(events) };
  });
  const kept = new Map([...readKept(file), ...now].map((one) => [keyOf(one), one]));
  writeFileSync(file, [...kept.values()].map((one) => `${JSON.stringify(one)}\n`).join(''));
}

/** The same hosts with the events of before; hosts of sets that were not replayed then are left out. */
export function asBefore(file: string, hosts: readonly Replayed[], seed: number): Replayed[] {
  const kept = new Map(readKept(file).map((one) => [keyOf(one), one.events]));
  return hosts.flatMap((host) => {
    const events = kept.get(keyOf({ set: host.set, seed: seedOf(host.set, seed) }));
    if (events === undefined) return [];
    const received = (events[host.series.id] ?? []).map(([at, kind, severity, pages, incident, finding]): Received => {
      return { at, kind, severity, pages: pages === 1, incident, ...(finding && { finding }) };
    });
    return [{ ...host, received }];
  });
}

function keptEvent({ at, kind, severity, pages, incident, finding }: Received): KeptEvent {
  // The ids of one host's incidents differ in the episode, and in what was found.
  const event = [at, kind, severity, pages ? 1 : 0, incident.slice(incident.lastIndexOf('/') + 1)] as const;
  if (finding === undefined) return event;
  const [when, what, how, page, episode] = event;
  return [when, what, how, page, `full ${episode}`, finding];
}

function seedOf(set: string, seed: number): number | null {
  return set.startsWith('made: ') ? seed : null;
}

function keyOf({ set, seed }: Pick<KeptSet, 'set' | 'seed'>): string {
  return `${set} ${seed}`;
}

function readKept(file: string): KeptSet[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line): KeptSet => JSON.parse(line));
}

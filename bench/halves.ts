/**
 * Two halves of the hosts that share none: one to tune on, one to report on. Many series were made of several hosts; one
 * that has hosts of both halves belongs to neither. Hosts are dealt so that as many series as possible lie in one half.
 */
import type { BenchSeries } from './data.ts';
import { randomFrom } from './random.ts';

export type Half = 'tuning' | 'held back' | 'mixed';

/** The hosts of a series. The same machine goes by several prefixes in the files. */
export function hostsOf(series: BenchSeries): string[] {
  return [...new Set(series.base.split('+').map((host) => host.replace(/^bitbrains(_long)?\//, '')))];
}

/** Seeds and moves of the search: more found nothing better. */
const SEEDS = 20;
const MOVES = 4000;

/** Returns the half that a series is in; the deal is made on `series`, and hosts that it does not know are dealt by name. */
export function halvesOf(series: readonly BenchSeries[]): (one: BenchSeries) => Half {
  const groups = series.map(hostsOf);
  const hosts = [...new Set(groups.flat())].sort();
  let best = new Map<string, boolean>();
  let most = -1;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const deal = dealHosts(hosts, groups, randomFrom(seed));
    if (deal.worth <= most) continue;
    most = deal.worth;
    best = deal.tuning;
  }
  return (one) => {
    const sides = new Set(hostsOf(one).map((host) => best.get(host) ?? hashOf(host) % 2 === 0));
    if (sides.size > 1) return 'mixed';
    return sides.has(true) ? 'tuning' : 'held back';
  };
}

/** A random deal, improved host by host while the smaller half gains complete series. */
function dealHosts(hosts: readonly string[], groups: readonly string[][], random: () => number) {
  const tuning = new Map(hosts.map((host) => [host, random() < 0.5]));
  const groupsOf = new Map(hosts.map((host) => [host, groups.filter((group) => group.includes(host))]));
  const counts = { tuning: 0, heldBack: 0 };
  const add = (group: readonly string[], by: 1 | -1) => {
    if (group.every((host) => tuning.get(host) === true)) counts.tuning += by;
    else if (group.every((host) => tuning.get(host) === false)) counts.heldBack += by;
  };
  const move = (host: string) => {
    for (const group of groupsOf.get(host) ?? []) add(group, -1);
    tuning.set(host, tuning.get(host) !== true);
    for (const group of groupsOf.get(host) ?? []) add(group, 1);
  };
  const worth = () => 2 * Math.min(counts.tuning, counts.heldBack) + 0.5 * Math.max(counts.tuning, counts.heldBack);
  for (const group of groups) add(group, 1);
  for (let i = 0; i < MOVES; i++) {
    const host = hosts[Math.floor(random() * hosts.length)];
    if (host === undefined) break;
    const before = worth();
    move(host);
    if (worth() < before) move(host);
  }
  return { tuning, worth: worth() };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

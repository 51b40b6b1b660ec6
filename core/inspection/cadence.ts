/**
 * Which hosts of an account and region are due at a slot of its schedule, where quiet hosts are inspected less often.
 * Pure: what the last runs left behind, and the time, are arguments.
 *
 * A host is quiet when its last inspection found it steady, clearly so, and far from its limit. Every other host is watched: each slot
 * inspects it, and so does each slot a host with an open incident. Rules that count inspections in a row, as `recoverAfter` does, so
 * count the slots that they count without this. Quiet hosts take turns, which a hash of their keys spreads evenly over the slots.
 *
 * A host that the last runs did not list is inspected at once: it may have a long history, where a filter admits it only now or it was
 * started again. From then on it is watched until it is steady. Where the hosts of the last runs are not known, it waits for its turn.
 */
import { ADAPTIVE_HOURS, type QuietHours } from '../model/cadence.ts';
import type { Evaluated, Inspected } from '../model/inspected-host.ts';
import type { ResultLine } from '../model/result-line.ts';
import { MOST_WATCHED, type RunHead } from '../model/run-head.ts';
import type { Resource } from '../model/series.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';

const HOUR = 3_600_000;

/**
 * The conditions were chosen on the tuning half of the labelled series by `bench/cadence.ts`: with them no finding came later than
 * without, and lower ones cost more and found nothing sooner.
 */
const NEARLY_SUSPECTED = 0.05;
/** A share of the limit: from here on a flat curve ends no incident either. */
const NEARLY_FULL = 0.9;
/** Growth that may reach the limit within a day, however little it looks like a leak. */
const SOON_FULL_MS = 24 * HOUR;

/**
 * The hours that may lie between two inspections of an account's quiet hosts.
 *
 * @param capped What the tenant's cost cap leads to at present.
 */
export function quietHoursOf(
  config: Pick<TenantConfig, 'cadence' | 'costCap'>,
  account: Pick<Account, 'cadence'>,
  capped: QuietHours,
): QuietHours {
  if ((account.cadence ?? config.cadence) === 'adaptive') return ADAPTIVE_HOURS;
  return config.costCap === undefined ? 0 : capped;
}

/** What the last runs of an account and region left behind for the next one. */
export interface RecentRuns {
  /**
   * Epoch milliseconds: the newest slot at which every host was inspected whose turn it was. Turns since then are made up for.
   */
  readonly since: number;
  /** Ids of the hosts that were watched since then. */
  readonly watched: ReadonlySet<string>;
}

export interface SlotCadence {
  /** Epoch milliseconds: the slot's scheduled time. */
  readonly slot: number;
  readonly quietHours: QuietHours;
  /** Undefined where no run is known to build on: then every host is due. */
  readonly recent: RecentRuns | undefined;
  /** Ids of the hosts with an incident that is suspected or open. */
  readonly withIncident: ReadonlySet<string>;
  /** Hashes (`hashOf`) of the hosts that the run at `recent.since` listed; undefined where they are not known. */
  readonly known: ReadonlySet<number> | undefined;
}

export interface DueHosts<Host> {
  readonly due: readonly Host[];
  /** How many hosts are left to a later slot. */
  readonly notDue: number;
}

/** The hosts that are inspected at a slot, in the order in which they were given. */
export function dueHosts<Host extends { readonly resource: Resource }>(
  hosts: readonly Host[],
  { slot, quietHours, recent, withIncident, known }: SlotCadence,
): DueHosts<Host> {
  if (quietHours === 0 || recent === undefined) return { due: hosts, notDue: 0 };
  const turn = { since: recent.since, slot, quietHours };
  const isNew = (host: Resource) => known !== undefined && !known.has(hashOf(host));
  const due = hosts.filter(
    ({ resource }) =>
      recent.watched.has(resource.id) || withIncident.has(resource.id) || hasTurn(resource, turn) || isNew(resource),
  );
  return { due, notDue: hosts.length - due.length };
}

export interface Turn {
  /** The slot before, and the slot: epoch milliseconds. */
  readonly since: number;
  readonly slot: number;
  readonly quietHours: QuietHours;
}

/**
 * Whether a quiet host is inspected at the slot: whether a moment of its own, which comes every so many hours, lies after the slot before
 * and up to this one. So it does not matter how far apart the slots are: those of a schedule that is due every four hours or less
 * often each have a moment of every host.
 */
export function hasTurn(host: Resource, { since, slot, quietHours }: Turn): boolean {
  const period = quietHours * HOUR;
  if (slot - since >= period) return true;
  const phase = (hashOf(host) / 2 ** 32) * period;
  return Math.floor((slot - phase) / period) > Math.floor((since - phase) / period);
}

function keyOf({ provider, account, region, id }: Resource): string {
  return [provider, account, region ?? '', id].join('\0');
}

/**
 * 32 bits that are the same for the same host: FNV-1a with the last mixing of MurmurHash3, without which similar ids have similar hashes.
 */
export function hashOf(host: Resource): number {
  const text = keyOf(host);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * What the next run builds on, from the heads of the last ones; undefined where every host has to be inspected. A run is built on when it
 * inspected all that was due, and every watched host of the runs after it is watched as well: hosts that one of them missed are not lost.
 *
 * @param heads Of the runs of the schedule before the slot, newest first; a run whose head is lost is left out.
 * @param configuredAt Epoch milliseconds: when the config, or the deployment's defaults, were put. The runs before went by others.
 */
export function recentRuns(heads: readonly RunHead[], configuredAt: number): RecentRuns | undefined {
  const watched = new Set<string>();
  for (const head of heads) {
    if (head.summary.scheduledTime < configuredAt) return undefined;
    for (const id of watchedBy(head)) watched.add(id);
    if (isThorough(head)) return { since: head.summary.scheduledTime, watched };
  }
  return undefined;
}

/** All hosts that are not steady, and the steady ones that it names. */
function* watchedBy({ lines, watched }: RunHead): Generator<string> {
  for (const { host } of lines) if (host !== null) yield host;
  yield* watched;
}

/**
 * Whether all that the run missed are hosts that it names: these are watched. Of the lines for which there was no room, those of hosts
 * that are not monitored are the first to be left out, and these are not missed. Of a list of watched hosts that is full some may be missing.
 */
export function isThorough({
  summary,
  lines,
  omitted,
  watched,
}: Pick<RunHead, 'summary' | 'lines' | 'omitted' | 'watched'>): boolean {
  if (watched.length >= MOST_WATCHED) return false;
  const { outcome, unreadable, hosts } = summary;
  if (omitted > 0 && lines.at(-1)?.verdict !== 'not_monitored') return false;
  const failures = Object.values(unreadable).reduce((sum, count) => sum + count, 0);
  return outcome === 'complete' || failures <= hosts.unreadable;
}

/** Whether the line is of a steady host that is watched: the head of a run lists them, beside those that are not steady. */
export function isWatchedLine(line: ResultLine): line is ResultLine & { readonly host: string } {
  return line.verdict === 'steady' && line.host !== null && !isQuiet(factsOfLine(line));
}

/** Whether the next slot inspects the host whatever its turn. */
export function isWatched(inspected: Inspected): boolean {
  if (inspected.kind !== 'evaluated' || inspected.verdict.state !== 'steady') return true;
  return !isQuiet(factsOf(inspected, inspected.verdict.evidence));
}

/** What decides whether a steady host is quiet. */
interface SteadyFacts {
  readonly confidence: number;
  /** Share of the limit; undefined where that is not known. */
  readonly utilization: number | undefined;
  /** Until the limit is reached at the earliest, in milliseconds; undefined where that is not expected. */
  readonly untilFullMs: number | undefined;
}

function isQuiet({ confidence, utilization = 0, untilFullMs = Number.POSITIVE_INFINITY }: SteadyFacts): boolean {
  return confidence < NEARLY_SUSPECTED && utilization < NEARLY_FULL && untilFullMs > SOON_FULL_MS;
}

function factsOfLine({ confidence, unit, level, exhaustion_earliest: earliest, time }: ResultLine): SteadyFacts {
  return {
    confidence: confidence ?? 1,
    utilization: unit === '1' && level !== null ? level : undefined,
    untilFullMs: earliest === null ? undefined : earliest - time,
  };
}

type SteadyEvidence = Extract<Evaluated['verdict'], { readonly state: 'steady' }>['evidence'];

function factsOf({ series }: Evaluated, { confidence, level, exhaustion }: SteadyEvidence): SteadyFacts {
  const limit = series.unit === '1' ? 1 : series.limit;
  return {
    confidence,
    utilization: limit === undefined ? undefined : level / limit,
    untilFullMs: exhaustion.kind === 'expected' ? exhaustion.earliest - series.window.end : undefined,
  };
}

/** Adds up the events of a fleet under one policy. Counts, and one number per episode: hosts are not kept. */
import { fullHostSeverity } from '../model/full-host.ts';
import type { NotificationKind } from '../model/notification.ts';
import type { PolicyReplay } from './backtest.ts';
import { type Episode, leadOf, notifiedAt } from './episode.ts';
import type { FullEpisode } from './full-episode.ts';

const WEEK = 7 * 24 * 3_600_000;

/** The kinds of events that an episode of a replay has. */
type ReplayedKind = Extract<NotificationKind, 'suspected' | 'opened' | 'worse' | 'recovered' | 'cleared'>;

export interface Totals {
  readonly hosts: { readonly replayed: number; readonly reported: number; readonly paged: number };
  readonly inspections: number;
  /** Inspections that an adaptive cadence left out. */
  readonly notDue: number;
  readonly insufficient: number;
  /** Weeks of hosts with a verdict: the denominator of rates. A verdict stands until the next inspection. */
  readonly hostWeeks: number;
  /** Events by kind. */
  readonly events: Readonly<Record<ReplayedKind, number>>;
  readonly episodes: number;
  /** Episodes that the first verdict of their host reported: they may have begun before the replay. */
  readonly underWay: number;
  /** What wakes somebody up by the default rules: each growth that opens, and one that gets critical. */
  readonly pages: number;
  /** Hosts that were reported as full, how often, and how often that paged. They are in none of the figures above and below. */
  readonly full: { readonly hosts: number; readonly episodes: number; readonly pages: number };
  /** Null where nothing was evaluated. */
  readonly episodesPerHostWeek: number | null;
  readonly pagesPer100HostWeeks: number | null;
  /** Upper bound of the rate at 95 % confidence: a few host-weeks without a page prove little. */
  readonly pagesPer100HostWeeksUpTo: number | null;
  /** Milliseconds, of episodes that paged and ended. */
  readonly medianDuration: number | null;
  /** Episodes that paged before (`inTime`), or after (`late`), their host's outcome. */
  readonly leads: { readonly inTime: number; readonly late: number; readonly medianMs: number | null };
}

export interface TotalsSoFar {
  /** Adds one host. */
  add(replay: PolicyReplay): void;
  totals(): Totals;
}

/** @param everyMs Milliseconds between two inspections: the time that one verdict stands for. */
export function startTotals(everyMs: number): TotalsSoFar {
  const hosts = { replayed: 0, reported: 0, paged: 0 };
  const inspections = { made: 0, notDue: 0, insufficient: 0 };
  const events: Record<ReplayedKind, number> = { suspected: 0, opened: 0, worse: 0, recovered: 0, cleared: 0 };
  const counts = { episodes: 0, underWay: 0, pages: 0 };
  const full = { hosts: 0, episodes: 0, pages: 0 };
  const durations: number[] = [];
  const leads: number[] = [];

  function addEpisode(episode: Episode): void {
    counts.episodes++;
    if (episode.underWay) counts.underWay++;
    for (const kind of eventsOf(episode)) events[kind]++;
    counts.pages += pagesOf(episode);
    const { openedAt, endedAt } = episode;
    if (openedAt !== null && endedAt !== null) durations.push(endedAt - notifiedAt(episode));
    const lead = leadOf(episode);
    if (lead !== null) leads.push(lead);
  }

  return {
    add({ episodes, fullEpisodes, ...made }) {
      hosts.replayed++;
      if (episodes.length > 0) hosts.reported++;
      if (episodes.some(({ openedAt }) => openedAt !== null)) hosts.paged++;
      inspections.made += made.inspections;
      inspections.notDue += made.notDue;
      inspections.insufficient += made.insufficient;
      for (const episode of episodes) addEpisode(episode);
      if (fullEpisodes.length > 0) full.hosts++;
      full.episodes += fullEpisodes.length;
      for (const episode of fullEpisodes) full.pages += pagesOfFull(episode);
    },
    totals() {
      const withVerdict = inspections.made + inspections.notDue - inspections.insufficient;
      const hostWeeks = (withVerdict * everyMs) / WEEK;
      const { pages } = counts;
      const rate = (count: number) => (hostWeeks === 0 ? null : count / hostWeeks);
      const inTime = leads.filter((lead) => lead > 0).length;
      return {
        hosts: { ...hosts },
        inspections: inspections.made,
        notDue: inspections.notDue,
        insufficient: inspections.insufficient,
        hostWeeks,
        events: { ...events },
        ...counts,
        full: { ...full },
        episodesPerHostWeek: rate(counts.episodes),
        pagesPer100HostWeeks: rate(pages * 100),
        pagesPer100HostWeeksUpTo: rate(atMost(pages) * 100),
        medianDuration: median(durations),
        leads: { inTime, late: leads.length - inTime, medianMs: median(leads) },
      };
    },
  };
}

/** The events of an episode, in order. */
function eventsOf({ suspectedAt, openedAt, worse, endedAt }: Episode): ReplayedKind[] {
  const opened = openedAt !== null;
  return [
    ...(suspectedAt === null ? [] : (['suspected'] as const)),
    ...(opened ? (['opened'] as const) : []),
    ...worse.map(() => 'worse' as const),
    ...(endedAt === null ? [] : ([opened ? 'recovered' : 'cleared'] as const)),
  ];
}

function pagesOf({ openedAt, worse }: Pick<Episode, 'openedAt' | 'worse'>): number {
  return (openedAt === null ? 0 : 1) + worse.filter(({ severity }) => severity === 'critical').length;
}

/** A full host wakes somebody up where that is critical. */
function pagesOfFull({ full, worse }: FullEpisode): number {
  return [fullHostSeverity(full), ...worse.map(({ severity }) => severity)].filter((one) => one === 'critical').length;
}

/** Quantile of the normal distribution at 95 %. */
const Z_95 = 1.645;

/**
 * The greatest expected count at which `count` or fewer are still seen one time in twenty, if events come independently:
 * Byar's approximation of the Poisson bound, (n + 1) (1 - 1 / 9(n + 1) + z / 3√(n + 1))³, within 1 % of the exact one.
 */
function atMost(count: number): number {
  const next = count + 1;
  return next * (1 - 1 / (9 * next) + Z_95 / (3 * Math.sqrt(next))) ** 3;
}

/** The lower one of two in the middle. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

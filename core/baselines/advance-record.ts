/** What a deep read changes in what is kept of a host or a group. Pure: the time is that of the run. */
import { DAY_HOURS, HOUR_MS } from '../detector/deep-read.ts';
import type { Baseline } from '../model/baseline.ts';
import {
  type BaselineKey,
  type HostBaseline,
  KEPT_REFRESHES,
  MOST_DAY_ERRORS,
  type RefreshRecord,
} from '../model/host-baseline.ts';
import type { Series } from '../model/series.ts';
import type { WeeksOutlook } from '../model/weeks-outlook.ts';
import type { Excluded } from './pieces.ts';
import { dayError, errorOf, type Refresh, refreshBaseline, refreshDue, TEST_DAYS, type Tested } from './validate.ts';

export interface DeepReadOf {
  readonly key: BaselineKey;
  /** Of a host one, of a group those of some of its hosts. */
  readonly reads: readonly Series[];
  /** Null where it cannot be read: then nothing is learned, because a leak may be among it. */
  readonly excluded: readonly Excluded[] | null;
  /** Undefined where nothing is kept. */
  readonly before: HostBaseline | undefined;
  /** The scheduled time of the run, epoch milliseconds. */
  readonly at: number;
  /** Null of a group, and where nothing could be made of the read. */
  readonly weeks: WeeksOutlook | null;
}

const NOTHING = { baseline: null, previous: null, errors: [], segments: [], refreshes: [] };

/** The record to keep: with a baseline that was learned anew where that was due. A record of the same run stays as it is. */
export function advanceRecord({ key, reads, excluded, before, at, weeks }: DeepReadOf): HostBaseline {
  if (before?.readAt === at) return before;
  const { group, host } = key;
  const { baseline: current, previous, errors: earlier, segments, refreshes } = before ?? NOTHING;
  if (excluded === null) {
    return { group, host, readAt: at, baseline: current, previous, errors: earlier, weeks, segments, refreshes };
  }
  const errors = current === null ? [] : [...earlier, dayError(current, { reads, excluded })].slice(-MOST_DAY_ERRORS);
  const due = refreshDue({ previous: current, errors, now: at });
  const kept = { group, host, readAt: at, baseline: current, previous, errors, weeks, segments, refreshes };
  if (due === null) return kept;
  const back = due === 'worse' && previous !== null && isBetter(previous, current, { reads, excluded });
  const refresh = refreshBaseline({ reads, excluded, previous: back ? previous : current });
  const outcome = back && refresh.outcome === 'kept' ? 'rolled_back' : refresh.outcome;
  const entry: RefreshRecord = { at, due, outcome, reason: refresh.reason, validation: refresh.validation };
  const after = baselinesAfter(refresh, outcome, { current, previous, errors });
  const left = after.baseline === null ? refresh.segments : [];
  return { ...kept, ...after, segments: left, refreshes: logged(refreshes, entry) };
}

interface Known extends Pick<HostBaseline, 'previous' | 'errors'> {
  readonly current: Baseline | null;
}

function baselinesAfter(
  { baseline }: Refresh,
  outcome: RefreshRecord['outcome'],
  { current, previous, errors }: Known,
): Pick<HostBaseline, 'baseline' | 'previous' | 'errors'> {
  if (outcome === 'kept') return { baseline: current, previous, errors };
  return { baseline, previous: current ?? previous, errors: [] };
}

/** Whether the baseline before the present one foretells the newest days better than this one does. */
function isBetter(previous: Baseline, current: Baseline | null, tested: Omit<Tested, 'until'>): boolean {
  const end = Math.max(...tested.reads.map(({ window }) => window.end));
  const until = end - TEST_DAYS * DAY_HOURS * HOUR_MS;
  const [own, other] = [
    current === null ? null : errorOf(current, { ...tested, until }),
    errorOf(previous, { ...tested, until }),
  ];
  return own !== null && other !== null && other.error < own.error;
}

/** A young host is looked at every day: one entry states that nothing could be learned yet. */
function logged(refreshes: readonly RefreshRecord[], entry: RefreshRecord): RefreshRecord[] {
  const last = refreshes.at(-1);
  const isRepeated =
    last !== undefined && last.due === entry.due && last.outcome === entry.outcome && last.reason === entry.reason;
  return [...(isRepeated && entry.outcome !== 'replaced' ? refreshes.slice(0, -1) : refreshes), entry].slice(
    -KEPT_REFRESHES,
  );
}

/** Hosts of a group that are learned from together: more of them cost time, and a group is alike. */
export const GROUP_READS = 12;

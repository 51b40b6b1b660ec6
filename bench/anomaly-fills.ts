/** Whether disks that fill are found, before they are full, and whether the times that are given come true. */
import { advance } from '../core/detector/anomaly/advance.ts';
import { beginState } from '../core/detector/anomaly/learn.ts';
import type { AnomalyEpisode } from '../core/model/anomaly.ts';
import type { MadeDisk } from './anomaly-disks.ts';
import { DAY_MS } from './anomaly-series.ts';

const HOUR_MS = 3_600_000;

/** A time that was given, and what came of it: hours from then on. */
export interface GivenTime {
  readonly likely: number;
  readonly earliest: number;
  readonly latest: number;
  /** Infinity where it did not fill within the series. */
  readonly truth: number;
}

export interface FillAnswer {
  readonly disk: MadeDisk;
  /** Hours from the beginning of growth to the report, and from the report until it was full; NaN where it was not reported in time. */
  readonly delay: number;
  readonly ahead: number;
  /** Reports of what did not fill, or before it did. */
  readonly falseReports: number;
  readonly given: readonly GivenTime[];
}

/** Advances a disk hour by hour, as a job does. */
export function followed(disk: MadeDisk): FillAnswer {
  const { series, full } = disk;
  const { times, values, settings, from } = series;
  const first = times.findIndex((time) => time >= from);
  let state = beginState({ times: times.subarray(0, first), values: values.subarray(0, first) }, settings);
  const reports = new Set<number>();
  const given: GivenTime[] = [];
  const begins = series.anomalies[0]?.start ?? Infinity;
  for (let i = first; i < times.length && (times[i] ?? 0) < full; i += 12) {
    if (state.kind === 'insufficient') break;
    const next = advance(state, { times: times.subarray(i, i + 12), values: values.subarray(i, i + 12) }, settings);
    state = next.state;
    const now = times[Math.min(times.length, i + 12) - 1] ?? 0;
    for (const episode of next.episodes.filter(({ type, goesOn }) => type === 'fills' && goesOn)) {
      reports.add(episode.reportedAt);
      if (now > begins && now < full && Number.isFinite(full)) given.push(timesOf(episode, now, full));
    }
  }
  const true_ = [...reports].filter((at) => at > begins && at < full);
  const at = Math.min(...true_);
  return {
    disk,
    delay: true_.length > 0 ? (at - begins) / HOUR_MS : Number.NaN,
    ahead: true_.length > 0 ? (full - at) / HOUR_MS : Number.NaN,
    falseReports: [...reports].filter((report) => report <= begins).length,
    given,
  };
}

function timesOf({ exhaustion }: AnomalyEpisode, now: number, full: number): GivenTime {
  const hours = (time: number | null) => ((time ?? Infinity) - now) / HOUR_MS;
  if (exhaustion?.kind !== 'expected') return { earliest: NaN, likely: NaN, latest: NaN, truth: hours(full) };
  const { earliest, likely, latest } = exhaustion;
  return { earliest: hours(earliest), likely: hours(likely), latest: hours(latest), truth: hours(full) };
}

/** Weeks in which a disk was healthy and followed. */
export function healthyWeeks({ series }: MadeDisk): number {
  return ((series.anomalies[0]?.start ?? series.until) - series.from) / DAY_MS / 7;
}

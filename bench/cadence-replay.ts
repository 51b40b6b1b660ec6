/** Replays a series at every hour and under an adaptive cadence, with the conditions that a rule sets. */
import type { PolicyReplay } from '../core/backtest/backtest.ts';
import { startComparison } from '../core/backtest/compare-cadence.ts';
import { followEpisodes } from '../core/backtest/episode.ts';
import type { Evaluated } from '../core/model/inspected-host.ts';
import { effectivePolicy } from '../core/model/policy.ts';
import { type BenchSeries, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { Half } from './halves.ts';
import { evaluate, learnedFor } from './replay.ts';

const POLICY = effectivePolicy();

/** When quiet hosts are inspected, and which are not quiet. */
export interface Rule {
  readonly name: string;
  /** Hours between two inspections of a quiet host. */
  readonly hours: number;
  readonly isWatched: (inspected: Evaluated) => boolean;
}

/** The hours of a series as they were evaluated. */
export interface EvaluatedHours {
  readonly series: BenchSeries;
  readonly set: string;
  readonly half: Half;
  readonly hours: readonly Evaluated[];
}

export function evaluateHours(series: BenchSeries, set: string, half: Half): EvaluatedHours {
  const given = feedable(series, AS_ADAPTERS);
  const hours = windowEnds(series).map((now): Evaluated => {
    const window = windowOf(given, now, AS_ADAPTERS.hours);
    return { kind: 'evaluated', series: window, verdict: evaluate(window, learnedFor(half)) };
  });
  return { series, set, half, hours };
}

export type Comparison = ReturnType<ReturnType<typeof startComparison>['comparison']>;

/** What the rule saves and costs on these series: the mean over all hours at which a quiet host may have its turn. */
export function compare(all: readonly EvaluatedHours[], rule: Rule): Comparison {
  const sums = startComparison();
  for (const one of all) {
    const schedule = replay(one, () => true);
    for (let phase = 0; phase < rule.hours; phase++) {
      const adaptive = replay(one, (hour, last, hasIncident) => {
        return hasIncident || rule.isWatched(last) || hour % rule.hours === phase;
      });
      sums.add(schedule, adaptive);
    }
  }
  return sums.comparison();
}

type IsDue = (hour: number, last: Evaluated, hasIncident: boolean) => boolean;

function replay({ hours }: EvaluatedHours, isDue: IsDue): PolicyReplay {
  const counts = { inspections: 0, notDue: 0, insufficient: 0 };
  const [first] = hours;
  if (first === undefined) return { policy: POLICY, ...counts, episodes: [], fullEpisodes: [] };
  const episodes = followEpisodes(first.series, 'bench', POLICY.recoverAfter);
  let last: Evaluated | undefined;
  for (const [hour, evaluated] of hours.entries()) {
    if (last !== undefined && !isDue(hour, last, episodes.hasIncident())) {
      counts.notDue++;
      continue;
    }
    last = evaluated;
    counts.inspections++;
    if (evaluated.verdict.state === 'insufficient_data') counts.insufficient++;
    episodes.add(evaluated.series.window.end, evaluated);
  }
  return { policy: POLICY, ...counts, episodes: episodes.finish(), fullEpisodes: [] };
}

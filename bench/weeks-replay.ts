/** Hosts of weeks hour by hour, with what their deep reads teach: an outlook a day, and a baseline that is refreshed every week. */
import { refreshBaseline } from '../core/baselines/validate.ts';
import { detect } from '../core/detector/detect.ts';
import type { Knowledge } from '../core/detector/knowledge.ts';
import { weeksOutlookOf } from '../core/detector/weeks.ts';
import type { Baseline } from '../core/model/baseline.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import type { Verdict } from '../core/model/verdict.ts';
import type { WeeksOutlook } from '../core/model/weeks-outlook.ts';
import { type BenchSeries, HOUR_S, windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import { deepReadAt, type HourlyMinima, hourlyMinima } from './weeks-windows.ts';

const DAY_S = 24 * HOUR_S;
const REFRESH_DAYS = 7;

export interface WeeksVerdicts {
  /** One for each of the series' `windowEnds`. */
  readonly alone: readonly Verdict[];
  readonly informed: readonly Verdict[];
}

/**
 * Verdicts of each hour, without and with knowledge of weeks, on the clock that the path replays: it begins with the series. `learned` is the
 * table of the statistical evaluator.
 */
export function weeksVerdicts(series: BenchSeries, learned: Knowledge['learned']): WeeksVerdicts {
  const { start: _, ...clockless } = series;
  const minima = hourlyMinima(clockless);
  const given = feedable(series, AS_ADAPTERS);
  const known = knowledgeByDay(minima);
  const table = learned === undefined ? {} : { learned };
  const verdicts = windowEnds(series).map((now) => {
    const window = windowOf(given, now, AS_ADAPTERS.hours);
    return {
      alone: detect(window, DEFAULT_POLICY, table),
      informed: detect(window, DEFAULT_POLICY, { ...table, ...known(now) }),
    };
  });
  return { alone: verdicts.map(({ alone }) => alone), informed: verdicts.map(({ informed }) => informed) };
}

interface Known {
  readonly weeks?: WeeksOutlook;
  readonly baseline?: Baseline;
}

/** What the deep reads up to a time teach. Times have to come in order. */
function knowledgeByDay(minima: HourlyMinima): (now: number) => Known {
  let day = 0;
  let weeks: WeeksOutlook | null = null;
  let baseline: Baseline | null = null;
  return (now) => {
    for (; (day + 1) * DAY_S <= now; day++) {
      const read = deepReadAt(minima, (day + 1) * DAY_S);
      weeks = weeksOutlookOf(read);
      if ((day + 1) % REFRESH_DAYS === 0) ({ baseline } = refreshBaseline({ reads: [read], previous: baseline }));
    }
    return { ...(weeks !== null && { weeks }), ...(baseline !== null && { baseline }) };
  };
}

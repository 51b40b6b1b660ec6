/**
 * What would have been known of a host's weeks at each inspection of a replay: learned once a day from what lies before that day, as deep reads
 * do it, and never from what lies behind it.
 */
import { advanceRecord } from '../baselines/advance-record.ts';
import type { Knowledge } from '../detector/knowledge.ts';
import { weeksOutlookOf } from '../detector/weeks.ts';
import { keyOf, keyText, knowledgeFrom } from '../inspection/stored-baselines.ts';
import { truncatedTo } from '../inspection/window.ts';
import type { HostBaseline } from '../model/host-baseline.ts';
import type { Policy } from '../model/policy.ts';
import type { Series } from '../model/series.ts';

const DAY_MS = 86_400_000;

/** With less history nothing is stated about weeks, and nothing can be learned and tested. */
const LEAST_DAYS = 10;

export interface PastKnowledge {
  /** @param asOf End of the evaluated window, epoch milliseconds; not before that of an earlier call. */
  at(asOf: number): Knowledge;
}

const NOTHING: Knowledge = {};

export function pastKnowledge(
  series: Series,
  { prior, deepReadDays }: Pick<Policy, 'prior' | 'deepReadDays'>,
): PastKnowledge {
  const first = series.times[0] ?? Number.POSITIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let record: HostBaseline | undefined;
  return {
    at(asOf) {
      const end = Math.floor(asOf / DAY_MS) * DAY_MS;
      if (deepReadDays === 0 || end - first < LEAST_DAYS * DAY_MS) return NOTHING;
      if (end > readAt) {
        const read = truncatedTo(series, { start: end - deepReadDays * DAY_MS, end });
        const key = keyOf(series.resource);
        const weeks = weeksOutlookOf(read, prior);
        record = advanceRecord({ key, reads: [read], excluded: [], before: record, at: end, weeks });
        readAt = end;
      }
      const records = new Map(record === undefined ? [] : [[keyText(record), record]]);
      return knowledgeFrom({ records }, series.resource, asOf);
    },
  };
}

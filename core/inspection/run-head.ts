/** Puts the head of a run together from its lines, as they are read back from one shard after the other. */
import type { ResultLine } from '../model/result-line.ts';
import { MOST_HEAD_LINES, MOST_WATCHED, type RunHead } from '../model/run-head.ts';

export interface HeadBuilder {
  add(line: ResultLine): void;
  /** May be called at any time. Of the watched hosts it takes as many as there is room for. */
  head(facts: Omit<RunHead, 'version' | 'lines' | 'omitted'>): RunHead;
}

/**
 * What there is room for first. Hosts that are not monitored come last: a fleet may have 100,000 of them, and of all that is not
 * steady they change the least from run to run.
 */
const ORDER = ['leaking', 'unreadable', 'insufficient_data', 'not_monitored'] as const;

/** Memory holds at most `mostLines` lines of each verdict; the steady are dropped. Lines of one verdict keep their order. */
export function createHeadBuilder(mostLines = MOST_HEAD_LINES): HeadBuilder {
  const kept: Kept = { leaking: [], unreadable: [], insufficient_data: [], not_monitored: [] };
  let notSteady = 0;
  return {
    add(line) {
      if (line.verdict === 'steady') return;
      notSteady++;
      const lines = kept[line.verdict];
      if (lines.length < mostLines) lines.push(line);
    },
    head(facts) {
      const lines = ORDER.flatMap((verdict) => kept[verdict]).slice(0, mostLines);
      const watched = facts.watched.slice(0, MOST_WATCHED);
      return { version: 1, ...facts, watched, lines, omitted: notSteady - lines.length };
    },
  };
}

type Kept = Record<(typeof ORDER)[number], ResultLine[]>;

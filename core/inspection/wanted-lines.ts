/** Which hosts are wanted, and whether the head of a run has all of them. */
import type { ResultLine } from '../model/result-line.ts';
import type { RunSummary } from '../model/run.ts';
import type { RunHead } from '../model/run-head.ts';

export const WANTED = ['leaking', 'not-steady', 'not-evaluated', 'all'] as const;
export type Wanted = (typeof WANTED)[number];

export function isWanted({ verdict }: ResultLine, wanted: Wanted): boolean {
  switch (wanted) {
    case 'leaking':
      return verdict === 'leaking';
    case 'not-steady':
      return verdict !== 'steady';
    case 'not-evaluated':
      return verdict !== 'steady' && verdict !== 'leaking';
    case 'all':
      return true;
  }
}

/** A head has no steady host, and of the others the leaking ones first, as many as there is room for. */
export function suffices({ lines, omitted }: RunHead, wanted: Wanted): boolean {
  if (wanted === 'all') return false;
  return omitted === 0 || (wanted === 'leaking' && lines.at(-1)?.verdict !== 'leaking');
}

/** How many hosts of a run are wanted. */
export function countWanted({ hosts, verdicts }: RunSummary, wanted: Wanted): number {
  const leaking = verdicts.confirmed + verdicts.suspected;
  const notEvaluated = hosts.notMonitored + hosts.unreadable + verdicts.insufficientData;
  switch (wanted) {
    case 'leaking':
      return leaking;
    case 'not-steady':
      return leaking + notEvaluated;
    case 'not-evaluated':
      return notEvaluated;
    case 'all':
      return leaking + notEvaluated + verdicts.steady;
  }
}

/** What a region's inspection is answered with. Pure. */
import {
  MOST_FINDINGS,
  MOST_STORED_FINDINGS,
  type RegionReplay,
  type RegionResult,
} from '../model/inspection-result.ts';
import type { Scope } from '../model/series.ts';
import { byUrgency } from './listed-finding.ts';
import type { RegionRun } from './region-run.ts';
import type { NotInspected } from './resolve-request.ts';

const NOTHING = { reason: null, run: null, findings: [], found: 0, replay: null } as const;

export function notInspectedResult(scope: Scope, { kind, reason }: NotInspected): RegionResult {
  return { scope, ...NOTHING, outcome: kind, reason };
}

export function runResult({
  summary,
  findings,
  found,
  superseded,
  unrecorded,
}: Pick<RegionRun, 'summary' | 'findings' | 'found' | 'superseded' | 'unrecorded'>): RegionResult {
  return {
    ...NOTHING,
    scope: summary.scope,
    outcome: summary.outcome,
    reason: unrecorded > 0 ? UNRECORDED : superseded ? SUPERSEDED : null,
    run: summary,
    findings: findings.toSorted(byUrgency).slice(0, MOST_FINDINGS),
    found,
  };
}

/** Of a region that is not done yet. */
export function unfinishedResult(scope: Scope, reason: string): RegionResult {
  return { scope, ...NOTHING, outcome: 'partial', reason };
}

const SUPERSEDED = 'a newer window was recorded before: what was found changed no incident';
const UNRECORDED = 'not every finding could be recorded in time: a continuation records the rest';

/** What a past window of one region would have been notified of, and whether all of it could be replayed. */
export interface Replayed {
  readonly outcome: 'complete' | 'partial';
  readonly reason: string | null;
  readonly replay: RegionReplay;
}

export function replayResult(scope: Scope, replayed: Replayed): RegionResult {
  return { scope, ...NOTHING, ...replayed };
}

/** As it is kept: an item of the table has at most 400 KB. */
export function storedResult(result: RegionResult): RegionResult {
  return { ...result, findings: result.findings.slice(0, MOST_STORED_FINDINGS) };
}

/** As many findings in all as one answer lists, region after region. */
export function withinAnswer(results: readonly RegionResult[]): RegionResult[] {
  let room = MOST_FINDINGS;
  return results.map((result) => {
    const findings = result.findings.slice(0, room);
    room -= findings.length;
    return { ...result, findings };
  });
}

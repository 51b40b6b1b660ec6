/** What a run made of each host, as the lines of its results. Pure. */
import { insufficientText } from '../messages/insufficient.ts';
import { clip } from '../messages/plain-text.ts';
import { versionOf } from '../model/host-version.ts';
import { type Evaluated, type Inspected, isLeaking } from '../model/inspected-host.ts';
import type { InspectedMetric } from '../model/metrics.ts';
import type { ResultLine } from '../model/result-line.ts';
import { type RunRef, runName } from '../model/run-ref.ts';
import { isResource, type Resource, type Scope, type Window } from '../model/series.ts';
import type { Evidence } from '../model/verdict.ts';

/** Most characters of a reason in words, which may quote a provider at length. */
const DETAIL_LENGTH = 1000;

/** What was requested: of a host without samples it is all that is known. */
export interface Requested {
  readonly metric: InspectedMetric;
  /** What was evaluated. */
  readonly window: Pick<Window, 'end'>;
}

/** The line of one host, or of a failure that concerns hosts which are not known. */
export function resultLine(run: RunRef, { metric, window }: Requested, inspected: Inspected): ResultLine {
  const line = { ...NOTHING, time: window.end, run: runName(run), trigger: run.trigger, metric };
  switch (inspected.kind) {
    case 'evaluated':
      return { ...line, ...evaluatedFields(inspected) };
    case 'not_monitored': {
      const { resource, reason, hint } = inspected;
      return { ...line, ...identityOf(resource), verdict: 'not_monitored', reason, detail: detailOf(hint) };
    }
    case 'unreadable': {
      const { scope, reason, detail } = inspected;
      return { ...line, ...identityOf(scope), verdict: 'unreadable', reason, detail: detailOf(detail) };
    }
  }
}

const WITHHELD =
  'Its own curve grows like a leak, as it did at the last inspection, when no more than this was reported. Its consumers are read again when it is its turn.';

/** A line without a verdict. */
const NOTHING = {
  score: null,
  is_anomaly: false,
  type: null,
  pattern: null,
  grade: null,
  confidence: null,
  decided_by: null,
  unit: null,
  growth: null,
  growth_low: null,
  growth_high: null,
  level: null,
  since: null,
  exhaustion_earliest: null,
  exhaustion: null,
  exhaustion_latest: null,
  exhaustion_unknown: null,
  reason: null,
  detail: null,
} as const satisfies Partial<ResultLine>;

type Identity = Pick<
  ResultLine,
  'provider' | 'account' | 'region' | 'host' | 'name' | 'group' | 'version' | 'host_kind'
>;

function identityOf(scope: Resource | Scope): Identity {
  const { provider, account, region } = scope;
  const of = { provider, account, region };
  if (!isResource(scope)) return { ...of, host: null, name: null, group: null, version: null, host_kind: null };
  const { id, name = null, group = null, kind = null } = scope;
  return { ...of, host: id, name, group, version: versionOf(scope), host_kind: kind };
}

function evaluatedFields(evaluated: Evaluated): Identity & Partial<ResultLine> & Pick<ResultLine, 'verdict'> {
  const { series, verdict } = evaluated;
  const { metric, unit, window } = series;
  const fields = { ...identityOf(series.resource), time: window.end, metric, unit, verdict: verdict.state };
  if (verdict.state === 'insufficient_data') {
    return { ...fields, reason: verdict.reason, detail: detailOf(insufficientText(verdict, series)) };
  }
  const measured = {
    ...fields,
    ...evidenceFields(verdict.evidence),
    ...(evaluated.isWithheld === true && { detail: WITHHELD }),
  };
  return isLeaking(evaluated)
    ? { ...measured, is_anomaly: true, type: 'memory_leak', grade: evaluated.verdict.grade }
    : measured;
}

function evidenceFields({ confidence, decidedBy, pattern, growthPerHour, level, onset, exhaustion }: Evidence) {
  const expected = exhaustion.kind === 'expected' ? exhaustion : undefined;
  return {
    score: confidence,
    confidence,
    decided_by: decidedBy,
    pattern: pattern?.name ?? null,
    growth: growthPerHour.estimate,
    growth_low: growthPerHour.low,
    growth_high: growthPerHour.high,
    level,
    since: onset?.start ?? null,
    exhaustion_earliest: expected?.earliest ?? null,
    exhaustion: expected?.likely ?? null,
    exhaustion_latest: expected?.latest ?? null,
    exhaustion_unknown: exhaustion.kind === 'cannot_say' ? exhaustion.reason : null,
  };
}

function detailOf(text: string): string | null {
  return text === '' ? null : clip(text, DETAIL_LENGTH);
}

/**
 * What `--json` prints: one object a line (NDJSON). Lines of kind `host` have one schema whatever the state, and one line
 * of kind `summary` follows per account and region. Times are ISO 8601 in UTC; values are bytes (`By`) or fractions (`1`).
 */
import { counterfactualOf } from '../../core/detector/counterfactual.ts';
import type { Attribution, Contribution } from '../../core/model/attribution.ts';
import { type Severity, severityOf } from '../../core/model/finding.ts';
import type { Inspected, Judged } from '../../core/model/inspected-host.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Resource, Scope, Window } from '../../core/model/series.ts';
import type { Cleaned, Evidence, Gate } from '../../core/model/verdict.ts';
import { insufficientText } from './insufficient.ts';

interface TimeSpan {
  readonly start: string;
  readonly end: string;
}

interface HostLine {
  readonly kind: 'host';
  readonly tenant: string;
  /** A whole account and region has no `id`: a failure that concerns all of its hosts. */
  readonly host: Resource | Scope;
  readonly state: 'leaking' | 'steady' | 'insufficient_data' | 'uncovered' | 'unreadable';
  readonly grade: 'suspected' | 'confirmed' | null;
  readonly severity: Severity | null;
  /** Why there is no verdict, by name and in words. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly metric: string | null;
  readonly unit: string | null;
  readonly window: TimeSpan | null;
  readonly evidence: object | null;
  readonly gates: readonly Gate[];
  readonly cleaned: Cleaned | null;
  /** Who grew, or why that is not known. Bytes. */
  readonly attribution: object | null;
}

const NOTHING_JUDGED = {
  grade: null,
  severity: null,
  reason: null,
  detail: null,
  metric: null,
  unit: null,
  window: null,
  evidence: null,
  gates: [],
  cleaned: null,
  attribution: null,
} as const;

/** The line of one host, without a line break. */
export function hostJson(tenant: string, inspected: Inspected): string {
  return JSON.stringify(hostLine(tenant, inspected));
}

/** The line of one host that somebody asked about, with what would have turned its verdict. */
export function explanationJson(tenant: string, inspected: Inspected, policy: Policy): string {
  const counterfactual = inspected.kind === 'judged' ? counterfactualOf(inspected.series, policy) : null;
  return JSON.stringify({ ...hostLine(tenant, inspected), counterfactual });
}

/** The line of one run, without a line break. */
export function summaryJson(run: RunSummary): string {
  return JSON.stringify({
    kind: 'summary',
    ...run,
    scheduledTime: iso(run.scheduledTime),
    window: span(run.window),
  });
}

function hostLine(tenant: string, inspected: Inspected): HostLine {
  switch (inspected.kind) {
    case 'judged':
      return judgedLine(tenant, inspected);
    case 'uncovered': {
      const { resource: host, reason, hint: detail } = inspected;
      return { kind: 'host', tenant, host, state: 'uncovered', ...NOTHING_JUDGED, reason, detail };
    }
    case 'unreadable': {
      const { scope: host, reason, detail } = inspected;
      return { kind: 'host', tenant, host, state: 'unreadable', ...NOTHING_JUDGED, reason, detail };
    }
  }
}

function judgedLine(tenant: string, { series, verdict, attribution }: Judged): HostLine {
  const { resource: host, metric, unit } = series;
  const window = span(series.window);
  const line = { kind: 'host', tenant, host, state: verdict.state, ...NOTHING_JUDGED, metric, unit, window } as const;
  if (verdict.state === 'insufficient_data') {
    const detail = insufficientText(verdict, series);
    return { ...line, reason: verdict.reason, detail, gates: verdict.gates, cleaned: verdict.cleaned };
  }
  const { gates, cleaned, ...evidence } = verdict.evidence;
  const judged = { ...line, evidence: evidenceJson(evidence), gates, cleaned };
  if (verdict.state === 'steady') return judged;
  const severity = severityOf(evidence.exhaustion, series.window.end);
  return { ...judged, grade: verdict.grade, severity, attribution: attribution ? attributionJson(attribution) : null };
}

function attributionJson(attribution: Attribution): object {
  if (attribution.kind === 'unattributed') return attribution;
  const contribution = ({ since, restarts, ...rest }: Contribution) => ({
    ...rest,
    since: since === null ? null : iso(since),
    restarts: restarts.map(iso),
  });
  return {
    ...attribution,
    window: span(attribution.window),
    grown: attribution.grown.map(contribution),
    largest: attribution.largest.map(contribution),
  };
}

export function evidenceJson({
  judged,
  restarts,
  onset,
  exhaustion,
  ...rest
}: Omit<Evidence, 'gates' | 'cleaned'>): object {
  return {
    ...rest,
    judged: span(judged),
    restarts: restarts.map(iso),
    onset: onset && span(onset),
    exhaustion:
      exhaustion.kind === 'cannot_say'
        ? exhaustion
        : {
            kind: exhaustion.kind,
            earliest: iso(exhaustion.earliest),
            likely: iso(exhaustion.likely),
            latest: exhaustion.latest === null ? null : iso(exhaustion.latest),
          },
  };
}

function span({ start, end }: Window): TimeSpan {
  return { start: iso(start), end: iso(end) };
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

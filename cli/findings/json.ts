/**
 * What `--json` prints: one object a line (NDJSON). Lines of kind `host` have one schema whatever the state, and one line
 * of kind `summary` follows per account and region. Times are ISO 8601 in UTC; values are bytes (`By`) or fractions (`1`).
 */
import { counterfactualOf } from '../../core/detector/counterfactual.ts';
import type { Attribution, Contribution } from '../../core/model/attribution.ts';
import { type Severity, severityOf } from '../../core/model/finding.ts';
import type { Evaluated, Inspected } from '../../core/model/inspected-host.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Resource, Scope, Window } from '../../core/model/series.ts';
import type { Check, Cleaned, Evidence } from '../../core/model/verdict.ts';
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
  readonly state: 'leaking' | 'steady' | 'insufficient_data' | 'not_monitored' | 'unreadable';
  readonly grade: 'suspected' | 'confirmed' | null;
  readonly severity: Severity | null;
  /** Why there is no verdict, by name and in words. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly metric: string | null;
  readonly unit: string | null;
  readonly window: TimeSpan | null;
  readonly evidence: object | null;
  readonly checks: readonly Check[];
  readonly cleaned: Cleaned | null;
  /** Who grew, or why that is not known. Bytes. */
  readonly attribution: object | null;
}

const NOTHING_EVALUATED = {
  grade: null,
  severity: null,
  reason: null,
  detail: null,
  metric: null,
  unit: null,
  window: null,
  evidence: null,
  checks: [],
  cleaned: null,
  attribution: null,
} as const;

/** The line of one host, without a line break. */
export function hostJson(tenant: string, inspected: Inspected): string {
  return JSON.stringify(hostLine(tenant, inspected));
}

/** The line of one host that somebody asked about, with what would have turned its verdict. */
export function explanationJson(tenant: string, inspected: Inspected, policy: Policy): string {
  const counterfactual = inspected.kind === 'evaluated' ? counterfactualOf(inspected.series, policy) : null;
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
    case 'evaluated':
      return evaluatedLine(tenant, inspected);
    case 'not_monitored': {
      const { resource: host, reason, hint: detail } = inspected;
      return { kind: 'host', tenant, host, state: 'not_monitored', ...NOTHING_EVALUATED, reason, detail };
    }
    case 'unreadable': {
      const { scope: host, reason, detail } = inspected;
      return { kind: 'host', tenant, host, state: 'unreadable', ...NOTHING_EVALUATED, reason, detail };
    }
  }
}

function evaluatedLine(tenant: string, { series, verdict, attribution }: Evaluated): HostLine {
  const { resource: host, metric, unit } = series;
  const window = span(series.window);
  const line = {
    kind: 'host',
    tenant,
    host,
    state: verdict.state,
    ...NOTHING_EVALUATED,
    metric,
    unit,
    window,
  } as const;
  if (verdict.state === 'insufficient_data') {
    const detail = insufficientText(verdict, series);
    return { ...line, reason: verdict.reason, detail, checks: verdict.checks, cleaned: verdict.cleaned };
  }
  const { checks, cleaned, ...evidence } = verdict.evidence;
  const evaluated = { ...line, evidence: evidenceJson(evidence), checks, cleaned };
  if (verdict.state === 'steady') return evaluated;
  const severity = severityOf(evidence.exhaustion, series.window.end);
  return {
    ...evaluated,
    grade: verdict.grade,
    severity,
    attribution: attribution ? attributionJson(attribution) : null,
  };
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
  evaluated,
  restarts,
  onset,
  exhaustion,
  ...rest
}: Omit<Evidence, 'checks' | 'cleaned'>): object {
  return {
    ...rest,
    evaluated: span(evaluated),
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

/**
 * What `--json` prints: one object a line (NDJSON). Lines of kind `host` have one schema whatever the state, and one line
 * of kind `summary` follows per account and region. Times are ISO 8601 in UTC; values are bytes (`By`) or fractions (`1`).
 */

import { counterfactualOf } from '../../core/detector/counterfactual.ts';
import { scoreWeightsOf } from '../../core/detector/score-weights.ts';
import { collectionText, REMAINDER_MEANINGS, unattributedText } from '../../core/messages/attribution.ts';
import { describedCheck } from '../../core/messages/checks.ts';
import { insufficientText } from '../../core/messages/insufficient.ts';
import {
  type Attribution,
  attributedCodec,
  type Contribution,
  contributionCodec,
} from '../../core/model/attribution.ts';
import { type Severity, severityOf } from '../../core/model/finding.ts';
import { fullHostSchema, fullHostSeverity } from '../../core/model/full-host.ts';
import { type Evaluated, type Inspected, isExhausted } from '../../core/model/inspected-host.ts';
import { EXACT, encoded, isoText } from '../../core/model/notation.ts';
import type { Policy } from '../../core/model/policy.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { Resource, Scope, Window } from '../../core/model/series.ts';
import {
  type Check,
  type Cleaned,
  type Counterfactual,
  type Evidence,
  evidenceCodec,
} from '../../core/model/verdict.ts';

interface TimeSpan {
  readonly start: string;
  readonly end: string;
}

interface HostLine {
  readonly kind: 'host';
  readonly tenant: string;
  /** An account and region has no `id`: a failure that concerns all of its hosts. */
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
  readonly checks: readonly (Check & { readonly message: string })[];
  readonly cleaned: Cleaned | null;
  /** Who grew, or why that is not known. Bytes. */
  readonly attribution: object | null;
  /** Of a host at the top of its memory: what shows it, how severe that is, and whether it is a finding of its own. */
  readonly full: object | null;
}

/** Encodes what shows that a host is full, for programs. */
export const fullHostCodec = fullHostSchema(EXACT);

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
  full: null,
} as const;

/** The line of one host, without a line break. */
export function hostJson(tenant: string, inspected: Inspected): string {
  return JSON.stringify(hostLine(tenant, inspected));
}

/** The line of one host that is explained, with what would have turned its verdict and what each feature weighs in it. */
export function explanationJson(tenant: string, inspected: Inspected, policy: Policy): string {
  const hasVerdict = inspected.kind === 'evaluated' && inspected.verdict.state !== 'insufficient_data';
  const counterfactual = hasVerdict ? turnOf(inspected, policy) : null;
  const score = hasVerdict ? scoreWeightsOf(inspected.series) : null;
  return JSON.stringify({ ...hostLine(tenant, inspected), counterfactual, score });
}

/** What would have turned a verdict: as it was found with all that is known of the host, or by its curve where that is the verdict too. */
export function turnOf({ series, verdict, counterfactual }: Evaluated, policy: Policy): Counterfactual | null {
  return counterfactual === undefined ? counterfactualOf(series, policy, {}, verdict) : counterfactual;
}

/** The line of one run, without a line break. */
export function summaryJson(run: RunSummary): string {
  return JSON.stringify({
    kind: 'summary',
    ...run,
    scheduledTime: isoText(run.scheduledTime),
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

function evaluatedLine(tenant: string, evaluatedHost: Evaluated): HostLine {
  const { series, verdict, attribution } = evaluatedHost;
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
    return {
      ...line,
      reason: verdict.reason,
      detail,
      checks: verdict.checks.map(describedCheck),
      cleaned: verdict.cleaned,
    };
  }
  const { checks, cleaned, ...evidence } = evidenceJson(verdict.evidence);
  const evaluated = { ...line, evidence, checks, cleaned, full: fullJson(evaluatedHost) };
  if (verdict.state === 'steady') return evaluated;
  const severity = severityOf(verdict.evidence.exhaustion, series.window.end);
  return {
    ...evaluated,
    grade: verdict.grade,
    severity,
    attribution: attribution ? attributionJson(attribution) : null,
  };
}

function fullJson(evaluated: Evaluated): object | null {
  const { full } = evaluated;
  if (full === undefined) return null;
  return { ...encoded(fullHostCodec, full), severity: fullHostSeverity(full), finding: isExhausted(evaluated) };
}

/** The facts, each with what it means in words. */
function attributionJson(attribution: Attribution): object {
  if (attribution.kind === 'unattributed') return { ...attribution, message: unattributedText(attribution) };
  const { grown, largest, unexplained } = attribution;
  return {
    ...encoded(attributedCodec, attribution),
    grown: grown.map(contributionJson),
    largest: largest.map(contributionJson),
    unexplained: unexplained && { ...unexplained, message: REMAINDER_MEANINGS[unexplained.remainder] },
  };
}

function contributionJson(contribution: Contribution): object {
  return { ...encoded(contributionCodec, contribution), message: collectionText(contribution) };
}

export function evidenceJson(evidence: Evidence) {
  return { ...encoded(evidenceCodec, evidence), checks: evidence.checks.map(describedCheck) };
}

function span({ start, end }: Window): TimeSpan {
  return { start: isoText(start), end: isoText(end) };
}

/** What was read of one host, as it is sent: a bounded document that whoever draws it needs nothing beside. Pure. */
import { counterfactualOf } from '../detector/counterfactual.ts';
import { confirmedFrom } from '../detector/detect.ts';
import { scoreWeightsOf } from '../detector/score-weights.ts';
import { describedCheck } from '../messages/checks.ts';
import { EXHAUSTION_REASONS } from '../messages/exhaustion.ts';
import { failureText } from '../messages/failure.ts';
import { insufficientText } from '../messages/insufficient.ts';
import { clip } from '../messages/plain-text.ts';
import { writtenVotes } from '../messages/who-decided.ts';
import { fullHostSchema } from '../model/full-host.ts';
import {
  FAILURE_LENGTH,
  type HostMemory,
  MOST_ANSWER_BYTES,
  MOST_FAILURES,
  MOST_POINTS,
  MOST_SIBLINGS,
  type Sibling,
} from '../model/host-memory.ts';
import { versionOf } from '../model/host-version.ts';
import type { Evaluated } from '../model/inspected-host.ts';
import { EXACT, encoded, isoText } from '../model/notation.ts';
import { type Policy, thresholdOf } from '../model/policy.ts';
import type { Reading, Resource, Series, Window } from '../model/series.ts';
import { type Check, type Evidence, evidenceCodec, type FeatureWeight } from '../model/verdict.ts';
import type { PriceList } from '../ports/memory-source.ts';
import { attributionOf } from './compose-attribution.ts';
import type { HostRead } from './read-host.ts';
import { type CallsMade, estimateCost } from './run-summary.ts';
import { thinCurve } from './thin-curve.ts';
import type { InspectionSpans } from './window.ts';

const HOUR = 3_600_000;

export interface ReadFacts {
  /** Of the host. */
  readonly policy: Policy;
  readonly metric: string;
  readonly spans: InspectionSpans;
  /** Epoch milliseconds: when it was read. */
  readonly readAt: number;
  readonly spent: CallsMade;
  readonly price: PriceList | undefined;
}

export function composeHostMemory(read: HostRead, facts: ReadFacts): HostMemory {
  const { inspected, resource, siblingCount } = read;
  const { policy, readAt, spent, price } = facts;
  const threshold = thresholdOf(policy);
  const memory: HostMemory = {
    ...nothingKnown(facts),
    host: hostOf(resource),
    readAt: isoText(readAt),
    requiredConfidence: threshold,
    confirmingConfidence: confirmedFrom(threshold),
    policy: { threshold: policy.threshold, environment: policy.environment, prior: policy.prior },
    ...fieldsOf(read, policy),
    siblings: siblingsOf(read),
    siblingCount,
    unreadable: failuresOf(read),
    cost: {
      calls: Object.values(spent.calls).reduce((sum, count) => sum + count, 0),
      metrics: spent.metricsBilled,
      usd: estimateCost(spent.metricsBilled, price, 0).perRun,
    },
  };
  return inspected.kind === 'evaluated' ? bounded(memory) : memory;
}

/** Of a host without samples. */
function nothingKnown({ metric, spans: { evaluated } }: ReadFacts) {
  return {
    metric,
    unit: '1',
    limitKnown: false,
    limit: null,
    window: encodedSpan(evaluated.window),
    statistic: evaluated.statistic,
    periodSeconds: evaluated.periodMs / 1000,
    samples: { times: [], values: [] },
    recent: null,
    reason: null,
    detail: null,
    ...WITHOUT_EVIDENCE,
    full: null,
    checks: [],
    score: null,
    counterfactual: null,
    attribution: null,
  } as const;
}

const WITHOUT_EVIDENCE = {
  grade: null,
  confidence: null,
  votes: [],
  decidedBy: null,
  lastingConfidence: null,
  evaluated: null,
  horizonHours: null,
  growthHours: null,
  level: null,
  growth: null,
  onset: null,
  pattern: null,
  exhaustion: null,
  exhaustionUnknown: null,
  restarts: [],
} as const;

/** What is known of the host itself. */
function fieldsOf({ inspected, whoGrew }: HostRead, policy: Policy): Pick<HostMemory, 'verdict'> & Partial<HostMemory> {
  switch (inspected.kind) {
    case 'not_monitored':
      return { verdict: 'not_monitored', reason: inspected.reason, detail: clip(inspected.hint, FAILURE_LENGTH) };
    case 'unreadable':
      return { verdict: 'unreadable', reason: inspected.reason, detail: clip(inspected.detail, FAILURE_LENGTH) };
    case 'evaluated': {
      const { series, verdict, counterfactual = counterfactualOf(series, policy, {}, verdict) } = inspected;
      const measured = { ...seriesFields(inspected), verdict: verdict.state };
      if (verdict.state === 'insufficient_data') {
        const detail = clip(insufficientText(verdict, series), FAILURE_LENGTH);
        return { ...measured, reason: verdict.reason, detail, checks: explained(verdict.checks, []) };
      }
      const { evidence } = verdict;
      const scored = scoreWeightsOf(series);
      return {
        ...measured,
        ...evidenceFields(evidence),
        votes: writtenVotes(evidence, whoGrew?.attribution),
        decidedBy: evidence.decidedBy,
        grade: verdict.state === 'leaking' ? verdict.grade : null,
        checks: explained(evidence.checks, scored?.weights ?? []),
        score: scored && { value: scored.value, reference: scored.reference },
        counterfactual,
        attribution: whoGrew ? attributionOf(series, evidence, whoGrew) : null,
      };
    }
  }
}

function seriesFields({ series, recent, full }: Evaluated) {
  const { metric, unit, limit = null, window, statistic, periodMs } = series;
  return {
    metric,
    unit,
    // A fraction is of a limit that is known, whatever it is.
    limitKnown: unit === '1' || limit !== null,
    limit,
    window: encodedSpan(window),
    statistic,
    periodSeconds: periodMs / 1000,
    samples: samplesOf(series),
    recent: recentOf(recent),
    full: full ? fullOf(full) : null,
  };
}

function fullOf(full: NonNullable<Evaluated['full']>): NonNullable<HostMemory['full']> {
  const { kind, since, falls, hoursToFull, grows, pageFaults } = encoded(fullHostSchema(EXACT), full);
  return { kind, since, falls, hoursToFull, grows, ...(pageFaults && { pageFaults }) };
}

function recentOf(recent: Reading | undefined): HostMemory['recent'] {
  return recent?.kind === 'series' ? samplesOf(recent) : null;
}

function samplesOf({ times, values }: Series): HostMemory['samples'] {
  return { times: Array.from(times, (time) => time / 1000), values: Array.from(values) };
}

function evidenceFields(evidence: Evidence): Partial<HostMemory> {
  const { exhaustion, growthPerHour, ...written } = encoded(evidenceCodec, evidence);
  const { confidence, lastingConfidence, evaluated, horizonHours, growthHours } = written;
  const { level, onset, pattern, restarts } = written;
  const { kind: _, ...expected } = exhaustion.kind === 'expected' ? exhaustion : { kind: null };
  return {
    confidence,
    lastingConfidence,
    evaluated,
    horizonHours,
    growthHours,
    level,
    growth: growthPerHour,
    onset,
    pattern,
    restarts,
    exhaustion: 'earliest' in expected ? expected : null,
    exhaustionUnknown: exhaustion.kind === 'cannot_say' ? EXHAUSTION_REASONS[exhaustion.reason] : null,
  };
}

function explained(checks: readonly Check[], weights: readonly FeatureWeight[]): HostMemory['checks'] {
  return checks.map((check) => ({
    ...describedCheck(check),
    weight: weights.find(({ name }) => name === check.name)?.weight ?? null,
  }));
}

function siblingsOf({ siblings, inspected }: HostRead): Sibling[] {
  const own = inspected.kind === 'evaluated' ? ageHours(inspected.series) : null;
  const distance = ({ age }: Aged) => Math.abs((age ?? Number.MAX_VALUE) - (own ?? Number.MAX_VALUE));
  return siblings
    .map((sibling): Aged => ({ ...sibling, age: ageHours(sibling.series) }))
    .sort((a, b) => rankOf(a) - rankOf(b) || distance(a) - distance(b) || compareIds(a, b))
    .slice(0, MOST_SIBLINGS)
    .map(siblingOf);
}

/** Hours since its first sample; null where it is older than the window. */
type Aged = Evaluated & { readonly age: number | null };

const RANKS = { leaking: 0, steady: 1, insufficient_data: 2 } as const;

function rankOf({ verdict }: Evaluated): number {
  return RANKS[verdict.state];
}

function compareIds({ series: { resource: a } }: Evaluated, { series: { resource: b } }: Evaluated): number {
  return a.id < b.id ? -1 : 1;
}

/** A first sample within some periods of the beginning is no sign that the host began with it. */
const PERIODS_AT_BEGINNING = 4;

function ageHours({ times, window, periodMs }: Series): number | null {
  const [first] = times;
  if (first === undefined || first - window.start <= PERIODS_AT_BEGINNING * periodMs) return null;
  return (window.end - first) / HOUR;
}

function siblingOf({ series, verdict, age }: Aged): Sibling {
  return {
    host: hostOf(series.resource),
    verdict: verdict.state,
    grade: verdict.state === 'leaking' ? verdict.grade : null,
    confidence: verdict.state === 'insufficient_data' ? null : verdict.evidence.confidence,
    unit: series.unit,
    ageHours: age,
    curve: thinCurve(series, MOST_POINTS, 'least'),
  };
}

function failuresOf({ failures, inspected }: HostRead): string[] {
  const texts = new Set(
    failures.filter((one) => one !== inspected).map((one) => clip(failureText(one), FAILURE_LENGTH)),
  );
  if (texts.size <= MOST_FAILURES) return [...texts];
  const more = texts.size - MOST_FAILURES + 1;
  return [...[...texts].slice(0, MOST_FAILURES - 1), `and ${more} more`];
}

function hostOf(host: Resource): HostMemory['host'] {
  const { provider, account, region, id, name = null, group = null } = host;
  return { provider, account, region, id, name, kind: host.kind ?? null, group, version: versionOf(host) };
}

function encodedSpan({ start, end }: Window): HostMemory['window'] {
  return { start: isoText(start), end: isoText(end) };
}

/** Names are texts of strangers, and may be long: what adds least is left out first, and that is stated. */
function bounded(memory: HostMemory): HostMemory {
  const isSmall = (one: HostMemory) => Buffer.byteLength(JSON.stringify(one)) <= MOST_ANSWER_BYTES;
  if (isSmall(memory)) return memory;
  const unreadable = [TOO_LARGE, ...memory.unreadable].slice(0, MOST_FAILURES);
  const alone = { ...memory, siblings: [], unreadable };
  return isSmall(alone) ? alone : { ...alone, attribution: null };
}

const TOO_LARGE = 'the answer was too large: hosts of its group, and who grew, are left out of it as far as needed';

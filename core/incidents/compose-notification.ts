/** Writes the event of a transition. It is deterministic: the same transition gives the same bytes, whoever composes it. */
import { CHECK_DESCRIPTIONS } from '../messages/checks.ts';
import { EARLY_TEXT, earlyText } from '../messages/early.ts';
import { EXHAUSTION_REASONS } from '../messages/exhaustion.ts';
import { TRANSITION_TEXT } from '../messages/finding.ts';
import { hostName, scopeText } from '../messages/locations.ts';
import { clip } from '../messages/plain-text.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { Finding } from '../model/finding.ts';
import { type Incident, incidentId } from '../model/incident.ts';
import { metricWords } from '../model/metrics.ts';
import { encoded, isoText, roundFigure } from '../model/notation.ts';
import {
  type Notification,
  type NotificationEarly,
  type NotificationKind,
  type NotificationLeak,
  PUBLISHED,
} from '../model/notification.ts';
import type { Resource, Series } from '../model/series.ts';
import type { Check, Exhaustion } from '../model/verdict.ts';
import { attributionFacts } from './compose-attribution.ts';

/** Characters of a name or a label's value: providers allow far longer ones than people read. */
const TEXT_LENGTH = 200;

/** Labels that a body carries. */
const LABEL_COUNT = 20;

/** Points of the curve: six hours at five minutes. */
const CURVE_POINTS = 72;

/**
 * @param incident The incident after its transition was numbered.
 * @param finding What was seen; absent where the transition ends an episode.
 */
export function composeNotification(
  incident: Incident,
  kind: NotificationKind,
  finding?: Finding | EarlyFinding,
): Notification {
  const { key, episode, transition, severity, since } = incident;
  const id = incidentId(key, episode);
  return {
    specversion: '1.0',
    id: `${id}/${transition}`,
    source: sourceOf(key),
    type: `plimsoll.${metricWords(key.metric).eventNoun}.${kind}`,
    subject: key.host,
    time: isoText(incident.asOf),
    datacontenttype: 'application/json',
    data: {
      kind,
      finding: key.finding,
      incident: id,
      episode,
      transition,
      tenant: key.tenant,
      severity,
      metric: key.metric,
      host: hostFacts(incident.resource),
      since: isoText(since),
      summary: summarise(kind, incident, finding),
      ...(finding?.kind === 'leak' && { leak: leakFacts(finding) }),
      ...(finding?.kind === 'early' && { early: earlyFacts(finding) }),
    },
  };
}

/** Of a source without regions it ends with the account. */
function sourceOf({ tenant, provider, account, region }: Incident['key']): string {
  const parts = ['/plimsoll', tenant, provider, encodeURIComponent(account), ...(region === null ? [] : [region])];
  return parts.join('/');
}

function summarise(kind: NotificationKind, incident: Incident, finding?: Finding | EarlyFinding): string {
  const { key, resource, severity } = incident;
  const what = `${metricWords(key.metric).label} of ${clip(hostName(resource), TEXT_LENGTH)}`;
  return `${what} ${transitionText(kind, incident, finding)} (${severity}, ${scopeText(resource)})`;
}

function transitionText(kind: NotificationKind, { key }: Incident, finding?: Finding | EarlyFinding): string {
  if (key.finding === 'leak') return TRANSITION_TEXT[kind];
  return finding?.kind === 'early' ? earlyText(finding.comparison) : EARLY_TEXT.ended;
}

function earlyFacts({ comparison, group, eventAt }: EarlyFinding): NotificationEarly {
  return {
    ...encoded(PUBLISHED.equalAge, comparison),
    group: clip(group, TEXT_LENGTH),
    event: isoText(eventAt),
  };
}

function hostFacts({ provider, account, region, id, name, group, labels }: Resource): Notification['data']['host'] {
  const kept = Object.entries(labels ?? {}).slice(0, LABEL_COUNT);
  return {
    provider,
    account,
    region,
    id,
    ...(name !== undefined && { name: clip(name, TEXT_LENGTH) }),
    ...(group !== undefined && { group: clip(group, TEXT_LENGTH) }),
    ...(kept.length > 0 && {
      labels: Object.fromEntries(kept.map(([key, value]) => [clip(key, TEXT_LENGTH), clip(value, TEXT_LENGTH)])),
    }),
  };
}

function leakFacts({ verdict: { grade, evidence }, unit, recent, attribution }: Finding): NotificationLeak {
  const { pattern, onset, exhaustion, checks } = evidence;
  return {
    grade,
    unit,
    ...encoded(PUBLISHED.evidence, evidence),
    pattern: pattern && encoded(PUBLISHED.pattern, pattern),
    onset: onset && {
      earliest: isoText(onset.start),
      latest: isoText(onset.end),
      leftCensored: onset.leftCensored,
    },
    exhaustion: exhaustionFacts(exhaustion),
    checks: checks.map(checkFacts),
    ...(attribution && { attribution: attributionFacts(attribution) }),
    ...(recent && { curve: curveOf(recent) }),
  };
}

function checkFacts(check: Check): NotificationLeak['checks'][number] {
  return { ...encoded(PUBLISHED.check, check), message: CHECK_DESCRIPTIONS[check.name] };
}

function exhaustionFacts(exhaustion: Exhaustion): NotificationLeak['exhaustion'] {
  if (exhaustion.kind === 'expected') return encoded(PUBLISHED.expected, exhaustion);
  return { ...exhaustion, message: EXHAUSTION_REASONS[exhaustion.reason] };
}

/** The samples on a regular grid, null where one is missing. Of a curve with too many points the newest are kept. */
function curveOf({ window, periodMs, times, values }: Series): NonNullable<NotificationLeak['curve']> {
  const count = Math.min(CURVE_POINTS, Math.floor((window.end - window.start) / periodMs));
  const start = window.end - count * periodMs;
  const grid = new Array<number | null>(count).fill(null);
  times.forEach((time, index) => {
    const value = values[index];
    const slot = Math.floor((time - start) / periodMs);
    if (value !== undefined && slot >= 0 && slot < count) grid[slot] = roundFigure(value);
  });
  return { start: isoText(start), periodSeconds: periodMs / 1000, values: grid };
}

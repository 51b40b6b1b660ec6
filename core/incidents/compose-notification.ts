/** Writes the event of a transition. It is deterministic: the same transition gives the same bytes, whoever composes it. */
import type { Finding } from '../model/finding.ts';
import { type Incident, incidentId } from '../model/incident.ts';
import type { Notification, NotificationKind, NotificationLeak } from '../model/notification.ts';
import type { Resource, Series } from '../model/series.ts';
import type { Exhaustion } from '../model/verdict.ts';
import { clip, iso, round } from './body-values.ts';
import { attributionFacts } from './compose-attribution.ts';

/** Labels that a body carries. */
const LABEL_COUNT = 20;

/** Points of the curve: six hours at five minutes. */
const CURVE_POINTS = 72;

/**
 * @param incident The incident after its transition was numbered.
 * @param finding What was seen; absent where the transition ends an episode.
 */
export function composeNotification(incident: Incident, kind: NotificationKind, finding?: Finding): Notification {
  const { key, episode, transition, severity, since } = incident;
  const id = incidentId(key, episode);
  return {
    specversion: '1.0',
    id: `${id}/${transition}`,
    source: `/plimsoll/${key.tenant}/${key.provider}/${encodeURIComponent(key.account)}/${key.region}`,
    type: `plimsoll.memory.${kind}`,
    subject: key.host,
    time: iso(incident.asOf),
    datacontenttype: 'application/json',
    data: {
      kind,
      incident: id,
      episode,
      transition,
      tenant: key.tenant,
      severity,
      metric: key.metric,
      host: hostFacts(incident.resource),
      since: iso(since),
      summary: summarise(kind, incident),
      ...(finding && { leak: leakFacts(finding) }),
    },
  };
}

const MESSAGE: Readonly<Record<NotificationKind, string>> = {
  suspected: 'may grow like a leak',
  opened: 'grows like a leak',
  worse: 'grows like a leak, and is closer to its limit',
  recovered: 'no longer grows like a leak',
  cleared: 'no longer looks suspicious',
};

function summarise(kind: NotificationKind, { resource, key, severity }: Incident): string {
  const host = clip(resource.name ?? resource.id);
  return `Memory of ${host} ${MESSAGE[kind]} (${severity}, ${key.provider} ${key.account} ${key.region})`;
}

function hostFacts({ provider, account, region, id, name, group, labels }: Resource): Notification['data']['host'] {
  const kept = Object.entries(labels ?? {}).slice(0, LABEL_COUNT);
  return {
    provider,
    account,
    region,
    id,
    ...(name !== undefined && { name: clip(name) }),
    ...(group !== undefined && { group: clip(group) }),
    ...(kept.length > 0 && { labels: Object.fromEntries(kept.map(([key, value]) => [clip(key), clip(value)])) }),
  };
}

function leakFacts({ verdict: { grade, evidence }, unit, recent, attribution }: Finding): NotificationLeak {
  const { growthPerHour, pattern, onset } = evidence;
  return {
    grade,
    confidence: round(evidence.confidence),
    unit,
    level: round(evidence.level),
    growthPerHour: {
      low: round(growthPerHour.low),
      estimate: round(growthPerHour.estimate),
      high: round(growthPerHour.high),
    },
    pattern: pattern && { name: pattern.name, confidence: round(pattern.confidence) },
    onset: onset && { earliest: iso(onset.start), latest: iso(onset.end) },
    exhaustion: exhaustionFacts(evidence.exhaustion),
    evaluated: { start: iso(evidence.evaluated.start), end: iso(evidence.evaluated.end) },
    checks: evidence.checks.map((check) => ({
      ...check,
      value: check.value === null ? null : round(check.value),
      limit: round(check.limit),
    })),
    ...(attribution && { attribution: attributionFacts(attribution) }),
    ...(recent && { curve: curveOf(recent) }),
  };
}

function exhaustionFacts(exhaustion: Exhaustion): NotificationLeak['exhaustion'] {
  if (exhaustion.kind === 'cannot_say') return exhaustion;
  const { kind, earliest, likely, latest } = exhaustion;
  return { kind, earliest: iso(earliest), likely: iso(likely), latest: latest === null ? null : iso(latest) };
}

/** The samples on a regular grid, null where one is missing. Of a curve with too many points the newest are kept. */
function curveOf({ window, periodMs, times, values }: Series): NonNullable<NotificationLeak['curve']> {
  const count = Math.min(CURVE_POINTS, Math.floor((window.end - window.start) / periodMs));
  const start = window.end - count * periodMs;
  const grid = new Array<number | null>(count).fill(null);
  times.forEach((time, index) => {
    const value = values[index];
    const slot = Math.floor((time - start) / periodMs);
    if (value !== undefined && slot >= 0 && slot < count) grid[slot] = round(value);
  });
  return { start: iso(start), periodSeconds: periodMs / 1000, values: grid };
}

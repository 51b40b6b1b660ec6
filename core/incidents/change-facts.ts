/** The facts of a finding as a change keeps them: those that its message will state, bounded, so that no host makes an item too large. */
import { CHECK_DESCRIPTIONS } from '../messages/checks.ts';
import { EXHAUSTION_REASONS } from '../messages/exhaustion.ts';
import { clip } from '../messages/plain-text.ts';
import { writtenVotes } from '../messages/who-decided.ts';
import type { EarlyFinding } from '../model/equal-age.ts';
import type { Finding } from '../model/finding.ts';
import type { FullFinding } from '../model/full-host.ts';
import { encoded, isoText, roundFigure } from '../model/notation.ts';
import {
  MOST_FALLS,
  type NotificationData,
  type NotificationEarly,
  type NotificationLastFinding,
  type NotificationLeak,
  PUBLISHED,
} from '../model/notification.ts';
import type { Series } from '../model/series.ts';
import type { Check, Exhaustion } from '../model/verdict.ts';
import { attributionFacts } from './compose-attribution.ts';

/** Characters of a group's name: providers allow far longer ones than people read. */
const TEXT_LENGTH = 200;

/** Points of the curve: six hours at five minutes. */
const CURVE_POINTS = 72;

/** Restarts that are kept: the newest ones. */
const RESTARTS = 10;

/** The facts of a host that grows faster than the others of its group. */
export function earlyFacts({ comparison, group, eventAt }: EarlyFinding): NotificationEarly {
  return {
    ...encoded(PUBLISHED.equalAge, comparison),
    group: clip(group, TEXT_LENGTH),
    event: isoText(eventAt),
  };
}

/** The facts of a full host. Of its falls the newest are kept. */
export function exhaustedFacts({ full }: FullFinding): NonNullable<NotificationData['exhausted']> {
  const { falls, ...facts } = encoded(PUBLISHED.fullHost, full);
  return { ...facts, falls: falls.slice(-MOST_FALLS) };
}

/** The facts of a leak. */
export function leakFacts({ verdict: { grade, evidence }, unit, recent, attribution }: Finding): NotificationLeak {
  const { pattern, onset, exhaustion, checks, restarts, decidedBy } = evidence;
  const votes = writtenVotes(evidence, attribution);
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
    ...(restarts.length > 0 && { restarts: restarts.slice(-RESTARTS).map(isoText) }),
    ...(votes.length > 0 && { votes, decidedBy }),
  };
}

/** The facts that reminders state: of a leak that goes on, without what does not change or is large. */
export function lastFindingFacts({ verdict: { evidence }, unit }: Finding): NotificationLastFinding {
  const { level, growthPerHour, evaluated } = encoded(PUBLISHED.evidence, evidence);
  return { unit, level, growthPerHour, evaluated, exhaustion: exhaustionFacts(evidence.exhaustion) };
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

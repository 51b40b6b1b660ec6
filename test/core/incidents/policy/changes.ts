/** Changes of incidents as the alert policy gets them, made by hand. */
import type { PolicyContext } from '../../../../core/incidents/policy/context.ts';
import type { Undecided } from '../../../../core/incidents/policy/undecided.ts';
import { type Alerts, alertsSchema, type QuietHours } from '../../../../core/model/alerts.ts';
import type { Change } from '../../../../core/model/change.ts';
import type { Incident } from '../../../../core/model/incident.ts';
import type { Label, Mute } from '../../../../core/model/mute.ts';
import { isoText } from '../../../../core/model/notation.ts';
import type { NotificationLeak } from '../../../../core/model/notification.ts';
import type { Resource } from '../../../../core/model/series.ts';
import { aResource, HOUR, NOON } from '../../../fixtures/builders.ts';

export function alertsOf(alerts: unknown): Alerts {
  return alertsSchema.parse(alerts);
}

export function aContext(overrides: Partial<PolicyContext> = {}): PolicyContext {
  return {
    alerts: undefined,
    now: NOON,
    mutes: [],
    labels: [],
    fleets: [],
    containers: [],
    environmentOf: () => 'staging',
    ...overrides,
  };
}

interface LeakFigures {
  /** Percentage points an hour. */
  readonly growth?: number;
  readonly level?: number;
  readonly confidence?: number;
  readonly pattern?: string;
  /** Hours before the change. */
  readonly since?: number;
  readonly consumer?: string;
}

function aLeak(at: number, figures: LeakFigures = {}): NotificationLeak {
  const { growth = 1, level = 60, confidence = 0.9, pattern = 'linear', since = 12, consumer } = figures;
  const estimate = growth / 100;
  const figure = { low: estimate * 0.9, estimate, high: estimate * 1.1 };
  return {
    grade: 'confirmed',
    unit: '1',
    evaluated: { start: isoText(at - 100 * HOUR), end: isoText(at) },
    level: level / 100,
    growthPerHour: figure,
    confidence,
    pattern: { name: pattern, confidence: 0.8 },
    onset: { earliest: isoText(at - (since + 1) * HOUR), latest: isoText(at - since * HOUR), leftCensored: false },
    exhaustion: { kind: 'cannot_say', reason: 'too_far', message: 'too far' },
    checks: [],
    ...(consumer !== undefined && { attribution: grownBy(consumer, at) }),
  };
}

function grownBy(name: string, at: number): NonNullable<NotificationLeak['attribution']> {
  const interval = { low: 1, estimate: 1, high: 1 };
  return {
    kind: 'attributed',
    window: { start: isoText(at - HOUR), end: isoText(at) },
    basis: 'host',
    rise: interval,
    consumers: 1,
    grown: [
      {
        kind: 'process',
        name,
        before: 0,
        after: 1,
        rise: interval,
        share: null,
        since: null,
        collectedFrom: null,
        collectedUntil: null,
        restarts: 0,
        message: null,
      },
    ],
    largest: [],
    unexplained: null,
  };
}

export function aChange(overrides: Partial<Change> = {}, figures: LeakFigures = {}): Change {
  const { at = NOON, kind = 'opened' } = overrides;
  const stateLeak = kind === 'opened' || kind === 'suspected' || kind === 'worse' || kind === 'better';
  return {
    number: 1,
    episode: 1,
    kind,
    at,
    recordedAt: at,
    severity: 'medium',
    grade: kind === 'suspected' ? 'suspected' : 'confirmed',
    cycles: { cycle: 1, firstAt: at, lastedHours: [], reopened: false },
    ...(stateLeak && { leak: aLeak(at, figures) }),
    ...overrides,
  };
}

export interface ItemOptions {
  readonly host?: Partial<Resource>;
  readonly change?: Partial<Change>;
  readonly leak?: LeakFigures;
  readonly incident?: Partial<Incident>;
  readonly tenant?: string;
}

/** An incident with one change that nothing is decided about. */
export function anItem({ host, change, leak, incident, tenant = 'acme' }: ItemOptions = {}): Undecided {
  const resource = aResource(host);
  const own = aChange(change, leak);
  const { provider, account, region, id } = resource;
  return {
    incident: {
      key: { tenant, provider, account, region, host: id, metric: 'system.memory.utilization', finding: 'leak' },
      resource,
      status: own.kind === 'suspected' ? 'suspected' : 'open',
      episode: own.episode,
      severity: own.severity,
      asOf: own.at,
      since: own.at,
      steadyRuns: 0,
      cycle: 1,
      cycleSince: own.cycles.firstAt,
      openedAt: own.at,
      endedAt: null,
      transition: own.number,
      lastChangeAt: own.at,
      undecided: [own],
      outbox: [],
      dropped: 0,
      lastNotifiedAt: null,
      acknowledged: null,
      owner: null,
      fleet: null,
      changedAt: own.at,
      ...incident,
    },
    change: own,
  };
}

/** Hosts of one group that rise alike. */
export function aStorm(count: number, { leak, host, ...options }: ItemOptions = {}): Undecided[] {
  return Array.from({ length: count }, (_, index) =>
    anItem({
      ...options,
      host: { group: 'web-blue', id: `i-${String(index).padStart(5, '0')}`, ...host },
      leak: { growth: 0.8 + (index % 5) * 0.1, ...leak },
    }),
  );
}

export function aMute(overrides: Partial<Mute> = {}): Mute {
  return {
    id: 'm1',
    tenant: 'acme',
    subject: { host: 'i-0a1b2c3d' },
    reason: 'known, a fix comes on Monday',
    by: 'ops',
    at: NOON - HOUR,
    until: NOON + 24 * HOUR,
    ...overrides,
  };
}

export function aLabel(overrides: Partial<Label> = {}): Label {
  return {
    id: 'l1',
    tenant: 'acme',
    kind: 'false-positive',
    subject: { host: 'i-0a1b2c3d' },
    reason: 'nightly index',
    by: 'ops',
    at: NOON - 24 * HOUR,
    from: null,
    to: null,
    likeness: { pattern: 'linear', growthPerHour: 1, hour: 0, level: 60 },
    ...overrides,
  };
}

export function quietHoursOf(quiet: unknown): QuietHours {
  const [parsed] = alertsOf({ quietHours: [quiet] }).quietHours ?? [];
  if (parsed === undefined) throw new Error('there are no quiet hours');
  return parsed;
}

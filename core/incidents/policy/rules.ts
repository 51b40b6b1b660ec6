/** The rules that a tenant has without writing any, as data; and which rule decides a change: the first that matches. */
import type { AlertRule, Alerts } from '../../model/alerts.ts';
import type { HostEnvironment } from '../../model/policy.ts';
import { findingsOf, matchesHost } from './match.ts';
import { durationHours, growthOf, HOUR_MS, type Undecided } from './undecided.ts';

type Rules = readonly AlertRule[];

/** What is unusual may be harmless: of anomalies those that cross a limit, or fill a disk within a day, wake somebody up. */
const UNUSUAL: AlertRule = {
  name: 'anomaly',
  findings: ['anomaly'],
  severities: ['low', 'medium'],
  action: 'notify',
};

/** A host that stands at the top or fills again, and shows no leak, may be sized so: only one that is at its limit now is urgent. */
const FULL: AlertRule = {
  name: 'full',
  findings: ['exhausted'],
  kinds: ['opened'],
  severities: ['low', 'medium', 'high'],
  action: 'notify',
};

/**
 * Who was notified of something before there were rules still is. What wakes somebody up: a leak that is confirmed, once a cycle, or so urgent
 * that it is taken for confirmed (`story/follow.ts`), and that it is worse where hours are left (of all pages of `worse` that leaves six of ten).
 */
const DEFAULT_RULES: Rules = [
  UNUSUAL,
  FULL,
  { name: 'opened', kinds: ['opened'], action: 'page' },
  { name: 'worse-critical', kinds: ['worse'], severities: ['critical'], action: 'page' },
  { name: 'unacknowledged', kinds: ['reminder', 'escalated'], action: 'page' },
  { name: 'everything-else', action: 'notify' },
];

/**
 * A table of rules by pattern as other systems have it, in ours: confidence, growth, duration, occurrences and cool-down. What it calls
 * critical and high pages. Its periodic growth is our sawtooth; its fragmentation, which ends in steps, is our staircase, and its index of
 * fragmentation has no counterpart.
 */
const PRECOG_RULES: Rules = [
  { name: 'fleet', findings: ['fleet'], kinds: ['opened'], action: 'page' },
  { name: 'unacknowledged', kinds: ['reminder', 'escalated'], action: 'page' },
  { name: 'ends', kinds: ['recovered', 'cleared', 'host_gone', 'no_data', 'better'], action: 'notify' },
  // A job that reports is configured on purpose: its findings have no pattern, and are not held back for it.
  UNUSUAL,
  { name: 'anomaly-severe', findings: ['anomaly'], kinds: ['opened', 'worse'], action: 'page' },
  {
    name: 'exponential',
    patterns: ['exponential'],
    minConfidence: 0.9,
    minGrownPercent: 50,
    cooldownMinutes: 5,
    action: 'page',
  },
  {
    name: 'linear',
    patterns: ['linear', 'creep', 'load_proportional'],
    minConfidence: 0.8,
    minDurationHours: 0.5,
    cooldownMinutes: 15,
    action: 'page',
  },
  {
    name: 'periodic',
    patterns: ['sawtooth'],
    minConfidence: 0.7,
    minOccurrences: 3,
    cooldownMinutes: 30,
    action: 'notify',
  },
  { name: 'fragmentation', patterns: ['staircase'], minConfidence: 0.6, cooldownMinutes: 60, action: 'notify' },
  { name: 'everything-else', action: 'hold' },
];

const PRESETS: Readonly<Record<NonNullable<Alerts['preset']>, Rules>> = {
  default: DEFAULT_RULES,
  precog: PRECOG_RULES,
};

/** The rules of a tenant: its own, and behind them those of the preset, the last of which matches everything. */
export function rulesOf(alerts: Alerts | undefined): Rules {
  return [...(alerts?.rules ?? []), ...PRESETS[alerts?.preset ?? 'default']];
}

/** The first rule that matches; undefined where none does. */
export function ruleFor(rules: Rules, item: Undecided, environment: () => HostEnvironment): AlertRule | undefined {
  return rules.find((rule) => matchesFacts(rule, item, environment) && matchesFigures(rule, item));
}

function matchesFacts(rule: AlertRule, { incident, change }: Undecided, environment: () => HostEnvironment): boolean {
  const { match, kinds, findings, grades, severities, patterns, environments } = rule;
  return (
    isOneOf(kinds, change.kind) &&
    findingsOf(incident.key).some((finding) => isOneOf(findings, finding)) &&
    isOneOf(grades, change.grade) &&
    isOneOf(severities, change.severity) &&
    isOneOf<string>(patterns, change.leak?.pattern?.name) &&
    matchesHost(match, incident.resource) &&
    (environments === undefined || environments.includes(environment()))
  );
}

function isOneOf<Value>(values: readonly Value[] | undefined, value: Value | null | undefined): boolean {
  return values === undefined || (value != null && values.includes(value));
}

/** A figure that the change does not state reaches no bound. */
function matchesFigures(rule: AlertRule, { change }: Undecided): boolean {
  const { minConfidence, minGrowthPerHour, minDurationHours, minGrownPercent, minOccurrences } = rule;
  return (
    reaches(minConfidence, change.leak?.confidence) &&
    reaches(minGrowthPerHour, growthOf(change)) &&
    reaches(minDurationHours, durationHours(change)) &&
    reaches(minGrownPercent, grownPercent(change)) &&
    reaches(minOccurrences, change.cycles.cycle)
  );
}

function reaches(bound: number | undefined, figure: number | undefined): boolean {
  return bound === undefined || (figure !== undefined && figure >= bound);
}

/** What it has grown by since it began, in percent of what it used then. */
function grownPercent(change: Undecided['change']): number | undefined {
  const { leak } = change;
  const hours = durationHours(change);
  if (leak === undefined || hours === undefined) return undefined;
  const grown = leak.growthPerHour.estimate * hours;
  const before = leak.level - grown;
  return before <= 0 ? Number.POSITIVE_INFINITY : (grown / before) * 100;
}

/** When a rule's cool-down after the incident's last notification is over, epoch milliseconds; undefined where it is or there is none. */
export function cooldownEnd({ cooldownMinutes }: AlertRule, lastNotifiedAt: number | null, now: number) {
  if (cooldownMinutes === undefined || lastNotifiedAt === null) return undefined;
  const end = lastNotifiedAt + (cooldownMinutes * HOUR_MS) / 60;
  return now < end ? end : undefined;
}

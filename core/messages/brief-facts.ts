/** The facts of a message: where it is, what was seen, who grew, and what happened before. */
import { metricWords } from '../model/metrics.ts';
import type { NotificationData, NotificationLastFinding, NotificationLeak } from '../model/notification.ts';
import { commonText } from './anomaly.ts';
import { anomalyFacts } from './anomaly-facts.ts';
import { consumerName } from './attribution.ts';
import type { Fact } from './brief.ts';
import { containerNotes, containerText } from './container-host.ts';
import { cyclesText, lastEndedText } from './cycles.ts';
import { earlyFacts } from './early-facts.ts';
import { hostName, hostNameAndId } from './locations.ts';
import { momentText } from './moments.ts';
import { onsetText } from './onset.ts';
import { pageFaultsText } from './page-faults.ts';
import { displayText } from './plain-text.ts';
import { formatDuration, formatMinute, formatTime } from './times.ts';
import {
  counted,
  formatChange,
  formatGrowthInterval,
  formatLevel,
  formatNumber,
  formatPercent,
  formatShare,
} from './units.ts';
import { deciderText } from './who-decided.ts';
import { whoGrew } from './who-grew.ts';

/** Of the deployments, scaling events, siblings and hosts that a body has. */
const LISTED = 3;

export function factsOf(data: NotificationData, seenAt: number): Fact[] {
  return [
    ...whereFacts(data),
    ...(data.leak ? leakFacts(data.leak, data) : []),
    ...(data.lastFinding ? lastFindingFacts(data.lastFinding, data) : []),
    ...(data.early ? earlyFacts(data.early).map(fact) : []),
    ...(data.exhausted ? exhaustedFacts(data.exhausted, data.timezone) : []),
    ...(data.anomaly ? anomalyFacts(data.anomaly, data.timezone).map(fact) : []),
    ...(data.fleet ? fleetFacts(data.fleet) : []),
    ...historyFacts(data, seenAt),
    ...contextFacts(data),
    ...(data.leak ? [sureness(data.leak)] : []),
    ...aboutMessage(data),
  ];
}

function fact([label, text]: readonly [string, string]): Fact {
  return { label, text };
}

/** The account and the region are in the summary. */
function whereFacts({ host, tenant, finding }: NotificationData): Fact[] {
  const group = host.group === undefined ? '' : `, group ${displayText(host.group)}`;
  return [
    ...(finding === 'fleet' ? [] : [fact(['Host', `${displayText(hostNameAndId(host))}${group}`]), ...kindFacts(host)]),
    fact(['Tenant', displayText(tenant)]),
  ];
}

/** Of a container or a task: what it is, and what its figures are of. */
function kindFacts(host: NotificationData['host']): Fact[] {
  const text = containerText(host);
  if (text === undefined) return [];
  return [fact(['Which is', displayText([text, ...containerNotes(host)].join('; '), 400)])];
}

function leakFacts(leak: NotificationLeak, { kind, metric, restartBy, timezone }: NotificationData): Fact[] {
  const { level, growthPerHour, unit, pattern, onset, evaluated, exhaustion, attribution } = leak;
  const at = (iso: string) => momentText(Date.parse(iso), timezone);
  const shape = pattern === null ? '' : `, ${displayText(pattern.name)}`;
  return [
    ...(UNSEEN.includes(kind) ? lastForecast(exhaustion, at) : [fact(['Full', fullText(exhaustion, at)])]),
    ...(restartBy === undefined || UNSEEN.includes(kind) ? [] : [fact(['Restart by', restartByText(restartBy, at)])]),
    fact([metricWords(metric).label, `${formatLevel(level, unit)} used at ${at(evaluated.end)}`]),
    fact(['Growth', `${formatGrowthInterval(growthPerHour, unit)}${shape}`]),
    ...(attribution ? whoGrew(attribution).map(fact) : []),
    fact(['Began', onset === null ? 'not known' : beganText(onset)]),
  ];
}

/** Of a message that no finding causes: all figures are those of the last one, which states its time. */
function lastFindingFacts(
  { level, growthPerHour, unit, evaluated, exhaustion }: NotificationLastFinding,
  { metric, restartBy, timezone }: NotificationData,
): Fact[] {
  const at = (iso: string) => momentText(Date.parse(iso), timezone);
  const asOf = `as of ${at(evaluated.end)}`;
  return [
    fact(['Full', `${fullText(exhaustion, at)}; ${asOf}`]),
    ...(restartBy === undefined ? [] : [fact(['Restart by', restartByText(restartBy, at)])]),
    fact([metricWords(metric).label, `${formatLevel(level, unit)} used ${asOf}`]),
    fact(['Growth', `${formatGrowthInterval(growthPerHour, unit)}; ${asOf}`]),
  ];
}

/** Kinds of a host that nobody sees any more: what was expected of it may not hold. */
const UNSEEN: readonly NotificationData['kind'][] = ['no_data', 'host_gone'];

/** The forecast of the last finding, as what it is: nobody knows whether it still holds. */
function lastForecast(exhaustion: NotificationLeak['exhaustion'], at: (iso: string) => string): Fact[] {
  if (exhaustion.kind === 'cannot_say') return [];
  return [fact(['Last forecast', `full at ${at(exhaustion.likely)}, if it still grew`])];
}

function beganText({ earliest, latest, leftCensored }: NonNullable<NotificationLeak['onset']>): string {
  return onsetText({ start: Date.parse(earliest), end: Date.parse(latest), leftCensored });
}

function fullText(exhaustion: NotificationLeak['exhaustion'], at: (iso: string) => string): string {
  if (exhaustion.kind === 'cannot_say') return `not known: ${displayText(exhaustion.message)}`;
  const { earliest, likely, latest } = exhaustion;
  const range = latest === null ? `not before ${at(earliest)}, perhaps never` : `between ${spanText(earliest, latest)}`;
  return `likely ${at(likely)}, ${range}`;
}

/** Of spans UTC is enough: one line of a phone has no room for two clocks twice. */
function spanText(from: string, to: string): string {
  return `${formatMinute(Date.parse(from))} and ${formatTime(Date.parse(to))}`;
}

function restartByText(
  { at: by, window }: NonNullable<NotificationData['restartBy']>,
  at: (iso: string) => string,
): string {
  if (window === null) return at(by);
  const name = window.name === null ? '' : ` ${displayText(window.name)}`;
  const lasts = formatDuration(Date.parse(window.end) - Date.parse(window.start));
  return `${at(by)}; the last planned window${name} before it begins at ${at(window.start)} and lasts ${lasts}`;
}

function exhaustedFacts(
  { level, highest, since, falls, hoursToFull, pageFaults }: NonNullable<NotificationData['exhausted']>,
  timezone: string | undefined,
): Fact[] {
  const at = (iso: string) => momentText(Date.parse(iso), timezone);
  const last = falls.at(-1);
  const again = hoursToFull === null ? '' : `, full again after ${formatNumber(hoursToFull)} h`;
  return [
    fact(['Memory', `${formatPercent(level)} used, ${formatPercent(highest)} at the highest`]),
    ...(since === null ? [] : [fact(['Full since', at(since)])]),
    ...(last === undefined ? [] : [fact(['Fell', `${counted(falls.length, 'time')}, last at ${at(last)}${again}`])]),
    ...(pageFaults === undefined ? [] : [fact(['Pages', pageFaultsText(pageFaults)])]),
  ];
}

function fleetFacts(fleet: NonNullable<NotificationData['fleet']>): Fact[] {
  const { hosts, confirmed, ended, regions, growth, anomaly, onset, first } = fleet;
  const names = first
    .slice(0, LISTED)
    .map(({ host, name }) => displayText(hostName({ id: host, ...(name !== undefined && { name }) })));
  const more = hosts - names.length;
  return [
    fact([
      'Hosts',
      `${hosts.toLocaleString('en')}: ${confirmed} confirmed, ${ended} ended; ${names.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`,
    ]),
    ...(anomaly ? [fact(['Alike', commonText(anomaly)])] : []),
    ...(growth
      ? [
          fact([
            'Growth',
            `${formatNumber(growth.median)} %/h (${formatNumber(growth.low)} to ${formatNumber(growth.high)})`,
          ]),
        ]
      : []),
    fact(['Began', `between ${spanText(onset.earliest, onset.latest)}`]),
    ...(regions.length > 1
      ? [
          fact([
            'Regions',
            regions
              .slice(0, 2 * LISTED)
              .map((region) => displayText(region))
              .join(', '),
          ]),
        ]
      : []),
  ];
}

function historyFacts({ cycles, timezone, kind, leak, since }: NotificationData, seenAt: number): Fact[] {
  const again = cycles && cyclesText(cycles, seenAt, timezone);
  return [
    ...(again === undefined ? [] : [fact(['Again', again])]),
    ...(leak === undefined && kind !== 'opened' ? [fact(['First seen', momentText(Date.parse(since), timezone)])] : []),
  ];
}

function contextFacts({ context, timezone }: NotificationData): Fact[] {
  const { deployments = [], scaling = [], restarts = [], siblings = [], lastCycle } = context ?? {};
  const at = (iso: string) => momentText(Date.parse(iso), timezone);
  const named = (events: readonly { readonly at: string; readonly name: string }[]) =>
    events
      .slice(-LISTED)
      .map(({ at: when, name }) => `${displayText(name)} at ${at(when)}`)
      .join('; ');
  const lastRestart = restarts.at(-1);
  return [
    ...(deployments.length === 0 ? [] : [fact(['Deployed', named(deployments)])]),
    ...(scaling.length === 0 ? [] : [fact(['Scaled', named(scaling)])]),
    ...(lastRestart === undefined
      ? []
      : [fact(['Restarted', `${counted(restarts.length, 'time')}, last at ${at(lastRestart)}`])]),
    ...(siblings.length === 0 ? [] : [fact(['Siblings', siblingsText(siblings)])]),
    ...(lastCycle === undefined ? [] : [fact(['Last time', lastCycleText(lastCycle)])]),
  ];
}

/** `java grew most (+18 GiB), then the memory was given back, as by a restart or a kill`. */
function lastCycleText(last: NonNullable<NonNullable<NotificationData['context']>['lastCycle']>): string {
  const ended = lastEndedText(last.ended);
  return `${displayText(consumerName(last))} grew most (${formatChange(last.rise)})${ended === undefined ? '' : `, ${ended}`}`;
}

/** `4 of 4 on v2.31 grow, 0 of 9 on v2.30`. */
function siblingsText(siblings: NonNullable<NonNullable<NotificationData['context']>['siblings']>): string {
  const parts = siblings
    .slice(0, LISTED)
    .map(({ version, grow, of }) => [`${grow} of ${of} on ${displayText(version)}`]);
  return parts.map(([part], index) => (index === 0 ? `${part} grow` : part)).join(', ');
}

function sureness({ grade, confidence, evaluated, votes = [], decidedBy }: NotificationLeak): Fact {
  const hours = Math.round((Date.parse(evaluated.end) - Date.parse(evaluated.start)) / 3_600_000);
  const decider = deciderText(votes, decidedBy);
  const by = decider === undefined ? '' : `; decided by ${displayText(decider, 400)}`;
  return fact(['Decided', `${grade}, confidence ${formatShare(confidence)}, on ${hours} h of samples${by}`]);
}

function aboutMessage({ memberOf, dropped, shortened }: NotificationData): Fact[] {
  return [
    ...(memberOf === undefined ? [] : [fact(['Fleet', `one of those of incident ${displayText(memberOf, 300)}`])]),
    ...(dropped === undefined ? [] : [fact(['Lost', `${counted(dropped, 'change')} of it before this one`])]),
    ...(shortened === undefined ? [] : [fact(['Left out', displayText(shortened.join('; '), 400)])]),
  ];
}

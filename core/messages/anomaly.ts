/** Anomalies of a host in words: which metric and part, what was seen and what is usual, and since when. */
import { ANOMALY_TYPES, type AnomalyType } from '../model/anomaly.ts';
import type { AnomalyFact, AnomalyFacts } from '../model/anomaly-facts.ts';
import type { NotificationKind } from '../model/notification.ts';
import { pointMetric } from '../model/point-metrics.ts';
import { ANOMALY_WORDS, formatMetric } from './metric-values.ts';
import { momentText } from './moments.ts';
import { displayText } from './plain-text.ts';
import { formatDuration } from './times.ts';

/** Characters of the names of a metric and of a part in a sentence. */
const LABEL_LENGTH = 20;
const PART_LENGTH = 60;

type Verb = 'is' | 'are';

/** What a change states of metrics: to follow `CPU of web-7 `, or `CPU and Disk of web-7 `. */
const CHANGE_TEXT: Readonly<Record<NotificationKind, (be: Verb) => string>> = {
  suspected: () => 'may be anomalous',
  opened: (be) => `${be} anomalous`,
  worse: (be) => `${be} anomalous, and it is worse`,
  better: (be) => `${be} anomalous, and it is less urgent`,
  recovered: (be) => `${be} as expected again`,
  cleared: (be) => `${be} no longer reported: nothing inspects it any more`,
  host_gone: (be) => `${be} no longer reported: its host is gone`,
  no_data: (be) => `${be} no longer reported: its host sends no points`,
  reminder: (be) => `${be} still anomalous, and nobody has acknowledged it`,
  escalated: (be) => `${be} anomalous, nobody has acknowledged it, and others are notified`,
};

/** Metrics that a sentence names. */
const NAMED = 3;

/** `CPU of web-7 is anomalous`, `CPU, Disk and 2 more metrics of web-7 are anomalous`. @param host Its kind and name, inert. */
export function anomalySentence(facts: AnomalyFacts | undefined, host: string, kind: NotificationKind): string {
  const labels = labelsOf(facts?.anomalies ?? []);
  const text = CHANGE_TEXT[kind](labels.length === 1 ? 'is' : 'are');
  return `${labels.length === 0 ? 'Metrics' : listed(labels)} of ${host} ${text}`;
}

function labelsOf(anomalies: readonly AnomalyFact[]): string[] {
  return [...new Set(anomalies.map(({ label }) => shortLabel(label)))];
}

function shortLabel(label: string): string {
  return displayText(label, LABEL_LENGTH) || 'Metric';
}

function listed(labels: readonly string[]): string {
  const named = labels.slice(0, NAMED);
  const more = labels.length - named.length;
  const last = more > 0 ? `${more} more metrics` : named.pop();
  return named.length === 0 ? `${last}` : `${named.join(', ')} and ${last}`;
}

/** `CPU`, `Disk /var`: of several labels their names too. */
export function anomalyTitle({ label, part }: AnomalyFact, partLength = PART_LENGTH): string {
  const entries = Object.entries(part).map(([name, value]) => [displayText(name), displayText(value)] as const);
  const [only] = entries;
  const text = entries.length === 1 && only ? only[1] : entries.map(([name, value]) => `${name}=${value}`).join(', ');
  return `${shortLabel(label)} ${displayText(text, partLength)}`.trim();
}

/** What many hosts have in common: `CPU: spike`. */
export function commonText({ metric, type }: { readonly metric: string; readonly type: string }): string {
  const known = ANOMALY_TYPES.find((one) => one === type);
  const label = pointMetric(metric)?.label ?? displayText(metric, LABEL_LENGTH);
  return `${label}: ${known === undefined ? displayText(type, LABEL_LENGTH) : ANOMALY_WORDS[known]}`;
}

/** Undefined of a type of another version. */
function typeOf({ type }: AnomalyFact): AnomalyType | undefined {
  return ANOMALY_TYPES.find((one) => one === type);
}

/** `97 %`, `3.2 GiB`, `120 errors`, without zeros at their end. */
export function figureText(value: number, unit: string): string {
  return displayText(
    formatMetric(value, unit)
      .replace(/(\.\d*?)0+(?= |$)/, '$1')
      .replace(/\.(?= |$)/, ''),
    40,
  );
}

/** `20 to 45 %`; with one end `up to 45 %`, `from 20 %`; undefined without any. */
function usualText({ low, high, unit }: AnomalyFact): string | undefined {
  if (low === null && high === null) return undefined;
  if (high === null) return `from ${figureText(low ?? 0, unit)}`;
  const to = figureText(high, unit);
  if (low === null) return `up to ${to}`;
  const from = figureText(low, unit);
  if (from === to) return to;
  return `${unitOf(from) === unitOf(to) ? from.replace(/ .*$/, '') : from} to ${to}`;
}

/** What follows a figure; the same of one and of many: `0 to 1 thread`. */
function unitOf(figure: string): string {
  return (/ .*$/.exec(figure)?.[0] ?? '').replace(/s$/, '');
}

/** What it did, to follow its title. `peak` is its furthest value. */
const DID: Readonly<Record<AnomalyType, (peak: string, goesOn: boolean) => string>> = {
  spike: (peak) => `rose to ${peak}`,
  dip: (peak) => `fell to ${peak}`,
  shift_up: (peak, goesOn) => `rose to ${peak}${goesOn ? ' and stays up' : ' and stayed up'}`,
  shift_down: (peak, goesOn) => `fell to ${peak}${goesOn ? ' and stays down' : ' and stayed down'}`,
  season_broken: (peak, goesOn) => `${goesOn ? 'does' : 'did'} not follow its usual curve: ${peak} at the most unusual`,
  limit_crossed: (peak, goesOn) => `${goesOn ? 'is' : 'was'} beyond its limit: ${peak}`,
  flat_line: (peak, goesOn) => `${goesOn ? 'does' : 'did'} not move any more: ${peak}`,
  fills: (peak, goesOn) => `${goesOn ? 'fills up' : 'was filling up'}: ${peak} used`,
};

/** `rose to 97 %`. */
export function didText(fact: AnomalyFact): string {
  const type = typeOf(fact);
  const peak = figureText(fact.value, fact.unit);
  return type === undefined ? `${displayText(fact.type)}: ${peak}` : DID[type](peak, fact.goesOn);
}

/** What is wrong whatever was usual. */
const WITHOUT_BAND: readonly (AnomalyType | undefined)[] = ['fills', 'limit_crossed'];

/**
 * `rose to 97 % (usual then: 20 to 45 %), since 2026-11-20 11:55 UTC`; of what fills when it is full.
 */
export function anomalyText(fact: AnomalyFact, timezone?: string): string {
  const usual = WITHOUT_BAND.includes(typeOf(fact)) ? undefined : usualText(fact);
  const at = (iso: string) => momentText(Date.parse(iso), timezone);
  const span = fact.goesOn ? `since ${at(fact.since)}` : `from ${at(fact.since)} to ${at(fact.last)}`;
  return [
    usual === undefined ? didText(fact) : `${didText(fact)} (usual then: ${usual})`,
    ...fullText(fact, at),
    span,
  ].join(', ');
}

function fullText({ exhaustion, goesOn }: AnomalyFact, at: (iso: string) => string): string[] {
  if (!goesOn || exhaustion?.kind !== 'expected') return [];
  const { earliest, likely } = exhaustion;
  return [`full likely at ${at(likely)} and not before ${at(earliest)}`];
}

/** Of a headline, without a time: `CPU at 97 %`, `Disk /var full in 7 h`. @param seenAt Epoch milliseconds. */
export function anomalyShort(fact: AnomalyFact, seenAt: number, partLength: number): string {
  const title = anomalyTitle(fact, partLength);
  const { exhaustion, goesOn } = fact;
  const peak = figureText(fact.value, fact.unit);
  if (exhaustion?.kind === 'expected' && goesOn) {
    const left = Date.parse(exhaustion.likely) - seenAt;
    return left < 60_000 ? `${title} full now` : `${title} full in ${formatDuration(left)}`;
  }
  const was = goesOn ? '' : 'was ';
  switch (typeOf(fact)) {
    case 'season_broken':
      return `${title} ${was}off its usual curve`;
    case 'flat_line':
      return `${title} ${was}flat at ${peak}`;
    case 'limit_crossed':
      return `${title} ${was}beyond its limit`;
    case 'fills':
      return goesOn ? `${title} fills up` : `${title} was filling up`;
    default:
      return `${title} ${was}at ${peak}`;
  }
}

/** `usual 20 to 45 %`, `91 % used`: the figure beside a headline; empty where there is none. */
export function anomalyFigure(fact: AnomalyFact): string {
  const type = typeOf(fact);
  if (type === 'fills') return `${figureText(fact.value, fact.unit)} used`;
  if (type === 'limit_crossed') return figureText(fact.value, fact.unit);
  const usual = usualText(fact);
  return usual === undefined ? '' : `usual ${usual}`;
}

/** One line that states severity, deadline, host and who grew: the subject of an email, the title of a message. */
import { isThrashing } from '../model/full-host.ts';
import type { NotificationData } from '../model/notification.ts';
import { anomalyFigure, anomalyShort, anomalyTitle, commonText } from './anomaly.ts';
import { hostNoun } from './container-host.ts';
import { signedPoints } from './early.ts';
import { hostName } from './locations.ts';
import { clip, displayText } from './plain-text.ts';
import { formatDuration } from './times.ts';
import { counted, formatGrowth, formatPercent } from './units.ts';

/** A subject of SNS must have fewer than 100 ASCII characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const HEADLINE_LENGTH = 99;

/** Characters of the names of host, group and consumer: the longest that fit are taken. */
const NAME_LENGTHS = [
  [40, 30, 24],
  [24, 20, 16],
  [13, 12, 10],
] as const;

const MINUTE = 60_000;

/** `[medium] full in 41 h: i-085173e... (checkout), node +0.5 %/h`. */
export function headlineOf(data: NotificationData, seenAt: number): string {
  const facts = factsOf(data);
  const candidates = NAME_LENGTHS.map(([host, group, consumer]) => {
    const what = whatHappened(data, seenAt, consumer);
    const subject = subjectOf(data, host, group);
    const grown = grownText(data, consumer);
    const rest = [grown, facts].filter((text) => text !== '').join(' ');
    return `[${tagOf(data)}] ${what}: ${subject}${rest === '' ? '' : `, ${rest}`}`;
  });
  const fitting = candidates.find((text) => text.length <= HEADLINE_LENGTH);
  return clip(fitting ?? candidates.at(-1) ?? '', HEADLINE_LENGTH, '...');
}

/** What has ended needs no severity. */
function tagOf({ kind, severity, host, end }: NotificationData): string {
  switch (kind) {
    case 'recovered':
    case 'cleared':
      return kind;
    case 'host_gone':
      return end?.how === 'replaced' ? 'replaced' : `${hostNoun(host)} gone`;
    case 'no_data':
      return 'no data';
    default:
      return severity;
  }
}

/** @param part Characters of the part of a metric. */
function whatHappened(data: NotificationData, seenAt: number, part: number): string {
  const { kind } = data;
  const whatIs = () => (data.finding === 'anomaly' ? anomalyWhat(data, seenAt, part) : whatIsOf(data, seenAt));
  switch (kind) {
    case 'recovered':
      return recoveredText(data);
    case 'cleared':
      if (data.finding === 'exhausted') return recoveredText(data);
      return data.finding === 'anomaly' ? 'no longer inspected' : 'no longer looks like a leak';
    case 'host_gone':
      return data.end?.how === 'replaced' ? 'gone, others of its group are new' : 'no longer listed';
    case 'no_data':
      return 'sends no samples';
    case 'suspected':
      return `perhaps ${whatIs()}`;
    case 'worse':
    case 'better':
      return `${kind}, ${whatIs()}`;
    case 'reminder':
      return `still ${whatIs()}`;
    case 'escalated':
      return `nobody is at it, ${whatIs()}`;
    case 'opened':
      return (data.cycles?.cycle ?? 1) > 1 ? `again, ${whatIs()}` : whatIs();
  }
}

/** `CPU at 97 %`, `CPU at 97 % and Load 1m`, `CPU at 97 % and 3 more`. */
function anomalyWhat({ anomaly }: NotificationData, seenAt: number, part: number): string {
  const [first, second] = anomaly?.anomalies ?? [];
  if (first === undefined) return 'metrics are anomalous';
  const others = (anomaly?.anomalies.length ?? 0) - 1 + (anomaly?.more ?? 0);
  const isOne = others === 1 && second !== undefined;
  const more = others === 0 ? '' : isOne ? ` and ${anomalyTitle(second, part)}` : ` and ${others} more`;
  return `${anomalyShort(first, seenAt, part)}${more}`;
}

function whatIsOf({ finding, leak, lastFinding, fleet, exhausted, host }: NotificationData, seenAt: number): string {
  if (finding === 'fleet') {
    const hosts = fleet === undefined ? 'many hosts' : counted(fleet.hosts, 'host');
    return `${hosts} ${fleet?.anomaly ? 'are anomalous' : 'rise'} alike`;
  }
  if (finding === 'exhausted') return exhaustedText(exhausted);
  if (finding === 'early') return `a new ${hostNoun(host)} outgrows its group`;
  const { exhaustion } = leak ?? lastFinding ?? {};
  if (exhaustion?.kind !== 'expected') return 'grows like a leak';
  const left = Date.parse(exhaustion.likely) - seenAt;
  return left < MINUTE ? 'full now' : `full in ${formatDuration(left)}`;
}

function exhaustedText(exhausted: NotificationData['exhausted']): string {
  if (exhausted?.kind === 'filling_again') return 'fills again and again';
  return exhausted && isThrashing(exhausted) ? 'short of memory' : 'full';
}

function recoveredText({ end, host, finding, fleet }: NotificationData): string {
  if (finding === 'exhausted') return 'no longer exhausted';
  if (finding === 'anomaly' || fleet?.anomaly) return 'as expected again';
  switch (end?.how) {
    case 'memory_given_back':
      return 'memory given back';
    case 'levelled_off':
      return 'stopped growing';
    case 'cured':
      return 'cured';
    case 'replaced':
      return 'replaced';
    case 'host_gone':
      return `${hostNoun(host)} gone`;
    default:
      return 'no longer grows like a leak';
  }
}

function subjectOf({ host, finding, fleet }: NotificationData, hostLength: number, groupLength: number): string {
  if (finding === 'fleet' && fleet !== undefined) return `${fleet.by} ${short(fleet.name, hostLength)}`;
  const name = short(hostName(host), hostLength);
  return host.group === undefined ? name : `${name} (${short(host.group, groupLength)})`;
}

function grownText({ leak }: NotificationData, length: number): string {
  if (leak?.attribution?.kind !== 'attributed') return '';
  const [top] = leak.attribution.grown;
  return top === undefined ? '' : short(top.name, length);
}

/** Kinds that state what is seen; the others name what it was about. */
const STATES_FIGURES: ReadonlySet<NotificationData['kind']> = new Set([
  'suspected',
  'opened',
  'worse',
  'better',
  'reminder',
  'escalated',
]);

function factsOf({ leak, lastFinding, early, exhausted, anomaly, fleet, kind }: NotificationData): string {
  const grown = leak ?? lastFinding;
  if (grown) return formatGrowth(grown.growthPerHour.estimate, grown.unit);
  if (early) return `${signedPoints(early.rise)} points, others ${signedPoints(early.others.median)}`;
  if (fleet?.anomaly) return commonText(fleet.anomaly);
  const [first] = anomaly?.anomalies ?? [];
  if (first) return STATES_FIGURES.has(kind) ? anomalyFigure(first) : anomalyTitle(first, 20);
  return exhausted ? `${formatPercent(exhausted.highest, 0)} used` : '';
}

function short(name: string, length: number): string {
  return clip(displayText(name), length, '...');
}

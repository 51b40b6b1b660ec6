/** The first line of a message: whether to get up, and until when something has to be done. */
import type { AnomalyFact } from '../model/anomaly-facts.ts';
import { isThrashing } from '../model/full-host.ts';
import type { NotificationData } from '../model/notification.ts';
import { pointMetric } from '../model/point-metrics.ts';
import { anomalyText, anomalyTitle, commonText, didText } from './anomaly.ts';
import { hostNoun } from './container-host.ts';
import { endedText } from './cycles.ts';
import { hostName } from './locations.ts';
import { momentText } from './moments.ts';
import { displayText } from './plain-text.ts';
import { formatDuration } from './times.ts';
import { counted, formatPercent } from './units.ts';

const HOUR = 3_600_000;

/** Who is woken up needs this long to be at a keyboard and to find out what to do: below it, every minute counts. */
const AT_ONCE = 2 * HOUR;

/** What leaves so much time waits until after a night's sleep. */
export const NIGHT = 8 * HOUR;

export function leadOf(data: NotificationData, seenAt: number): string {
  switch (data.kind) {
    case 'recovered':
    case 'cleared':
      if (data.finding === 'anomaly') return anomalyEnd(data);
      return data.end === undefined
        ? 'Nothing to do: this ends what was reported before.'
        : `Nothing to do: ${endedText(data.end)}.`;
    case 'host_gone':
      if (data.end?.how === 'replaced')
        return `Nothing to do: ${endedText(data.end)}. Whether those grow too is found at their age.`;
      return `Nothing to do, unless the ${hostNoun(data.host)} should still be there: its provider no longer lists it, or the config leaves it out.`;
    case 'no_data':
      if (data.finding === 'anomaly')
        return `No need to get up: the ${hostNoun(data.host)} sends no points, so that nobody knows whether it is still anomalous.`;
      return `No need to get up: the ${hostNoun(data.host)} sends no samples, so that nobody knows whether it still grows.`;
    default:
      return activeLead(data, seenAt);
  }
}

function activeLead(data: NotificationData, seenAt: number): string {
  const { finding, exhausted, severity } = data;
  const leak = data.leak ?? data.lastFinding;
  if (finding === 'exhausted') return exhaustedLead(exhausted, severity, hostNoun(data.host));
  if (finding === 'anomaly') return anomalyLead(data, seenAt);
  if (finding === 'early')
    return `No need to get up: a new ${hostNoun(data.host)} is compared with its group, and nothing is full yet.`;
  if (finding === 'fleet') return fleetLead(data, seenAt);
  const deadline = deadlineOf(data);
  if (deadline !== undefined) return deadlineLead(deadline, seenAt, data.timezone);
  const why = leak?.exhaustion.kind === 'cannot_say' ? ` (${displayText(leak.exhaustion.message)})` : '';
  return `${isUrgent(severity) ? 'Get up' : 'No need to get up'}: when the memory is full is not known${why}.`;
}

/** The host that may be full first decides, as if it were alone. */
function fleetLead({ fleet, severity, timezone }: NotificationData, seenAt: number): string {
  const hosts = fleet === undefined ? 'many hosts' : `${fleet.hosts.toLocaleString('en')} hosts`;
  const cause = 'One cause is likely: look at what they share.';
  if (fleet?.anomaly && fleet.full === undefined)
    return `${urgency(severity)}: ${hosts} are anomalous alike (${commonText(fleet.anomaly)}). ${cause}`;
  if (fleet?.full === undefined) {
    return `${isUrgent(severity) ? 'Get up' : 'No need to get up'}: ${hosts} rise alike, and when their memory is full is not known. ${cause}`;
  }
  const { earliest, host, name } = fleet.full;
  const first = displayText(hostName({ id: host, ...(name !== undefined && { name }) }));
  const alike = fleet.anomaly ? 'are anomalous' : 'rise';
  const what = fleet.anomaly
    ? displayText(pointMetric(fleet.anomaly.metric)?.label ?? fleet.anomaly.metric)
    : undefined;
  return `${deadlineLead(Date.parse(earliest), seenAt, timezone, what)} Of ${hosts} that ${alike} alike ${first} may be full first. ${cause}`;
}

/** What fills has a deadline; of anything else its urgency follows from its severity. */
function anomalyLead(data: NotificationData, seenAt: number): string {
  const { anomaly, severity, timezone } = data;
  const [first] = anomaly?.anomalies ?? [];
  const deadline = deadlineOf(data);
  if (first === undefined) return `${urgency(severity)}: metrics of the ${hostNoun(data.host)} are not as expected.`;
  const others = (anomaly?.anomalies.length ?? 0) - 1 + (anomaly?.more ?? 0);
  const more = others === 0 ? '' : ` ${counted(others, 'more anomaly', 'more anomalies')}: see below.`;
  const fills = fillsFirst(data);
  if (deadline !== undefined && fills !== undefined) {
    return `${deadlineLead(deadline, seenAt, timezone, anomalyTitle(fills))} ${anomalyTitle(fills)} ${didText(fills)}.${more}`;
  }
  return `${urgency(severity)}: ${anomalyTitle(first)} ${anomalyText(first, timezone)}.${more}`;
}

function urgency(severity: NotificationData['severity']): string {
  return isUrgent(severity) ? 'Get up where its service matters' : 'No need to get up';
}

function anomalyEnd({ kind, anomaly, timezone, host }: NotificationData): string {
  if (kind === 'cleared')
    return `Nothing to do: no job has inspected the ${hostNoun(host)} for two days, so that nobody knows whether it is still anomalous.`;
  const [first] = anomaly?.anomalies ?? [];
  const what = first === undefined ? '' : ` ${anomalyTitle(first)} ${anomalyText(first, timezone)}.`;
  return `Nothing to do: its metrics are as expected again.${what}`;
}

/** Of several that fill up the one that is full first. */
function fillsFirst({ anomaly }: NotificationData): AnomalyFact | undefined {
  const fills = (anomaly?.anomalies ?? []).filter(
    ({ goesOn, exhaustion }) => goesOn && exhaustion?.kind === 'expected',
  );
  return fills.toSorted((a, b) => fullFrom(a) - fullFrom(b))[0];
}

function fullFrom({ exhaustion }: AnomalyFact): number {
  return exhaustion?.kind === 'expected' ? Date.parse(exhaustion.earliest) : Number.POSITIVE_INFINITY;
}

function exhaustedLead(
  exhausted: NotificationData['exhausted'],
  severity: NotificationData['severity'],
  noun: string,
): string {
  const level = exhausted === undefined ? '' : ` (${formatPercent(exhausted.level)} used)`;
  const isFullNow = exhausted?.since !== null;
  const again = exhausted?.kind === 'filling_again';
  const isShort = exhausted !== undefined && isThrashing(exhausted);
  const what = isFullNow ? `has no memory left${level}` : `fills its memory again and again${level}`;
  return `${isUrgent(severity) ? 'Get up where its service matters' : 'No need to get up'}: the ${noun} ${what}${isShort ? ', and reads pages back from disk' : ''}${isFullNow && again ? ', and fills again after each restart' : ''}.`;
}

function isUrgent(severity: NotificationData['severity']): boolean {
  return severity === 'high' || severity === 'critical';
}

/** Until when something has to be done: a restart is safe, or the memory is hardly full yet. Epoch milliseconds. */
export function deadlineOf(data: NotificationData): number | undefined {
  const { restartBy, leak, lastFinding } = data;
  const fills = fillsFirst(data);
  if (fills !== undefined) return fullFrom(fills);
  if (restartBy !== undefined) return Date.parse(restartBy.at);
  const { exhaustion } = leak ?? lastFinding ?? {};
  return exhaustion?.kind === 'expected' ? Date.parse(exhaustion.earliest) : undefined;
}

function deadlineLead(deadline: number, seenAt: number, timezone: string | undefined, what = 'the memory'): string {
  const left = deadline - seenAt;
  if (left <= 0) return `Get up now: ${what} may be full at any moment.`;
  const until = `before ${momentText(deadline, timezone)}, in ${formatDuration(left)}`;
  if (left < AT_ONCE) return `Get up now: act ${until}.`;
  return left < NIGHT ? `Get up: it does not wait for the morning. Act ${until}.` : `No need to get up: act ${until}.`;
}

/** Who grew, in the lines of a mail that a person on call reads first: the three that grew most, or why that is not known. */
import type { NotificationAttribution } from '../model/notification.ts';
import { amount, line, minute, text } from './plain-text.ts';

type Attributed = Extract<NotificationAttribution, { kind: 'attributed' }>;

/** Consumers that are told; the event's JSON and `plimsoll explain` have ten. */
const REPORTED = 3;

/** A remainder of less than this share is not worth a line. */
const REMAINDER_REPORTED = 0.2;

/** Characters of a reason: long enough for the snippet that turns collection on. */
const REASON_LENGTH = 1000;

export function whoGrewLines(attribution: NotificationAttribution): string[] {
  if (attribution.kind === 'unattributed') {
    return [line('Who grew', `cannot be said: ${text(attribution.message, REASON_LENGTH)}`)];
  }
  const { grown } = attribution;
  const reported =
    grown.length === 0
      ? ['nobody that is collected']
      : grown.slice(0, REPORTED).map((one) => grownText(one, attribution));
  return [...reported, ...remainder(attribution)].map((message, index) => line(index === 0 ? 'Who grew' : '', message));
}

function grownText(
  { name, namespace, after, rise, share, restarts, message }: Attributed['grown'][number],
  { basis }: Attributed,
) {
  const who = namespace === undefined ? text(name) : `${text(namespace)}/${text(name)}`;
  const of = basis === 'host' ? 'of the rise' : 'of what its consumers grew by';
  const part = share === null ? '' : `, ${percent(share.estimate)} ${of}`;
  const again = restarts === 0 ? '' : `, restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}`;
  const caveat = message === null ? '' : ` (${message})`;
  return `${who}: +${amount(rise.estimate, 'By')} to ${amount(after, 'By')}${part}${again}${caveat}`;
}

function remainder({ unexplained, window }: Attributed): string[] {
  const share = unexplained?.share?.estimate;
  if (unexplained === null || share === undefined || Math.abs(share) < REMAINDER_REPORTED) return [];
  return [`${percent(share)} is not explained since ${minute(window.start)}: ${unexplained.message}`];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Who grew, in the lines that a person on call reads first: the three that grew most, or why that is not known. */
import type { NotificationAttribution } from '../model/notification.ts';
import { consumerName } from './attribution.ts';
import { displayText } from './plain-text.ts';
import { formatTime } from './times.ts';
import { counted, formatChange, formatLevel, formatShare } from './units.ts';

type Attributed = Extract<NotificationAttribution, { kind: 'attributed' }>;

/** Consumers that are listed; the event's JSON and `plimsoll explain` have ten. */
const LISTED = 3;

/** A remainder of less than this share is not worth a line. */
const REMAINDER_REPORTED = 0.2;

/** Characters of a reason: long enough for the snippet that turns collection on. */
const REASON_LENGTH = 1000;

/** Labelled lines; only the first has a label. */
export function whoGrew(attribution: NotificationAttribution): (readonly [label: string, text: string])[] {
  return textsOf(attribution).map((text, index) => [index === 0 ? 'Who grew' : '', text]);
}

function textsOf(attribution: NotificationAttribution): string[] {
  if (attribution.kind === 'unattributed') return [`not known: ${displayText(attribution.message, REASON_LENGTH)}`];
  const { grown } = attribution;
  const listed =
    grown.length === 0 ? ['no collected consumer'] : grown.slice(0, LISTED).map((one) => grownText(one, attribution));
  return [...listed, ...remainderText(attribution)];
}

function grownText(contribution: Attributed['grown'][number], { basis, unit = 'By' }: Attributed): string {
  const { after, rise, share, restarts, message } = contribution;
  const of = basis === 'host' ? 'of the rise' : 'of the rise of its consumers';
  const part = share === null ? '' : `, ${formatShare(share.estimate)} ${of}`;
  const again = restarts === 0 ? '' : `, restarted ${counted(restarts, 'time')}`;
  const caveat = message === null ? '' : ` (${displayText(message)})`;
  const name = displayText(consumerName(contribution));
  return `${name}: ${formatChange(rise.estimate, unit)} to ${formatLevel(after, unit)}${part}${again}${caveat}`;
}

function remainderText({ unexplained, window }: Attributed): string[] {
  const share = unexplained?.share?.estimate;
  if (unexplained === null || share === undefined || Math.abs(share) < REMAINDER_REPORTED) return [];
  const since = formatTime(Date.parse(window.start));
  return [`${formatShare(share)} is not explained since ${since}: ${displayText(unexplained.message, 400)}`];
}

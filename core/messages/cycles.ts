/** How often a host grew, and how a growth ended, in words. */
import type { CycleEnd } from '../model/change.ts';
import type { NotificationData } from '../model/notification.ts';
import { dayText } from './moments.ts';
import { displayText } from './plain-text.ts';
import { formatDuration } from './times.ts';
import { formatShare } from './units.ts';

type Cycles = NonNullable<NotificationData['cycles']>;
type End = NonNullable<NotificationData['end']>;

const HOUR = 3_600_000;

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** Cycles before whose durations are named. */
const DURATIONS = 3;

/** `third time since Monday; 58 h and 61 h from start to end`; undefined of the first growth. */
export function cyclesText(
  { cycle, firstAt, lastedHours }: Cycles,
  now: number,
  timezone?: string,
): string | undefined {
  if (cycle < 2) return undefined;
  const durations = lastedHours.slice(-DURATIONS).map(hoursText);
  const lasted = durations.length === 0 ? '' : `; ${listed(durations)} from start to end`;
  return `${ordinal(cycle)} time since ${dayText(Date.parse(firstAt), now, timezone)}${lasted}`;
}

/** How long the cycle before took, from its beginning to its end; undefined of the first. */
export function lastDuration({ lastedHours }: Pick<Cycles, 'lastedHours'>): string | undefined {
  const hours = lastedHours.at(-1);
  return hours === undefined ? undefined : hoursText(hours);
}

/** A clause without a subject of its own: `the memory was given back after 61 h, as by a restart or a kill`. */
export function endedText({ how, ageHours, confidence }: End): string {
  const after = `after ${hoursText(ageHours)}`;
  const known: Readonly<Record<string, string>> = {
    memory_given_back: `the memory was given back ${after}, as by a restart or a kill`,
    levelled_off: `it stopped growing ${after}`,
    cured: `cured: after a restart or a deployment the growth at the same age is gone${sureness(confidence)}`,
    host_gone: `its host is gone, ${after} of growth`,
    replaced: `its host is gone, ${after} of growth, and others of its group are new`,
    faded: 'the suspicion did not last',
    not_inspected: 'nothing inspects its host for it any more, so that nobody knows',
  } satisfies Record<CycleEnd, string>;
  return known[how] ?? displayText(how);
}

/** How the cycle before ended, as a clause; undefined where that is not known. */
export function lastEndedText(how: string | undefined): string | undefined {
  if (how === undefined) return undefined;
  const known: Readonly<Record<string, string>> = {
    memory_given_back: 'then the memory was given back, as by a restart or a kill',
    levelled_off: 'then it stopped growing',
    cured: 'then it seemed cured',
    host_gone: 'then its host was gone',
    replaced: 'then its host was replaced',
    faded: 'then the suspicion did not last',
    not_inspected: 'then nothing inspected its host any more',
  } satisfies Record<CycleEnd, string>;
  return known[how] ?? displayText(how);
}

/** `61 h` and not `2 d 13 h`: cycles are compared with one another. */
function hoursText(hours: number): string {
  return hours >= 10 && hours < 100 ? `${Math.round(hours)} h` : formatDuration(hours * HOUR);
}

function sureness(confidence: number | null): string {
  return confidence === null ? '; how sure that is cannot be known yet' : `, ${formatShare(confidence)} sure`;
}

function ordinal(count: number): string {
  const word = ORDINALS[count - 1];
  if (word !== undefined) return word;
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };
  return `${count}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(count)]}`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

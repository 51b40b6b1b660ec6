/** Mutes and labels, each in a sentence. */

import { formatTime } from '../../core/messages/times.ts';
import { formatNumber } from '../../core/messages/units.ts';
import type { Label, Likeness, Mute } from '../../core/model/mute.ts';
import { callerName } from '../caller-name.ts';
import { harmless } from '../render/text.ts';
import { subjectText } from './subject-text.ts';

export function isActive({ at, until }: Mute, now: number): boolean {
  return at <= now && now < until;
}

/** `m-1f2e3d4c until 2026-12-01 00:00 UTC, group web, by user/jane: a cache that fills`. */
export function muteText(mute: Mute, now: number): string {
  const { id, until, subject, by, reason } = mute;
  const end = isActive(mute, now) ? `until ${formatTime(until)}` : `expired at ${formatTime(until)}`;
  return `${harmless(id)} ${end}, ${subjectText(subject)}, by ${callerName(by)}: ${harmless(reason)}`;
}

export function labelText({ id, kind, subject, from, to, by, reason }: Label): string {
  const time = timeText(from, to);
  const when = time === '' ? '' : ` ${time}`;
  return `${harmless(id)} ${kind}${when}, ${subjectText(subject)}, by ${callerName(by)}: ${harmless(reason)}`;
}

/** Empty where it has no bounds. */
export function timeText(from: number | null, to: number | null): string {
  const begin = from === null ? '' : `from ${formatTime(from)}`;
  return [begin, to === null ? '' : `until ${formatTime(to)}`].filter((part) => part !== '').join(' ');
}

/** What a growth is compared with: `pattern linear, +0.4 points/h, begun about 12 h UTC, at 62 %`. */
export function likenessText({ pattern, growthPerHour, hour, level }: Likeness): string {
  const clock = `${String(Math.floor(hour)).padStart(2, '0')}:${String(Math.floor((hour % 1) * 60)).padStart(2, '0')} UTC`;
  return `${pattern === null ? 'no pattern' : `pattern ${pattern}`}, growth of ${formatNumber(growthPerHour)} points/h, begun at ${clock}, at a level of ${Math.round(level)} %`;
}

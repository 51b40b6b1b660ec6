/** Mutes and labels, each in a sentence. */
import { isActive, subjectText, timeText } from '../../core/messages/subject-text.ts';
import { formatTime } from '../../core/messages/times.ts';
import type { Label, Mute } from '../../core/model/mute.ts';
import { callerName } from '../caller-name.ts';
import { harmless } from '../render/text.ts';

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

/** Mutes and labels as answers show them. */
import { isActive, likenessText, subjectText } from '../../core/messages/subject-text.ts';
import type { Label, Mute } from '../../core/model/mute.ts';
import { isoText } from '../../core/model/notation.ts';
import type { LabelView, MuteView } from '../contract/marks.ts';
import { moment } from './host.ts';
import type { HostNames } from './names.ts';

export function muteView({ id, subject, reason, by, at, until }: Mute, now: number, names: HostNames): MuteView {
  const active = isActive({ at, until }, now);
  const about = subjectText(subject, names);
  return { id, subject, about, reason, by, at: isoText(at), until: isoText(until), active };
}

export function labelView(
  { id, kind, subject, reason, by, at, from, to, likeness }: Label,
  names: HostNames,
): LabelView {
  return {
    id,
    kind,
    subject,
    about: subjectText(subject, names),
    reason,
    by,
    at: isoText(at),
    from: moment(from),
    to: moment(to),
    likeness: likeness === null ? null : likenessText(likeness),
  };
}

/** Of the incidents that marks are about. */
export function incidentsOf(marks: readonly Pick<Mute | Label, 'subject'>[]): string[] {
  return marks.flatMap(({ subject }) => subject.incident ?? []);
}

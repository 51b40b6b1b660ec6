/** Which mutes and labels are about an incident of a list, as far as its row has what they name. */
import type { IncidentRow } from '../api/contract/incidents.ts';
import type { LabelView, MuteView } from '../api/contract/marks.ts';
import { matchesGlob } from '../core/model/host-filter.ts';

export interface RowMark {
  readonly id: string;
  readonly kind: 'mute' | 'label';
  /** `muted`, `false positive`. */
  readonly title: string;
  readonly reason: string;
}

/** @param now Epoch milliseconds. */
export function rowMarks(
  row: IncidentRow,
  { mutes, labels }: { readonly mutes: readonly MuteView[]; readonly labels: readonly LabelView[] },
  now: number,
): RowMark[] {
  const active = mutes.filter(({ subject, until }) => Date.parse(until) > now && isAbout(subject, row));
  const given = labels.filter((label) => isAbout(label.subject, row) && isInTime(label, row));
  return [
    ...active.map(({ id, reason }): RowMark => ({ id, kind: 'mute', title: 'muted', reason })),
    ...given.map(({ id, kind, reason }): RowMark => ({ id, kind: 'label', title: kind.replaceAll('-', ' '), reason })),
  ];
}

/** Labels, patterns and consumers are not in a row: what names them is shown on the page of the incident alone. */
function isAbout(subject: MuteView['subject'], { id, host, finding: found }: IncidentRow): boolean {
  const { incident, provider, account, region, group, host: named, finding, labels, pattern, consumer } = subject;
  if (labels !== undefined || pattern !== undefined || consumer !== undefined) return false;
  return (
    (incident === undefined || incident === id) &&
    (finding === undefined || finding === found) &&
    (provider === undefined || provider === host.provider) &&
    (account === undefined || matchesGlob(account, host.account)) &&
    (region === undefined || matchesGlob(region, host.region ?? '')) &&
    (group === undefined || (host.group !== null && matchesGlob(group, host.group))) &&
    (named === undefined || [host.id, host.name ?? host.id].some((name) => matchesGlob(named, name)))
  );
}

function isInTime({ kind, from, to }: LabelView, { lastChangeAt }: IncidentRow): boolean {
  if (kind === 'false-positive' || kind === 'true-positive') return true;
  return (from === null || from <= lastChangeAt) && (to === null || lastChangeAt < to);
}

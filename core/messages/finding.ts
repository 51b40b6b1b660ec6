/** What a finding is, in words. They never read that there is a leak: steady growth may be legitimate. */
import type { FullKind } from '../model/full-host.ts';
import type { NotificationKind } from '../model/notification.ts';
import { LEAKING_TEXT } from './verdict.ts';

/** What a transition states of a host: to follow `Memory of web-7 `. */
export const TRANSITION_TEXT: Readonly<Record<NotificationKind, string>> = {
  suspected: LEAKING_TEXT.suspected,
  opened: LEAKING_TEXT.confirmed,
  worse: `${LEAKING_TEXT.confirmed}, and is closer to its limit`,
  better: `${LEAKING_TEXT.confirmed}, and is further from its limit`,
  recovered: `no longer ${LEAKING_TEXT.confirmed}`,
  cleared: 'no longer looks suspicious',
  host_gone: 'is no longer reported: its host is gone',
  no_data: 'is no longer reported: its host sends no samples',
  reminder: `still ${LEAKING_TEXT.confirmed}, and nobody has acknowledged it`,
  escalated: `${LEAKING_TEXT.confirmed}, nobody has acknowledged it, and others are notified`,
};

/** Of a host that is gone, where others of its group are new. */
export const REPLACED_TEXT = 'is no longer reported: its host was replaced';

/** The same of a host that is full, or fills again and again. */
export const EXHAUSTED_TEXT: Readonly<Record<NotificationKind, string>> = {
  suspected: 'may be exhausted',
  opened: 'is exhausted',
  worse: 'is exhausted, and it is more urgent',
  better: 'is exhausted, and it is less urgent',
  recovered: 'is no longer exhausted',
  cleared: 'is no longer exhausted',
  host_gone: TRANSITION_TEXT.host_gone,
  no_data: TRANSITION_TEXT.no_data,
  reminder: 'is still exhausted, and nobody has acknowledged it',
  escalated: 'is exhausted, nobody has acknowledged it, and others are notified',
};

/** What a full host does, in words. */
export const FULL_HOST_TEXT: Readonly<Record<FullKind, string>> = {
  filling_again: 'fills again and again',
  stands_at_the_top: 'grew to the top and stays',
  steady_full: 'was at the top before too',
};

/** `2 are full, or fill again and again`. */
export function fullHostsText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'is full, or fills again and again' : 'are full, or fill again and again'}`;
}

/** `3 of 1,200 hosts grow like a leak`. */
export function findingsText(found: number, known: number): string {
  return `${found} of ${known.toLocaleString('en')} hosts ${found === 1 ? LEAKING_TEXT.confirmed : 'grow like a leak'}`;
}

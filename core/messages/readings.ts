/** Why something was not read or is not collected, in the same words everywhere. */
import type { NotMonitored, Unreadable, UnreadableReason } from '../model/series.ts';

export const NOT_READ: Readonly<Record<UnreadableReason, string>> = {
  denied: 'no right to read, or not signed in',
  not_found: 'it was not found',
  throttled: 'the provider throttled the request',
  timeout: 'the provider did not answer in time',
  truncated: 'the answer was truncated',
  malformed: 'the answer is malformed',
  unavailable: 'the provider was not available',
};

export const NOT_COLLECTED: Readonly<Record<NotMonitored['reason'], string>> = {
  not_reported: 'its memory has never been reported',
  stopped_reporting: 'its memory used to be reported and no longer is',
  unsupported: 'its memory cannot be collected',
  incommensurable: 'the collected figures cannot be compared with its memory',
};

/** Why something was not read, as a sentence: the failure's own words where they explain it alone. */
export function notReadText({ reason, detail }: Pick<Unreadable, 'reason' | 'detail'>): string {
  const own = detail.trim().replace(/\.$/, '');
  if (own === '') return `${NOT_READ[reason]}.`;
  return reason === 'denied' ? `${own}.` : `${NOT_READ[reason]} (${own}).`;
}

/** Who grew on a leaking host, in words. */
import type { Contribution, Remainder, Unattributed, UnattributedReason } from '../model/attribution.ts';
import type { Consumer } from '../model/series.ts';
import { NOT_READ } from './readings.ts';
import { formatTime } from './times.ts';
import { formatPoints } from './units.ts';

/** Why nobody is named, in a word or two. */
export const NOT_ATTRIBUTED: Readonly<Record<UnattributedReason, string>> = {
  ...NOT_READ,
  not_collected: 'processes are not collected',
  unsupported: 'no process data here',
  incommensurable: 'processes cannot be compared',
  too_little: 'collected too briefly',
  not_requested: 'not requested',
};

/** What a remainder usually is, to follow `Not explained: 200 MiB: `. */
export const REMAINDER_MEANINGS: Readonly<Record<Remainder, string>> = {
  not_collected:
    'no consumer that is collected holds it: memory of the kernel, shared memory and files kept in memory, ' +
    'or processes that nobody collects',
  counted_twice:
    'the consumers grew by more than the host: memory that several of them share is counted for each, ' +
    'two selectors of a collector count one process twice, or the host gave back other memory meanwhile',
  noise: 'the consumers account for the rise within what noise allows',
};

/** `shop/cart-7d9f` of a pod, a process's name as it is. */
export function consumerName({ name, namespace }: Pick<Consumer, 'name' | 'namespace'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** One clause about a consumer that was not collected throughout; null where it was. */
export function collectionText({
  collectedFrom,
  collectedUntil,
}: Pick<Contribution, 'collectedFrom' | 'collectedUntil'>): string | null {
  const parts = [
    ...(collectedFrom === null ? [] : [`collected since ${formatTime(collectedFrom)} only`]),
    ...(collectedUntil === null ? [] : [`not collected after ${formatTime(collectedUntil)}`]),
  ];
  return parts.length === 0 ? null : `${parts.join(', ')}: its use is assumed to be constant beyond that`;
}

/** Why it is not known who grew, and what to do about it: how collection is turned on at the provider. */
export function unattributedText({ reason, detail, traces }: Unattributed): string {
  switch (reason) {
    case 'incommensurable':
      return [FRACTIONS, ...tracesText(traces), ...(detail === null ? [] : [detail])].join(' ');
    case 'not_collected':
      return detail ?? 'The source gave no consumers of this host, and no reason.';
    case 'unsupported':
      return detail ?? 'This source holds the memory of hosts, and nothing of their processes or pods.';
    case 'too_little':
      return 'What its consumers use has been collected for too short a time to compare two ends of it: wait for two more hours.';
    case 'not_requested':
      return (
        'Too many hosts of this account and region grow like a leak at once, and only the most urgent ones were examined: ' +
        'see what they have in common, or examine this one with `plimsoll explain`.'
      );
    default:
      return detail ?? `Its consumers were not read: ${NOT_READ[reason]}.`;
  }
}

const FRACTIONS =
  'The use of its consumers is known as fractions of an unknown total: it cannot be compared with the host’s memory.';

function tracesText(traces: Unattributed['traces']): string[] {
  const named = traces.map(({ consumer, rise }) => `${consumerName(consumer)} (+${formatPoints(rise)})`);
  return named.length === 0 ? [] : [`Most of all rose meanwhile, on this host or on another: ${named.join(', ')}.`];
}

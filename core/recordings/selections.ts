/** What running recordings want of one host: whoever samples there requests it once a minute. */
import { hash } from 'node:crypto';
import type { HostSelections, Recording } from '../model/recording.ts';
import type { SentHost } from '../model/sample.ts';
import { endOf, hostTest, isOf } from './match.ts';

/** A host, and whose it is by the token that it showed. */
export interface SelectingHost extends SentHost {
  readonly tenant: string;
  readonly account: string;
}

export interface TaggedSelections {
  readonly answer: HostSelections;
  /** As a header has it, with its quotation marks. The same selections have the same. */
  readonly etag: string;
}

/**
 * Recordings that run now, and those that begin later, so that a host which is offline then begins in time. In order of their ids.
 *
 * @param now Epoch milliseconds.
 */
export function selectionsFor(recordings: readonly Recording[], host: SelectingHost, now: number): TaggedSelections {
  const { tenant, account, ...sent } = host;
  const selections = recordings
    .filter((one) => isOf(one, tenant, account) && isWanted(one, now) && hostTest(one)(sent))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, selection: { processes, from, to, everyS } }) => ({ recording: id, processes, from, to, everyS }));
  const answer = { version: 1, selections } as const;
  return { answer, etag: `"${hash('sha256', JSON.stringify(answer), 'base64url').slice(0, 22)}"` };
}

/** Whether something of it can still be sampled. */
export function isWanted(recording: Recording, now: number): boolean {
  return recording.stoppedAt === undefined && recording.deletedAt === undefined && now < endOf(recording);
}

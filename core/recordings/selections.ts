/** What running recordings want of one host, and when whoever samples there requests it again. */
import { hash } from 'node:crypto';
import type { Recording } from '../model/recording.ts';
import type { SelectingHost, TaggedSelections } from '../ports/selection-source.ts';
import { endOf, hostTest, isOf } from './match.ts';

/** Seconds between requests of a host on which something is recorded, or soon will be: a stop takes effect within them. */
const RECORDING_S = 60;

/**
 * Of any other host, which sends every five minutes and reads from each answer whether something has changed: it requests where it has not sent. At one
 * request a minute, a thousand hosts cost 55 USD a month.
 */
export const IDLE_S = 420;

/**
 * Recordings that run now, and those that begin later, so that a host which is offline then begins in time. In order of their ids.
 *
 * @param now Epoch milliseconds.
 * @param idleS Seconds after which a host requests again on which nothing is recorded.
 */
export function selectionsFor(
  recordings: readonly Recording[],
  host: SelectingHost,
  now: number,
  idleS = IDLE_S,
): TaggedSelections {
  const { tenant, account, ...sent } = host;
  const selections = recordings
    .filter((one) => isOf(one, tenant, account) && isWanted(one, now) && hostTest(one)(sent))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, selection: { processes, from, to, everyS } }) => ({ recording: id, processes, from, to, everyS }));
  const answer = { version: 1, selections } as const;
  const etag = `"${hash('sha256', JSON.stringify(answer), 'base64url').slice(0, 22)}"`;
  const isRecorded = selections.some(({ from }) => from <= now + 1000 * idleS);
  return { answer, etag, maxAgeS: isRecorded ? Math.min(RECORDING_S, idleS) : idleS };
}

/** Whether something of it can still be sampled. */
export function isWanted(recording: Recording, now: number): boolean {
  return recording.stoppedAt === undefined && recording.deletedAt === undefined && now < endOf(recording);
}

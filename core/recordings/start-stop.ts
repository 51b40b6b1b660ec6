/** Starts, stops and deletes recordings: by the API and at a prompt. */
import { hash } from 'node:crypto';
import { LONGEST_RECORDING_MS, type Recording, type Selection } from '../model/recording.ts';
import { PlimsollError } from '../ports/errors.ts';
import type { RecordingStore } from '../ports/recording-store.ts';
import { DAY_MS } from './days.ts';
import { DEMO_ID, demoReader, demoRecording } from './demo.ts';
import type { RecordedReader } from './history.ts';
import { isWanted } from './selections.ts';

/** What was requested of a recording does not fit it: the message states why, and what to do. */
export class RecordingError extends PlimsollError {}

interface RecordingPorts {
  readonly recordings: RecordingStore;
}

/** Recordings of one tenant that run at once: each batch of samples is compared with all of them. */
const MOST_RUNNING = 50;
/** Recordings that a tenant keeps. */
const MOST_RECORDINGS = 500;

export interface StartRequest {
  readonly tenant: string;
  readonly name: string;
  readonly selection: Omit<Selection, 'from' | 'to'> & { readonly from: number | null; readonly to: number | null };
  readonly by: string;
  /** Random text: the id is made of it. */
  readonly random: string;
  /** The accounts that hosts send samples for. */
  readonly accounts: readonly string[];
}

/** Throws `RecordingError` where it cannot be started, and `StoreError`. */
export async function startRecording(
  { tenant, name, selection, by, random, accounts }: StartRequest,
  { recordings }: RecordingPorts,
  now: number,
): Promise<Recording> {
  const from = selection.from ?? now;
  const to = selection.to ?? from + DAY_MS;
  requireSpan(from, to, now);
  if (!accounts.includes(selection.account)) throw new RecordingError(noAccount(selection.account, accounts));
  const kept = await recordings.list(tenant);
  if (kept.filter((one) => isWanted(one, now)).length >= MOST_RUNNING)
    throw new RecordingError(`${MOST_RUNNING} recordings are running: stop one of them first.`);
  if (kept.length >= MOST_RECORDINGS)
    throw new RecordingError(`${MOST_RECORDINGS} recordings are kept: delete one that nobody needs.`);
  const started = { startedBy: by, startedAt: now };
  const recording = { tenant, id: idOf(random), name, selection: { ...selection, from, to }, ...started };
  await recordings.put(recording);
  return recording;
}

/**
 * One that is over stays as it is, also where it was deleted since it was found. Throws `RecordingError` of the demo, and `StoreError`.
 */
export async function stopRecording(
  recording: Recording,
  by: string,
  { recordings }: RecordingPorts,
  now: number,
): Promise<Recording> {
  requireNoDemo(recording, 'stopped');
  if (!isWanted(recording, now)) return recording;
  const stopped = (one: Recording) => (isWanted(one, now) ? { ...one, stoppedBy: by, stoppedAt: now } : one);
  return (await recordings.change(recording.tenant, recording.id, stopped)) ?? recording;
}

/**
 * Marks it: it is found no more, and nothing is matched with it. Its samples, and the mark itself, are removed by `keepRecordings`, which may
 * delete objects. Throws `RecordingError` of the demo, and `StoreError`.
 */
export async function deleteRecording(
  recording: Recording,
  by: string,
  { recordings }: RecordingPorts,
  now: number,
): Promise<void> {
  requireNoDemo(recording, 'deleted');
  await recordings.change(recording.tenant, recording.id, (one) =>
    one.deletedAt === undefined ? { ...one, deletedBy: by, deletedAt: now } : one,
  );
}

/** Newest first, the demo last; none that is being deleted. */
export async function listRecordings(
  tenant: string,
  recordings: Pick<RecordingStore, 'list'>,
  now: number,
): Promise<readonly Recording[]> {
  const kept = await recordings.list(tenant);
  return [...kept.filter(({ deletedAt }) => deletedAt === undefined), demoRecording(tenant, now)];
}

/** Undefined where there is none, or it is being deleted. */
export async function findRecording(
  tenant: string,
  id: string,
  recordings: Pick<RecordingStore, 'get'>,
  now: number,
): Promise<Recording | undefined> {
  if (id === DEMO_ID) return demoRecording(tenant, now);
  const found = await recordings.get(tenant, id);
  return found?.deletedAt === undefined ? found : undefined;
}

/** The samples of a recording, or of the demo. */
export function readerOf({ id }: Recording, samples: RecordedReader, now: number): RecordedReader {
  return id === DEMO_ID ? demoReader(now) : samples;
}

function requireSpan(from: number, to: number, now: number): void {
  if (to <= from) throw new RecordingError('The recording ends before it begins: give a later end.');
  if (to <= now) throw new RecordingError('The recording ends in the past: give a later end.');
  if (to - from > LONGEST_RECORDING_MS) throw new RecordingError('A recording is of 31 days at the most.');
}

function noAccount(account: string, accounts: readonly string[]): string {
  const known = accounts.length === 0 ? 'there is none yet' : `there are ${accounts.join(', ')}`;
  return `The config has no OpenTelemetry account ${account} whose hosts could be recorded: ${known}.`;
}

function requireNoDemo({ id }: Recording, done: string): void {
  if (id === DEMO_ID) throw new RecordingError(`The demo is always there and is not ${done}.`);
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 16;

function idOf(random: string): string {
  const bytes = hash('sha256', random, 'buffer').subarray(0, ID_LENGTH);
  return `r-${Array.from(bytes, (byte) => BASE32.charAt(byte & 31)).join('')}`;
}

/** What is sampled, kept and sent when. Time is an argument: a caller steps through it. */
import { createFollowed, nextOf } from './followed.ts';
import type { HostMemory } from './host-memory.ts';
import type { Journal } from './journal.ts';
import type { Notices } from './notices.ts';
import type { ProcessSample } from './process-sample.ts';
import type { ProcessTree } from './process-tree.ts';
import type { SelectionClient } from './selection-client.ts';
import type { HostSelection } from './selections.ts';
import type { Sender } from './sender.ts';
import type { Sweep } from './sweep.ts';

export interface RecorderOptions {
  readonly readProcesses: () => Promise<readonly ProcessSample[]>;
  readonly readHost: () => Promise<HostMemory>;
  /** What whoever started the probe has chosen. */
  readonly chosen: readonly ProcessTree[];
  /** Patterns of names: what recordings may select. */
  readonly allow: readonly string[];
  readonly journal: Journal;
  readonly sender: Sender;
  /** Absent where nothing is allowed: then nothing is requested. */
  readonly selections?: Pick<SelectionClient, 'current' | 'refresh'>;
  readonly notices: Notices;
  readonly everyMs: number;
  readonly sendEveryMs: number;
  /** Milliseconds of a clock that only rises, by which everything is due. */
  readonly elapsed: () => number;
  /** Epoch milliseconds: what samples are stamped with. */
  readonly now: () => number;
  /** Milliseconds until the first sending: random, so that a fleet that is started at once does not send at once. */
  readonly firstSendMs: number;
}

export interface Recorder {
  /** Does what is due. @returns Milliseconds until something is due again. */
  step(): Promise<number>;
  /** One sweep of what was chosen, now. */
  sweep(): Promise<Sweep>;
  /** Sends all that is there. @returns Whether all has arrived. */
  flush(): Promise<boolean>;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
}

/** A sweep of more is truncated: a rule that matches everything must not fill disk and network. */
const MOST_PROCESSES = 1000;
/** While a recording runs, somebody watches. */
const SEND_WHILE_RECORDING_MS = 60_000;
const SYNC_EVERY_MS = 10_000;
const LONGEST_STEP_MS = 60_000;
/** How soon after a request its outcome is looked at. */
const UNDER_WAY_MS = 1000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { journal, sender, selections, notices, elapsed, now, everyMs, sendEveryMs } = options;
  const followed = createFollowed(options);
  const sending = createRepeated(sender.sendAll, options.firstSendMs, options);
  const refreshing = createRepeated(async () => selections?.refresh() ?? sendEveryMs, 1, options);
  let ownDue = elapsed();
  let syncDue = ownDue + SYNC_EVERY_MS;

  const sendDue = () =>
    sending.dueAt(followed.isRecording(now()) ? Math.min(SEND_WHILE_RECORDING_MS, sendEveryMs) : sendEveryMs);

  const refreshDue = () => (selections === undefined ? Number.POSITIVE_INFINITY : refreshing.dueAt(0));

  async function sampleWhatIsDue(at: number): Promise<void> {
    const isOwn = at >= ownDue;
    const recordings = followed.due(at, now());
    if (!isOwn && recordings.length === 0) return;
    if (isOwn) ownDue = nextOf(ownDue, everyMs, at);
    try {
      const sweep = await sweepOf(options, isOwn, (all) =>
        recordings.flatMap((recording) => followed.admittedOf(recording, all)),
      );
      if (isOwn || sweep.processes.length > 0) journal.append(sweep);
      notices.over('read', 'Memory can be read again.');
    } catch (error) {
      notices.trouble('read', `Memory cannot be read: ${messageOf(error)}`);
    }
  }

  return {
    async step() {
      const at = elapsed();
      followed.update(selections?.current() ?? NONE, now());
      if (at >= refreshDue()) void refreshing.start();
      await sampleWhatIsDue(at);
      if (at >= syncDue) journal.sync();
      if (at >= syncDue) syncDue = at + SYNC_EVERY_MS;
      if (at >= sendDue()) void sending.start();
      const next = Math.min(ownDue, followed.nextDue(), refreshDue(), sendDue());
      return Math.min(Math.max(0, next - elapsed()), LONGEST_STEP_MS);
    },
    sweep: () => sweepOf(options, true, () => []),
    async flush() {
      await sending.idle();
      await sending.start();
      return sending.wait() === 0;
    },
    async idle() {
      await Promise.all([sending.idle(), refreshing.idle()]);
    },
  };
}

const NONE: readonly HostSelection[] = [];

/** Requests that are made again and again, one at a time, while sampling goes on. */
interface Repeated {
  /** By `elapsed`; in the future while one is under way. @param usual Milliseconds, where the last one states no other time. */
  dueAt(usual: number): number;
  start(): Promise<void>;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
  /** What the last one returned. */
  wait(): number;
}

/** @param request Returns the milliseconds after which it is made again; 0: after the usual time. */
function createRepeated(
  request: () => Promise<number>,
  firstMs: number,
  { elapsed, notices }: Pick<RecorderOptions, 'elapsed' | 'notices'>,
): Repeated {
  let ended = elapsed();
  let wait = firstMs;
  let running: Promise<void> | undefined;

  async function make(): Promise<void> {
    try {
      wait = await request();
    } catch (error) {
      // An error of the probe itself: sampling goes on, and it is tried again.
      wait = LONGEST_STEP_MS;
      notices.trouble('request', `A request failed: ${messageOf(error)}`);
    }
    ended = elapsed();
    running = undefined;
  }

  return {
    dueAt: (usual) => (running === undefined ? ended + (wait || usual) : elapsed() + UNDER_WAY_MS),
    start() {
      running ??= make();
      return running;
    },
    idle: async () => running,
    wait: () => wait,
  };
}

type SweepOptions = Pick<RecorderOptions, 'readProcesses' | 'readHost' | 'chosen' | 'notices' | 'now'>;

/** @param isOwn Whether the host and what was chosen here are due. @param selectedOf What recordings add. */
async function sweepOf(
  { readProcesses, readHost, chosen, notices, now }: SweepOptions,
  isOwn: boolean,
  selectedOf: (all: readonly ProcessSample[]) => readonly ProcessSample[],
): Promise<Sweep> {
  const time = now();
  const all = await readProcesses();
  const own = isOwn ? chosen.flatMap((tree) => tree.membersOf(all)) : [];
  const processes = [...new Set([...own, ...selectedOf(all)])];
  if (processes.length > MOST_PROCESSES) {
    notices.trouble('many', `${processes.length} processes are chosen: the first ${MOST_PROCESSES} are sampled.`);
  }
  return { time, ...(isOwn && { host: await readHost() }), processes: processes.slice(0, MOST_PROCESSES) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

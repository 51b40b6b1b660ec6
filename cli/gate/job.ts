/** Runs a command, reads the memory of its process tree meanwhile, and ends what is left of the tree. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createJobSeries, type NameSeries } from '../../core/detector/gate-series.ts';
import type { ProcessSample } from '../../probe/process-sample.ts';
import { createProcessTree } from '../../probe/process-tree.ts';
import { readProcesses } from '../../probe/processes.ts';
import { UsageError } from '../usage-error.ts';

export interface JobRequest {
  /** The command and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly everyMs: number;
  /** After which it is stopped. Absent: it ends by itself. */
  readonly forMs?: number;
  /** Between the request to end and the kill. */
  readonly graceMs: number;
}

export interface JobRun {
  /** The command's file name: its arguments can hold passwords. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly sweeps: number;
  readonly series: readonly NameSeries[];
  /** Names beyond those that are followed. */
  readonly leftOut: number;
  /** Why it ended: by itself, because its time was up, or because this command received a signal. */
  readonly ended: 'itself' | 'time' | 'signal';
  /** As a shell states it: 128 and the number of the signal that ended it. */
  readonly code: number;
}

type PassedOn = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const PASSED_ON: readonly PassedOn[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @throws UsageError The command cannot be started. */
export async function runJob({ command, everyMs, forMs, graceMs }: JobRequest): Promise<JobRun> {
  const [file, ...args] = command;
  const startedAt = Date.now();
  const child = start(file, args);
  const exit = exitOf(child, file);
  const over = new AbortController();
  const exited = exit.finally(() => over.abort());
  const root = child.pid;
  if (root === undefined) {
    await exited;
    throw new UsageError(`${file} could not be started.`);
  }
  const sampling = sampleTree(root, everyMs, over.signal);
  const signals = passSignals(child, graceMs, over.signal);
  // Whatever ends this process must not leave the job behind.
  const killAll = () => signalAll(sampling.members(), 'SIGKILL');
  process.once('exit', killAll);
  try {
    const itself = exited.then(() => 'itself' as const);
    const end = await Promise.race([
      itself,
      after(forMs, 'time' as const, over.signal),
      signals.ignored,
      sampling.failed,
    ]);
    const durationMs = Date.now() - startedAt;
    over.abort();
    const { series, leftOut, sweeps } = await sampling.done;
    // A job that ignored a signal has had its time.
    await endTree(sampling.left, exited, end === 'signal' ? 0 : graceMs);
    const received = signals.stop();
    const ended = received === undefined ? end : 'signal';
    const code = received === undefined ? await exited : 128 + constants.signals[received];
    return { name: basename(file), startedAt, durationMs, sweeps, series, leftOut, ended, code };
  } catch (error) {
    child.kill('SIGKILL');
    killAll();
    throw error;
  } finally {
    signals.stop();
    process.removeListener('exit', killAll);
  }
}

/** Some failures are an event of the child, and others are thrown: a path through a file, a name that is empty. */
function start(file: string, args: readonly string[]): ChildProcess {
  try {
    return spawn(file, args, { stdio: 'inherit' });
  } catch (error) {
    throw notStarted(file, error);
  }
}

function notStarted(file: string, cause: unknown): UsageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UsageError(
    `${file || 'The command'} could not be started: ${reason}. Give a program that is in the PATH, or its path.`,
    { cause },
  );
}

/** The exit code once it has ended. */
async function exitOf(child: ChildProcess, file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(file, cause)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** The value when the time is up; never where there is no limit or the job ends before. */
async function after<Value>(ms: number | undefined, value: Value, over: AbortSignal): Promise<Value> {
  if (ms === undefined) return new Promise(() => undefined);
  return delay(ms, value, { signal: over }).catch(() => new Promise<Value>(() => undefined));
}

/** Samples until `over`. `members` are those of the last sweep; `left` reads those that are there now. */
function sampleTree(root: number, everyMs: number, over: AbortSignal) {
  const tree = createProcessTree(root);
  const job = createJobSeries();
  let members: readonly ProcessSample[] = [];
  const left = async () => tree.membersOf(await readProcesses());
  async function sample() {
    let sweeps = 0;
    const start = performance.now();
    while (!over.aborted) {
      const at = performance.now();
      const found = await left().catch((error: unknown) => {
        // A program of the system that lists processes fails now and then on a busy machine: that is a gap.
        if (sweeps === 0) throw error;
      });
      // What was read after the end is a part of the tree.
      if (over.aborted) break;
      if (found !== undefined) {
        members = found;
        sweeps += 1;
        job.add(
          at - start,
          found.map(({ pid, name, resident, swap = 0 }) => ({ pid, name, bytes: resident + swap })),
        );
      }
      await delay(Math.max(0, everyMs - (performance.now() - at)), undefined, { signal: over }).catch(() => undefined);
    }
    return { series: job.series(), leftOut: job.leftOut(), sweeps };
  }
  const done = sample();
  // It resolves never: of a sampling that ends as it should, somebody else takes the result.
  const failed = done.then(() => new Promise<never>(() => undefined));
  return { done, failed, members: () => members, left };
}

interface PassedSignals {
  /** Resolves when a job has not ended so long after the first signal; never where none came. */
  readonly ignored: Promise<'signal'>;
  /** @returns The first that came. */
  stop(): PassedOn | undefined;
}

/** Passes signals on to the job until that is stopped. */
function passSignals(child: ChildProcess, graceMs: number, over: AbortSignal): PassedSignals {
  let received: PassedOn | undefined;
  const first = Promise.withResolvers<'signal'>();
  const listeners = PASSED_ON.map((signal) => {
    const listener = () => {
      if (received === undefined) void after(graceMs, 'signal' as const, over).then(first.resolve);
      received ??= signal;
      // A terminal has sent Ctrl-C to the job too: both are in its foreground group.
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  const stop = () => {
    for (const { signal, listener } of listeners) process.removeListener(signal, listener);
    return received;
  };
  return { ignored: first.promise, stop };
}

const LOOK_EVERY_MS = 50;

/** Requests every process of the tree to end, and kills those that have not after `graceMs`. */
async function endTree(
  left: () => Promise<readonly ProcessSample[]>,
  exited: Promise<unknown>,
  graceMs: number,
): Promise<void> {
  signalAll(await left(), 'SIGTERM');
  const deadline = performance.now() + graceMs;
  for (let rest = await left(); rest.length > 0; rest = await left()) {
    if (performance.now() >= deadline) {
      signalAll(rest, 'SIGKILL');
      break;
    }
    await delay(LOOK_EVERY_MS);
  }
  await exited;
}

function signalAll(processes: readonly ProcessSample[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself since it was read.
    }
  }
}

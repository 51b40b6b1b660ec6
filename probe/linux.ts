/** Processes of Linux, from /proc. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProcessSample } from './process-sample.ts';

/** The unit of times in /proc/PID/stat: USER_HZ is 100 on every architecture that node runs on. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/**
 * Synchronous on purpose: /proc is memory, and a thread pool makes a sweep of some hundred processes several times as long.
 *
 * @param folder Another than /proc is for tests.
 */
export function readLinuxProcesses(folder = '/proc'): ProcessSample[] {
  const startOfSystem = bootTime(folder);
  const pids = readdirSync(folder).filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readProcess(join(folder, pid), startOfSystem) ?? []);
}

function readProcess(folder: string, startOfSystem: number): ProcessSample | undefined {
  try {
    const memory = parseStatus(readSmall(join(folder, 'status'), 'latin1'));
    if (memory === undefined) return undefined;
    const { pid, ppid, name, startTicks } = parseStat(readSmall(join(folder, 'stat'), 'utf8'));
    const startedAt = startOfSystem + Math.round((startTicks * 1000) / TICKS_PER_SECOND);
    return { pid, ppid, name: executableName(folder) ?? name, startedAt, ...memory };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** More than any file of a process: status has some 1.5 KB. */
const buffer = Buffer.allocUnsafeSlow(16 * 1024);

/** Files of /proc state no size, and `readFileSync` takes 64 KiB for each of them: megabytes a sweep, which fragment the memory of the probe. */
function readSmall(path: string, encoding: 'latin1' | 'utf8'): string {
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    return buffer.toString(encoding, 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** ESRCH: it ended between the opening of its file and the reading. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
}

/** Undefined where the executable may not be read: it belongs to another user. */
function executableName(folder: string): string | undefined {
  try {
    // An executable that an update has replaced is followed by this note.
    return basename(readlinkSync(join(folder, 'exe')).replace(/ \(deleted\)$/, '')) || undefined;
  } catch {
    return undefined;
  }
}

/** The sizes of /proc/PID/status in bytes. Undefined of a kernel thread and of a process that has ended: they have none. */
export function parseStatus(text: string): Pick<ProcessSample, 'data' | 'stack' | 'resident' | 'swap'> | undefined {
  const resident = sizeOf(text, 'VmRSS');
  if (resident === undefined) return undefined;
  const data = sizeOf(text, 'VmData');
  const stack = sizeOf(text, 'VmStk');
  const swap = sizeOf(text, 'VmSwap');
  return {
    ...(data !== undefined && { data }),
    ...(stack !== undefined && { stack }),
    resident,
    ...(swap !== undefined && { swap }),
  };
}

/** A line of /proc/PID/status or /proc/meminfo in bytes. */
export function sizeOf(text: string, field: string): number | undefined {
  const digits = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits) * KIB;
}

interface Stat {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  /** Since the start of the system. */
  readonly startTicks: number;
}

/** /proc/PID/stat, as proc(5) describes it. A name may hold spaces and brackets: it ends at the last bracket. */
export function parseStat(text: string): Stat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  // Field 4 is the parent, field 22 the start; the state is field 3 and first here.
  const stat = {
    pid: Number(text.slice(0, open)),
    ppid: Number(fields[1]),
    name: text.slice(open + 1, close),
    startTicks: Number(fields[19]),
  };
  if (open > 0 && close > open && Number.isFinite(stat.pid + stat.ppid + stat.startTicks)) return stat;
  throw new Error(`/proc/PID/stat is not as proc(5) describes it: ${text.slice(0, 120)}`);
}

/** By folder: the kernel derives it from the clock, so that a later reading differs by a second, and every process would seem another. */
const bootTimes = new Map<string, number>();

/** Epoch milliseconds. */
function bootTime(folder: string): number {
  const known = bootTimes.get(folder);
  if (known !== undefined) return known;
  const seconds = /^btime (\d+)$/m.exec(readFileSync(join(folder, 'stat'), 'utf8'))?.[1];
  if (seconds === undefined) throw new Error(`${folder}/stat does not state when the system started (btime).`);
  bootTimes.set(folder, Number(seconds) * 1000);
  return Number(seconds) * 1000;
}

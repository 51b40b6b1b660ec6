/**
 * Runs the programs, some at a time, and records the memory of their process trees once a second: `node bench/gate/record.ts
 * [calibration|trial] [seconds] [names]`. Takes a set's number of batches times ten minutes; the traces are replayed by `node bench/gate/trial.ts`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import pLimit from 'p-limit';
import { createProcessTree, type ProcessTree } from '../../probe/process-tree.ts';
import { readProcesses } from '../../probe/processes.ts';
import { commandOf, type Program, programsOf, SETS } from './programs.ts';
import { TRACES } from './traces.ts';

/** Programs that run beside each other: most of them sleep. */
const AT_ONCE = 14;
const EVERY_MS = 1000;

/** A process tree that is recorded: who belongs to it, and a line for each sweep. */
interface Recording {
  readonly tree: ProcessTree;
  readonly lines: string[];
}

async function recordOne(program: Program, built: string, seconds: number, recordings: Set<Recording>): Promise<void> {
  const [command, ...args] = commandOf(program, built);
  const child = spawn('nice', ['-n', '10', command, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program.file} could not be started with ${command}`);
  const recording: Recording = { tree: createProcessTree(pid), lines: [] };
  recordings.add(recording);
  await Promise.race([delay(seconds * 1000), ended(child)]);
  recordings.delete(recording);
  if (child.exitCode === null) process.kill(-pid, 'SIGKILL');
  const head = JSON.stringify({ id: program.id, set: program.set, leaks: program.leaks, language: program.language });
  const packed = await promisify(gzip)(`${[head, ...recording.lines].join('\n')}\n`, { level: 9 });
  await writeFile(join(TRACES, `${program.set}-${program.id}.ndjson.gz`), packed);
  process.stdout.write(`${program.id}: ${recording.lines.length} samples, exit code ${child.exitCode}\n`);
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.once('exit', resolve));
}

/** One sweep for all trees that are recorded: a line has the time, then name, pid and kilobytes of each process. */
async function sweep(recordings: ReadonlySet<Recording>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const at = Date.now();
    const all = await readProcesses();
    for (const { tree, lines } of recordings) {
      const members = tree.membersOf(all).filter(({ name }) => name !== 'nice');
      const sizes = members.map(({ name, pid, resident, swap = 0 }) => [name, pid, (resident + swap) / 1024]);
      if (sizes.length > 0) lines.push(JSON.stringify([at, sizes]));
    }
    await delay(Math.max(0, EVERY_MS - (Date.now() - at)));
  }
}

const [wanted, seconds = '600', only] = process.argv.slice(2);
const built = await mkdtemp(join(tmpdir(), 'programs-'));
await mkdir(TRACES, { recursive: true });
const sets = SETS.filter((set) => wanted === undefined || set === wanted);
const programs = (await Promise.all(sets.map(programsOf)))
  .flat()
  .filter(({ id }) => only === undefined || new RegExp(only).test(id));
for (const { id, file, language } of programs)
  if (language === 'go') await promisify(execFile)('go', ['build', '-o', join(built, id), file]);

const recordings = new Set<Recording>();
const stop = new AbortController();
const sweeping = sweep(recordings, stop.signal);
const limit = pLimit(AT_ONCE);
await Promise.all(programs.map((program) => limit(() => recordOne(program, built, Number(seconds), recordings))));
stop.abort();
await sweeping;
await rm(built, { recursive: true });

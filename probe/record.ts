/** The probe: options in, exit code out. */
import { hostname } from 'node:os';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { CommandNotStarted, startCommand } from './command.ts';
import { createExchange, type Exchange, readToken } from './exchange.ts';
import { defaultFolder, lockedFolder } from './folders.ts';
import { hostId } from './host-id.ts';
import { readHostMemory } from './host-memory.ts';
import { type Journal, openJournal } from './journal.ts';
import { createNotices, type Notices } from './notices.ts';
import { parseOptions, type RecordOptions } from './options.ts';
import { hostAttributes, metricsRequestOf, type SendingHost } from './otlp.ts';
import { followProcesses, type ProcessTree } from './process-tree.ts';
import { readProcesses } from './processes.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { createSelectionClient } from './selection-client.ts';
import { createSender } from './sender.ts';
import type { Sweep } from './sweep.ts';
import { unitOf } from './unit.ts';
import { UsageProblem, usageOf } from './usage.ts';

export interface ProbeContext {
  /** Of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** A line for whoever reads the log. */
  readonly note: (line: string) => void;
  readonly version: string;
  /** How it is called, for the usage. */
  readonly program: string;
  /** The program and its script by their paths, for the unit. */
  readonly startedAs: readonly string[];
  /** Ends it. */
  readonly signal: AbortSignal;
}

const EXIT = { ended: 0, error: 1, usage: 2 } as const;
const TOKEN_VARIABLE = 'PLIMSOLL_INGEST_TOKEN';
const NO_TOKEN = `Give --token-file (or the variable ${TOKEN_VARIABLE}): the receiver takes samples with an ingest token alone.`;

/** Runs until it is ended. Nothing is thrown. */
export async function runRecord(args: readonly string[], context: ProbeContext): Promise<number> {
  try {
    return await runMode(parseOptions(args, context.variables), context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageProblem) {
      context.note(`error: ${message}\n--help lists what it takes.`);
      return EXIT.usage;
    }
    context.note(`error: ${message}`);
    return error instanceof CommandNotStarted ? error.exitCode : EXIT.error;
  }
}

async function runMode(options: RecordOptions, context: ProbeContext): Promise<number> {
  switch (options.mode) {
    case 'help':
      context.print(usageOf(context.program));
      return EXIT.ended;
    case 'version':
      context.print(context.version);
      return EXIT.ended;
    case 'unit':
      return printUnit(options, context);
    case 'dry-run':
      return printSample(options, context);
    case 'once':
    case 'run':
      return sample(options, context);
  }
}

function printUnit(options: RecordOptions, { startedAs, print, note }: ProbeContext): number {
  if (options.url === undefined)
    throw new UsageProblem('Give --url (or the variable PLIMSOLL_URL) with --unit: the unit sends samples there.');
  const hidden = startedAs.find((path) => /^\/(?:home|root)\//.test(path));
  if (hidden !== undefined)
    note(`The unit does not see homes: copy ${hidden} elsewhere, for example below /usr/local/lib.`);
  print(unitOf(startedAs, options).trimEnd());
  return EXIT.ended;
}

async function printSample(options: RecordOptions, { print }: ProbeContext): Promise<number> {
  const all = await readProcesses();
  const processes = new Set(chosenOf(options).flatMap((tree) => tree.membersOf(all)));
  const sweep = { time: Date.now(), host: await readHostMemory(), processes: [...processes] };
  print(JSON.stringify(metricsRequestOf(await hostOf(options), [sweep]), null, 2));
  return EXIT.ended;
}

async function hostOf({ hostId: id, hostName, labels }: RecordOptions): Promise<SendingHost> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return { id: id ?? (await hostId()), name: hostName ?? hostname(), os, labels };
}

function chosenOf({ self, pids, names, tree }: RecordOptions): ProcessTree[] {
  return [
    ...(self ? [followProcesses({ pid: process.pid })] : []),
    ...pids.map((pid) => followProcesses({ pid, tree })),
    ...names.map((name) => followProcesses({ name, tree })),
  ];
}

/** What a running probe is made of. */
interface Running {
  readonly recorder: Recorder;
  readonly journal: Journal;
  readonly exchange: Exchange;
  readonly folder: string;
  renew(): void;
  close(): void;
}

async function sample(options: RecordOptions, context: ProbeContext): Promise<number> {
  const { url } = options;
  if (url === undefined) {
    throw new UsageProblem('Give --url (or the variable PLIMSOLL_URL): where samples are sent. --dry-run needs none.');
  }
  // Every receiver requires one, that on this machine too: without it samples would only fill the disk.
  if (options.tokenFile === undefined && !context.variables[TOKEN_VARIABLE]) throw new UsageProblem(NO_TOKEN);
  const chosen = chosenOf(options);
  const running = openRunning({ ...options, url }, await hostOf(options), chosen, context);
  try {
    if (options.mode === 'once') return await sampleOnce(running, context);
    if (options.command.length > 0) return await sampleCommand(options.command, chosen, running, context);
    context.note(`Samples wait in ${running.folder}, and are sent to ${url}.`);
    await runUntil(running, context.signal);
    await flushWithin(running, SHUTDOWN_MS, context);
    return EXIT.ended;
  } finally {
    running.close();
  }
}

/** @param chosen The command's tree is added to them. */
async function sampleCommand(
  command: readonly string[],
  chosen: ProcessTree[],
  running: Running,
  { variables, note }: ProbeContext,
): Promise<number> {
  const { [TOKEN_VARIABLE]: _, ...others } = variables;
  const started = await startCommand(command, others);
  chosen.push(followProcesses({ pid: started.pid, tree: true }));
  const ended = new AbortController();
  void started.ended.then(() => ended.abort());
  await runUntil(running, ended.signal);
  await flushWithin(running, COMMAND_SHUTDOWN_MS, { note });
  return started.ended;
}

type SendingOptions = RecordOptions & { readonly url: string };

function openRunning(
  options: SendingOptions,
  host: SendingHost,
  chosen: readonly ProcessTree[],
  context: ProbeContext,
): Running {
  const notices = createNotices(context.note, () => performance.now());
  const { folder, lock } = lockedFolder(
    options.folder,
    defaultFolder(context.variables, process.getuid?.() === 0),
    Date.now(),
  );
  const journal = journalOf(folder, options.mostBytes, notices);
  const exchange = createExchange({
    url: options.url,
    token: tokenOf(options, context),
    userAgent: `plimsoll-record/${context.version}`,
  });
  const recorder = recorderOf(options, host, { chosen, folder, journal, exchange, notices });
  const close = () => {
    exchange.close();
    journal.close();
    lock.release();
  };
  return { recorder, journal, exchange, folder, renew: lock.renew, close };
}

interface Parts extends Pick<Running, 'folder' | 'journal' | 'exchange'> {
  readonly chosen: readonly ProcessTree[];
  readonly notices: Notices;
}

function recorderOf(
  { allow, everyMs, sendEveryMs }: SendingOptions,
  host: SendingHost,
  { chosen, folder, journal, exchange, notices }: Parts,
): Recorder {
  const clocks = { random: Math.random, elapsed: () => performance.now(), now: Date.now };
  const get = (etag: string | undefined) => exchange.getSelections(hostAttributes(host), etag);
  const selections = createSelectionClient({ get, folder, notices, ...clocks });
  const post = async (sweeps: readonly Sweep[]) => {
    const answer = await exchange.postMetrics(JSON.stringify(metricsRequestOf(host, sweeps)));
    selections.see(answer.selections);
    return answer;
  };
  const sender = createSender({ journal, post, notices, ...clocks });
  return createRecorder({
    readProcesses,
    readHost: readHostMemory,
    chosen,
    allow,
    journal,
    sender,
    ...(allow.length > 0 && { selections }),
    notices,
    everyMs,
    sendEveryMs,
    ...clocks,
    firstSendMs: 1 + Math.random() * Math.min(sendEveryMs, FIRST_SEND_MS),
  });
}

const FIRST_SEND_MS = 60_000;

function tokenOf({ tokenFile }: RecordOptions, { variables }: ProbeContext): () => string | undefined {
  if (tokenFile !== undefined) return () => readToken(tokenFile);
  return () => variables[TOKEN_VARIABLE] || undefined;
}

function journalOf(folder: string, mostBytes: number, notices: Notices): Journal {
  let dropped = 0;
  return openJournal({
    folder,
    mostBytes,
    events: {
      notWritten: ({ message }) =>
        notices.trouble('disk', `${folder} takes no samples: ${message}. The newest are kept in memory until it does.`),
      notRead: ({ message }) =>
        notices.trouble('unread', `A file of ${folder} cannot be read: ${message}. It is kept, and read again later.`),
      written: () => notices.over('disk', `${folder} takes samples again.`),
      dropped(sweeps) {
        dropped += sweeps;
        notices.trouble(
          'dropped',
          `The oldest samples were dropped, for want of room: ${dropped} sweeps since the start.`,
        );
      },
      damaged: (lines) => notices.note(`${lines} damaged lines in ${folder} were skipped.`),
    },
  });
}

async function sampleOnce({ recorder, journal, folder }: Running, { note }: ProbeContext): Promise<number> {
  journal.append(await recorder.sweep());
  if (await recorder.flush()) return EXIT.ended;
  note(`The sample is kept in ${folder}: the next probe with this folder sends it.`);
  return EXIT.error;
}

async function runUntil({ recorder, renew }: Running, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const wait = await recorder.step();
    renew();
    await sleep(wait, signal);
  }
}

/** Less than the unit gives it. */
const SHUTDOWN_MS = 10_000;
const COMMAND_SHUTDOWN_MS = 30_000;

async function flushWithin(
  { recorder, folder, exchange }: Running,
  ms: number,
  { note }: Pick<ProbeContext, 'note'>,
): Promise<void> {
  const late = new AbortController();
  const deadline = sleep(ms, late.signal).then(() => false);
  const hasArrived = await Promise.race([recorder.flush(), deadline]);
  late.abort();
  if (hasArrived) return;
  exchange.close();
  await recorder.idle();
  note(`Some samples have not been sent: they are kept in ${folder}, and the next probe with this folder sends them.`);
}

/** Ends early, without an error, when the signal is given. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

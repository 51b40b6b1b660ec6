/** `plimsoll recordings`: starts, stops, lists, shows, exports and deletes recordings of a deployment, or of a console on this machine. */
import { recordingDetailView, recordingView, type StartRecordingBody } from '../../api/contract/recordings.ts';
import type { HostRule } from '../../core/model/host-filter.ts';
import { isoText } from '../../core/model/notation.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { renderTable } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { LOCAL } from '../simulation/local-tenant.ts';
import { tableOptions } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import {
  answerOf,
  openRecordings,
  pathOf,
  type RecordingsOptions,
  recordingList,
  recordingsArguments,
  requireTenant,
} from './client.ts';
import { hostRows, LIST_COLUMNS, recordingTitle, SHOW_COLUMNS } from './text.ts';

export interface JsonOptions extends RecordingsOptions {
  readonly json?: boolean;
}

export interface StartOptions extends JsonOptions {
  /** On this machine there is one alone. */
  readonly account?: string;
  readonly host: readonly HostRule[];
  readonly process?: readonly string[];
  readonly pid?: readonly number[];
  readonly tree?: boolean;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** Milliseconds. */
  readonly for?: number;
  /** Seconds. */
  readonly every: number;
}

export interface ShowOptions extends JsonOptions {
  readonly host?: string;
}

/** Throws `UsageError` where it cannot be started. */
export async function startRecording(name: string, options: StartOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  requireTenant(options, context);
  const body = bodyOf(name, options, context.now);
  const client = await openRecordings(options, context);
  const recording = await answerOf(await client.send('POST', '', body), recordingView);
  if (options.json) terminal.printJson(JSON.stringify(recording));
  else {
    terminal.print(`started: ${recordingTitle(recording)}`);
    terminal.note(`To see what it has: ${PLIMSOLL} recordings show ${recording.id} ${recordingsArguments(options)}`);
  }
  return EXIT.clean;
}

/** Stopping one that is over changes nothing. */
export async function stopRecording(id: string, options: JsonOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openRecordings(options, context);
  const recording = await answerOf(await client.send('POST', `${pathOf(id)}/stop`), recordingView);
  if (options.json) context.terminal.printJson(JSON.stringify(recording));
  else context.terminal.print(`stopped: ${recordingTitle(recording)}`);
  return EXIT.clean;
}

export async function listRecordings(options: JsonOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const client = await openRecordings(options, context);
  const { items } = await answerOf(await client.send('GET', ''), recordingList(recordingView));
  if (options.json) for (const item of items) terminal.printJson(JSON.stringify(item));
  else terminal.print(renderTable(items, LIST_COLUMNS, tableOptions(terminal)));
  return EXIT.clean;
}

/** Exit code 3 where a process grows like a leak. */
export async function showRecording(id: string, options: ShowOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const client = await openRecordings(options, context);
  const query = options.host === undefined ? '' : `?host=${encodeURIComponent(options.host)}`;
  const recording = await answerOf(await client.send('GET', `${pathOf(id)}${query}`), recordingDetailView);
  const rows = recording.hosts.flatMap(hostRows);
  if (options.json) terminal.printJson(JSON.stringify(recording));
  else {
    terminal.print(recordingTitle(recording));
    if (rows.length > 0) terminal.print(renderTable(rows, SHOW_COLUMNS, tableOptions(terminal)));
    else
      terminal.note('nothing is recorded yet: hosts begin within six minutes, and samples arrive some minutes later');
    const left = recording.hosts.filter(({ processes }) => processes === null).length;
    if (left > 0 && options.host === undefined)
      terminal.note(`${left} more hosts are not evaluated here: name one by --host`);
  }
  return rows.some(({ summary }) => summary.verdict === 'leaking') ? EXIT.findings : EXIT.clean;
}

/** A trace file on standard output. */
export async function exportRecording(
  id: string,
  options: RecordingsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openRecordings(options, context);
  const response = await client.send('GET', `${pathOf(id)}/export`);
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    context.signal.throwIfAborted();
    const end = (rest + text).lastIndexOf('\n');
    if (end > 0) context.terminal.printJson((rest + text).slice(0, end));
    rest = (rest + text).slice(end + 1);
  }
  return EXIT.clean;
}

export async function deleteRecording(
  id: string,
  options: RecordingsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openRecordings(options, context);
  await client.send('DELETE', pathOf(id));
  context.terminal.print(`deleted: recording ${harmless(id)}; its samples are removed within two hours`);
  return EXIT.clean;
}

function bodyOf(name: string, options: StartOptions, now: number): StartRecordingBody {
  const { account = accountOf(options), host: hosts, tree, from, every: everyS } = options;
  const rules = [
    ...(options.process ?? []).map((process) => ({ name: process })),
    ...(options.pid ?? []).map((pid) => ({ pid })),
  ];
  if (rules.length === 0) throw new UsageError('Name what is recorded: --process NAME, or --pid NUMBER.');
  const processes = rules.map((rule) => (tree ? { ...rule, tree } : rule));
  const to = options.for === undefined ? options.to : (from ?? now) + options.for;
  const times = { from: from === undefined ? null : isoText(from), to: to === undefined ? null : isoText(to) };
  return { name, selection: { account, hosts: [...hosts], processes, ...times, everyS } };
}

function accountOf({ folder }: RecordingsOptions): string {
  if (folder !== undefined) return LOCAL.account;
  throw new UsageError('Name the account for which the hosts send: --account NAME.');
}

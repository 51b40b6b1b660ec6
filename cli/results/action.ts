/** `plimsoll results`: what the last inspections found, from what is kept of them. */
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../../adapters/aws/client.ts';
import { createResultsStore } from '../../adapters/s3/results-store.ts';
import { encoded } from '../../core/model/notation.ts';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import { ItemError } from '../../core/ports/errors.ts';
import type { ResultsStore } from '../../core/ports/results-store.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { scopeText } from '../findings/wording.ts';
import { openConfigStore, openRunLog } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { chosenScopes, newestRuns, type RegionChoice, type RegionRun } from './runs.ts';
import { missingText, renderResults } from './text.ts';
import { isWanted, suffices, type Wanted } from './wanted.ts';

export interface ResultsOptions extends RegionChoice {
  readonly only: Wanted;
  readonly limit?: number;
  readonly json?: boolean;
}

/** Rows of the table where no number is given. */
const ROWS_SHOWN = 100;

type KeptRun = Extract<RegionRun, { kind: 'kept' }>;

/** Exit code 4 where there are no results of a region, or where they cannot be read back. What cannot be read hides no other. */
export async function printResults(
  tenant: string,
  options: ResultsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, environment } = context;
  const store = createResultsStore({ client: new S3Client(BOUNDED_WAIT), bucket: environment.resultsBucket() });
  const runs = await regionRuns(tenant, options, context);
  const kept = runs.filter((run) => run.kind === 'kept');
  const missing = runs.filter((run) => run.kind === 'missing');
  const summaries = kept.map(({ summary }) => summary);
  const corrupt: ItemError[] = [];
  const lines = allLines(kept, { wanted: options.only, store, corrupt }, context);
  if (options.json) await printJson(lines, options.limit, context);
  else
    terminal.print(
      renderResults(...(await rowsOf(lines, options.limit ?? ROWS_SHOWN)), summaries, tableOptions(terminal)),
    );
  for (const run of missing) terminal.note(missingText(run));
  for (const { message } of corrupt) terminal.note(`error: ${message}`);
  return missing.length > 0 || corrupt.length > 0 ? EXIT.partial : exitCodeOf(summaries);
}

async function printJson(
  lines: AsyncIterable<ResultLine>,
  limit: number | undefined,
  { terminal }: CommandContext,
): Promise<void> {
  let printed = 0;
  for await (const line of lines) {
    if (printed === limit) return;
    terminal.printJson(JSON.stringify(encoded(resultLineSchema, line)));
    printed++;
  }
}

/** The first lines, and whether there are more. */
async function rowsOf(lines: AsyncIterable<ResultLine>, limit: number): Promise<[ResultLine[], boolean]> {
  const rows: ResultLine[] = [];
  for await (const line of lines) {
    if (rows.length === limit) return [rows, true];
    rows.push(line);
  }
  return [rows, false];
}

interface Reading {
  readonly wanted: Wanted;
  readonly store: ResultsStore;
  /** Takes what cannot be read back. */
  readonly corrupt: ItemError[];
}

async function* allLines(
  runs: readonly KeptRun[],
  reading: Reading,
  { terminal, signal }: CommandContext,
): AsyncGenerator<ResultLine> {
  for (const run of runs) {
    terminal.progress(`reading the results of ${scopeText(run.ref.scope)} …`);
    for await (const line of wantedLines(run, reading)) {
      signal.throwIfAborted();
      yield line;
    }
  }
}

async function regionRuns(
  tenant: string,
  options: ResultsOptions,
  { environment, now }: CommandContext,
): Promise<RegionRun[]> {
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined)
    throw new UsageError(`There is no tenant ${tenant}. \`npx plimsoll tenants list\` lists the tenants.`);
  const scopes = chosenScopes(stored, options);
  if (scopes.length === 0) throw new UsageError(`The config of tenant ${tenant} has no such account and region.`);
  return newestRuns(tenant, scopes, openRunLog(environment), { at: options.at, now });
}

/** From the head of the run where it has all of them, which is one small object; else from every shard. */
async function* wantedLines({ ref, shards }: KeptRun, { wanted, store, corrupt }: Reading): AsyncGenerator<ResultLine> {
  const head = wanted === 'all' ? undefined : await readable(store.head(ref), corrupt);
  if (head !== undefined && suffices(head, wanted)) {
    yield* head.lines.filter((line) => isWanted(line, wanted));
    return;
  }
  for (let shard = 0; shard < shards; shard++) {
    try {
      for await (const line of store.shard(ref, shard)) if (isWanted(line, wanted)) yield line;
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      corrupt.push(error);
    }
  }
}

async function readable<Value>(value: Promise<Value>, corrupt: ItemError[]): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    corrupt.push(error);
    return undefined;
  }
}

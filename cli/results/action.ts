/** `plimsoll results`: what the last inspections found, from what is kept of them. */
import { S3Client } from '@aws-sdk/client-s3';
import { BOUNDED_WAIT } from '../../adapters/aws/client.ts';
import { headKey, shardKey } from '../../adapters/s3/keys.ts';
import { createResultsStore } from '../../adapters/s3/results-store.ts';
import { chosenScopes, newestRuns, type RegionChoice, type RegionRun } from '../../core/inspection/newest-runs.ts';
import { type KeptRun, linesAsKept, mostUrgentLines, type Reading } from '../../core/inspection/read-results.ts';
import { countWanted, type Wanted } from '../../core/inspection/wanted-lines.ts';
import { encoded } from '../../core/model/notation.ts';
import { type ResultLine, resultLineSchema } from '../../core/model/result-line.ts';
import type { ItemError } from '../../core/ports/errors.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { scopeText } from '../findings/wording.ts';
import { openConfigStore, openRunLog } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { invokeText, missingText, renderResults } from './text.ts';

export interface ResultsOptions extends RegionChoice, DeploymentOptions {
  readonly only: Wanted;
  readonly limit?: number;
  readonly json?: boolean;
}

/** Rows of the table where no number is given. */
const ROWS_SHOWN = 100;

/** Exit code 4 where there are no results of a region, or where they cannot be read back. What cannot be read hides no other. */
export async function printResults(
  tenant: string,
  options: ResultsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, environment, signal } = context;
  const bucket = environment.resultsBucket();
  const store = createResultsStore({ client: new S3Client(BOUNDED_WAIT), bucket });
  const runs = await regionRuns(tenant, options, context);
  const kept = runs.filter((run) => run.kind === 'kept');
  const missing = runs.filter((run) => run.kind === 'missing');
  const summaries = kept.map(({ summary }) => summary);
  const corrupt = new Map<string, ItemError>();
  const begin = ({ ref }: KeptRun) => {
    signal.throwIfAborted();
    terminal.progress(`reading the results of ${scopeText(ref.scope)} …`);
  };
  const addressOf: Reading['addressOf'] = (run, part) =>
    `s3://${bucket}/${part === 'head' ? headKey(run) : shardKey(run, part)}`;
  await print(kept, { wanted: options.only, store, corrupt, begin, addressOf }, options, context);
  for (const run of missing) terminal.note(missingText(run));
  if (kept.length === 0 && options.at === undefined) terminal.note(invokeText(tenant, deploymentArguments(options)));
  for (const message of corrupt.keys()) terminal.note(`error: ${message}`);
  return missing.length > 0 || corrupt.size > 0 ? EXIT.partial : exitCodeOf(summaries);
}

async function print(
  runs: readonly KeptRun[],
  reading: Reading,
  { json = false, limit }: ResultsOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (json && limit === undefined) {
    for await (const line of linesAsKept(runs, reading)) {
      signal.throwIfAborted();
      printJson(line, terminal);
    }
    return;
  }
  if (runs.length === 0) return;
  const lines = await mostUrgentLines(runs, reading, limit ?? ROWS_SHOWN);
  if (json) for (const line of lines) printJson(line, terminal);
  else {
    const summaries = runs.map(({ summary }) => summary);
    const wanted = summaries.reduce((sum, summary) => sum + countWanted(summary, reading.wanted), 0);
    // Lines without a host are failures, which no summary counts as hosts.
    const hidden = wanted - lines.filter(({ host }) => host !== null).length;
    terminal.print(renderResults(lines, Math.max(0, hidden), summaries, tableOptions(terminal)));
  }
}

function printJson(line: ResultLine, terminal: CommandContext['terminal']): void {
  terminal.printJson(JSON.stringify(encoded(resultLineSchema, line)));
}

async function regionRuns(
  tenant: string,
  options: ResultsOptions,
  { environment, now }: CommandContext,
): Promise<RegionRun[]> {
  const stored = await openConfigStore(environment).get(tenant);
  const deployment = deploymentArguments(options);
  if (stored === undefined) throw noTenant(tenant, deployment);
  const deletion = deletionText(stored, deployment);
  if (deletion !== undefined) throw new UsageError(deletion);
  const scopes = chosenScopes(stored, options);
  if (scopes.length === 0) throw new UsageError(`The config of tenant ${tenant} has no such account and region.`);
  return newestRuns(tenant, scopes, openRunLog(environment), { at: options.at, now });
}

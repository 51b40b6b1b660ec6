/** `plimsoll tenants import`: proposes the accounts of a CSV file as a patch of a config. Nothing is stored. */
import type { CloudProvider } from '../../core/model/series.ts';
import { type Import, importAccounts } from '../../core/tenants/import-accounts.ts';
import { type BaseOptions, openBase } from '../config-base.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { finishProposal, type ProposalOptions, printPatch, proposedConfig } from '../proposed-config.ts';
import { type Paint, wrap } from '../render/text.ts';
import { textWidth } from '../terminal.ts';
import { invalid, readAccountTable } from './account-table.ts';

export interface ImportOptions extends BaseOptions, ProposalOptions {
  readonly provider?: CloudProvider;
  readonly region?: readonly string[];
}

/** Exit code 3 where something is proposed. Throws `InvalidInputError` that names every wrong row by line and column. */
export async function importAccountTable(
  file: string,
  options: ImportOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal } = context;
  // The file's mistakes are reported before anything that needs credentials can fail.
  const rows = await readAccountTable(file);
  const base = await openBase(options, context);
  const { tenant, externalId, config } = base;
  const { provider, region: regions, stage } = options;
  const onboarding = stage === undefined || externalId === undefined ? undefined : { stage, tenant, externalId };
  const imported = importAccounts(rows, config, { tenant, provider, regions, onboarding });
  if (imported.issues.length > 0) throw invalid(file, imported.issues);
  const proposed = proposedConfig(base, imported.changes);
  printPatch(base, proposed, terminal);
  terminal.print(wrap(summaryOf(imported, tenant, terminal.paint), textWidth(terminal), '  '));
  if (proposed.text === base.text) return EXIT.clean;
  if (rows.some(({ cells }) => cells.has('name')) && imported.changes.additions.length > 0)
    terminal.print(NAMES_NOT_KEPT);
  await finishProposal(base, proposed, options, terminal);
  return EXIT.findings;
}

const NAMES_NOT_KEPT = 'Names are comments of the file: a config that is put does not keep them.';

function summaryOf({ changes: { additions, edits }, unchanged }: Import, tenant: string, paint: Paint): string {
  const changed = new Set(edits.map(({ index }) => index)).size;
  const parts = [
    additions.length > 0 && paint('good', `${additions.length} new`),
    changed > 0 && paint('warn', `${changed} with other values`),
    unchanged > 0 && `${unchanged} as they are in the config`,
  ].filter((part) => part !== false);
  return `Accounts for tenant ${tenant}: ${parts.length === 0 ? 'none' : parts.join(', ')}.`;
}

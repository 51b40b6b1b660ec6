/** `plimsoll discover`: lists the accounts of an organization and proposes what is missing in a tenant's config. */
import type { AccountDirectory, DirectoryEntry } from '../../core/ports/account-directory.ts';
import { compareAccounts, type Discovery, type DiscoveryOptions } from '../../core/tenants/discovery.ts';
import { regionsFor } from '../../core/tenants/new-account.ts';
import { type BaseOptions, type ConfigBase, openBase } from '../config-base.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { finishProposal, type ProposalOptions, printPatch, proposedConfig } from '../proposed-config.ts';
import { wrap } from '../render/text.ts';
import { noticeWhenSlow } from '../slow-notice.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { discoveryJson, renderDiscovery } from './report.ts';

export interface DiscoverOptions extends BaseOptions, ProposalOptions {
  readonly region?: readonly string[];
  readonly role?: string;
  readonly client?: string;
  readonly exclude?: readonly string[];
  readonly disableGone?: boolean;
  readonly json?: boolean;
}

/** Exit code 3 where something is proposed, and 4 where a part could not be listed: what is in it is then neither new nor gone. */
export async function discoverAccounts(
  directory: AccountDirectory,
  options: DiscoverOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  const base = await openBase(options, context);
  const entries = await listEntries(directory, context);
  signal.throwIfAborted();
  const discovery = compareAccounts(entries, directory.provider, base.config, discoveryOptions(options, base));
  refuseWithoutRegions(discovery, directory, options, base);
  const { changes, unlisted } = discovery;
  const hasChanges = changes.additions.length + changes.edits.length > 0;
  const proposed = proposedConfig(base, changes);
  if (options.json) {
    for (const line of discoveryJson(base, discovery, proposed)) terminal.printJson(line);
  } else {
    if (hasChanges) printPatch(base, proposed, terminal);
    const sentences = renderDiscovery(directory, base, discovery, terminal.paint);
    terminal.print(sentences.map((one) => wrap(one, textWidth(terminal), '  ')).join('\n'));
    if (hasChanges) await finishProposal(base, proposed, options, terminal);
  }
  if (unlisted.length > 0) return EXIT.partial;
  return hasChanges ? EXIT.findings : EXIT.clean;
}

async function listEntries(
  directory: AccountDirectory,
  { terminal, signal }: CommandContext,
): Promise<DirectoryEntry[]> {
  using _notice = noticeWhenSlow(`listing the accounts below ${directory.root} …`, terminal);
  return Array.fromAsync(directory.list(signal));
}

function discoveryOptions(options: DiscoverOptions, { tenant, externalId }: ConfigBase): DiscoveryOptions {
  const { exclude = [], disableGone, region: regions, role, client, stage } = options;
  const onboarding = stage === undefined || externalId === undefined ? undefined : { stage, tenant, externalId };
  return { exclude, gone: disableGone ? 'disable' : 'keep', regions, role, client, onboarding };
}

/** No organization knows in which regions the hosts of an account are. */
function refuseWithoutRegions(
  { added }: Discovery,
  { provider }: AccountDirectory,
  { region: regions }: DiscoverOptions,
  { config, tenant }: ConfigBase,
): void {
  if (added.length === 0 || regionsFor(provider, config?.accounts ?? [], { regions }) !== undefined) return;
  throw new UsageError(
    `Name the regions of the new accounts with --region R (it may be repeated): tenant ${tenant} has no account of this ` +
      'cloud whose regions they could have.',
  );
}

/** `plimsoll tenants delete`: what would go and when, and after a confirmation its deletion. */

import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { DeletedTenant, StoredTenant } from '../../core/model/tenant.ts';
import {
  type DeleteOutcome,
  deleteTenant,
  RESULTS_KEPT_DAYS,
  removableFrom,
} from '../../core/tenants/delete-tenant.ts';
import { type PurgeOutcome, purgeTenant } from '../../core/tenants/purge-tenant.ts';
import type { CommandContext } from '../context.ts';
import { deleteCommand } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { wrap } from '../render/text.ts';
import {
  callerArn,
  openAccessStore,
  openConfigStore,
  openDeletedTenants,
  openPublisher,
  openResultsArchive,
  openTenantData,
} from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export interface DeleteOptions extends DeploymentOptions {
  /** The tenant's id once more. */
  readonly confirm?: string;
  /** Its results too, without waiting. */
  readonly purgeResults?: boolean;
}

/** Deletes only what is named twice: an id in a shell's history is run again by mistake. */
export async function deleteTenantCommand(
  tenant: string,
  options: DeleteOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const configs = openConfigStore(environment);
  const deleted = openDeletedTenants(environment);
  const command = deleteCommand(
    tenant,
    deploymentArguments(options) + (options.purgeResults ? ' --purge-results' : ''),
  );
  if (options.confirm === undefined) {
    const lines = preview(tenant, await configs.get(tenant), await deleted.get(tenant), options);
    const shown = [...lines, 'Nothing was deleted. To delete it:'].map((line) => wrapped(line, textWidth(terminal)));
    terminal.print([...shown, `  ${command}`].join('\n'));
    return EXIT.clean;
  }
  if (options.confirm !== tenant)
    throw new UsageError(
      `--confirm ${options.confirm} is not ${tenant}: nothing was deleted. To delete it: ${command}`,
    );
  // Before anything is deleted it is known whether the results can be reached.
  const results = options.purgeResults ? await openResultsArchive(environment) : undefined;
  const ports = {
    configs,
    deleted,
    access: openAccessStore(environment),
    data: openTenantData(environment),
    publisher: openPublisher(environment),
  };
  const outcome = await deleteTenant(tenant, ports, now, await callerArn(context));
  terminal.print(outcomeText(tenant, outcome, command));
  if (outcome.kind !== 'deleted' && outcome.kind !== 'absent') return EXIT.clean;
  if (results === undefined) {
    const kept = await deleted.get(tenant);
    if (kept !== undefined) terminal.print(keptText(kept, options));
    return EXIT.clean;
  }
  const purged = await purgeTenant(tenant, { configs, deleted, results }, now);
  if (purged.kind === 'in_use')
    throw new UsageError(`Somebody has put a tenant ${tenant} meanwhile: its results stay.`);
  terminal.print(`removed its results (${counted(purged.objects, 'object')}); ${idText(tenant, purged, command)}`);
  return EXIT.clean;
}

/** What follows the first two spaces of an indented line stands below its text. */
function wrapped(line: string, width: number): string {
  return line.startsWith('  ') ? `  ${wrap(line.trimStart(), width - 2, '    ')}` : wrap(line, width);
}

/** A line for each thing that goes, with its time. */
function preview(
  tenant: string,
  stored: StoredTenant | undefined,
  kept: DeletedTenant | undefined,
  { purgeResults: purges }: DeleteOptions,
): string[] {
  if (stored === undefined) {
    const when = purges ? 'now' : `after ${formatTime(kept?.resultsUntil ?? 0)}, or now with --purge-results`;
    return [
      `There is no config of tenant ${tenant}${kept === undefined ? '' : `: it was deleted at ${formatTime(kept.deletedAt)}`}. This would go:`,
      '  the external id that was made for it, and what an interrupted deletion has left: at once',
      ...(kept === undefined ? [] : [`  its results: ${when}`]),
    ];
  }
  const results = `  results: ${purges ? 'then too, and once more half an hour later by the same command or within a day' : `${RESULTS_KEPT_DAYS} days later, or at once with --purge-results`}. Until then nobody can take the id.`;
  if (stored.deletion !== undefined)
    return [
      `Tenant ${tenant} is being deleted since ${formatTime(stored.putAt)}: its incidents and its runs are gone. The rest:`,
      `  topic with its subscriptions, config, external id: after ${formatTime(removableFrom(stored.deletion))}, by the command below`,
      results,
    ];
  return [
    `Tenant ${tenant} (${counted(stored.config.accounts.length, 'account')}, ${counted(stored.version, 'version')}) would be deleted:`,
    '  schedules: within a minute',
    '  incidents and runs: at once. Incidents whose events wait for the topic stay until these are published, at most a day.',
    '  topic with its subscriptions, config, external id: when the tenant has been disabled for a quarter of an hour, by the same command once more',
    results,
    'A tenant that takes the id later gets another external id, which no account trusts yet.',
  ];
}

function idText(tenant: string, purged: Exclude<PurgeOutcome, { kind: 'in_use' }>, command: string): string {
  if (purged.kind === 'purged') return `the id ${tenant} is free`;
  return (
    'a merge that was under way may still write some\n' +
    `The function compact-results removes them within a day, and frees the id ${tenant}. To do it sooner, run the same command again after ` +
    `${formatTime(purged.from)}:\n${command}`
  );
}

function keptText({ tenant, resultsUntil }: DeletedTenant, options: DeploymentOptions): string {
  return (
    `Its results are kept until ${formatTime(resultsUntil)}, and nobody can take the id before. To remove them now:\n` +
    deleteCommand(tenant, `${deploymentArguments(options)} --purge-results`)
  );
}

function outcomeText(tenant: string, outcome: DeleteOutcome, command: string): string {
  switch (outcome.kind) {
    case 'deleted':
      return `deleted: tenant ${tenant}`;
    case 'absent':
      return `there was no config of tenant ${tenant}; what else there may have been of it is gone, its external id included`;
    case 'disabled':
      return (
        `disabled: tenant ${tenant}; its incidents and its runs are deleted\n` +
        'An inspection that was under way may still write. To delete the rest, with the topic, the config and the external id, run the ' +
        `same command again after ${formatTime(outcome.from)}:\n${command}`
      );
    case 'publishing':
      return (
        `waiting: events of ${counted(outcome.incidents, 'incident')} of tenant ${tenant} are not published yet, and its topic stays for them\n` +
        `Run the same command again later; after ${formatTime(outcome.givenUpAt)} they are given up:\n${command}`
      );
  }
}

/** `plimsoll tenants delete`: what would go and when, and after a confirmation its deletion. */

import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { DeletedTenant, StoredTenant } from '../../core/model/tenant.ts';
import { type DeleteOutcome, deleteTenant, RESULTS_KEPT_DAYS } from '../../core/tenants/delete-tenant.ts';
import { type PurgeOutcome, purgeTenant } from '../../core/tenants/purge-tenant.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConfigStore, openDeletedTenants, openPublisher, openResultsArchive, openTenantData } from '../stores.ts';
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
  { environment, terminal, now }: CommandContext,
): Promise<ExitCode> {
  const configs = openConfigStore(environment);
  const deleted = openDeletedTenants(environment);
  const purge = options.purgeResults ? ' --purge-results' : '';
  const command = `npx plimsoll tenants delete ${tenant}${deploymentArguments(options)}${purge} --confirm ${tenant}`;
  if (options.confirm !== tenant) {
    const what = preview(tenant, await configs.get(tenant), await deleted.get(tenant), options);
    throw new UsageError(`${what} Nothing was deleted. To delete it: ${command}`);
  }
  // Before anything is deleted it is known whether the results can be reached.
  const results = options.purgeResults ? await openResultsArchive(environment) : undefined;
  const ports = { configs, deleted, data: openTenantData(environment), publisher: openPublisher(environment) };
  const outcome = await deleteTenant(tenant, ports, now);
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

function preview(
  tenant: string,
  stored: StoredTenant | undefined,
  kept: DeletedTenant | undefined,
  { purgeResults: purges }: DeleteOptions,
): string {
  if (stored === undefined) {
    const results =
      kept === undefined
        ? ''
        : ` It was deleted at ${formatTime(kept.deletedAt)}; its results ${purges ? 'would go now' : `go after ${formatTime(kept.resultsUntil)}, or now with --purge-results`}.`;
    return `There is no config of tenant ${tenant}. What there may be of it otherwise would go: the external id that was made for it, and what an interrupted deletion has left.${results}`;
  }
  return (
    `Tenant ${tenant} (${counted(stored.config.accounts.length, 'account')}, ${counted(stored.version, 'version')}) would be deleted: ` +
    'its schedules within a minute, its incidents and its runs at once, but for events that wait for its topic; its topic with all ' +
    'subscriptions, its config and its external id by the same command a quarter of an hour after the tenant was disabled, when its events are ' +
    `published (or given up, after a day); its results ${purges ? 'then too, and once more half an hour later by the same command or within a day' : `${RESULTS_KEPT_DAYS} days later, or at once with --purge-results`}. ` +
    'Until its results are gone nobody can take the id. A tenant of the same id would get another external id, which no account trusts yet.'
  );
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
    `npx plimsoll tenants delete ${tenant}${deploymentArguments(options)} --purge-results --confirm ${tenant}`
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

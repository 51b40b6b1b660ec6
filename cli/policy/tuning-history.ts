/** `plimsoll policy tune --history` and `--undo`: what tunings changed, with their figures, and how the last one is taken back. */
import { randomUUID } from 'node:crypto';
import { withIsoTimes } from '../../core/incidents/iso-times.ts';
import type { StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import type { Tuning } from '../../core/model/tuning.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { isAsTuned, lastTuning, withPolicy } from '../../core/tenants/tuned-policy.ts';
import { UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import {
  callerArn,
  newExternalId,
  openConfigStore,
  openDeletedTenants,
  openPublisher,
  openTuningStore,
} from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { renderHistory, renderUndo } from './tuning-text.ts';

export interface TuneOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly days: number;
  readonly account?: string;
  readonly region?: readonly string[];
  readonly apply?: boolean;
  readonly json?: boolean;
}

export async function showTunings(options: TuneOptions, { environment, terminal }: CommandContext): Promise<ExitCode> {
  const history = await openTuningStore(environment).list(options.tenant);
  if (options.json) for (const tuning of history) terminal.printJson(withIsoTimes(tuning));
  else terminal.print(renderHistory(history, tableOptions(terminal)));
  return EXIT.clean;
}

/** Gives back the policy that was before the last tuning, and refuses where it was changed since. */
export async function undoTuning(options: TuneOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal } = context;
  const { tenant } = options;
  const deployment = deploymentArguments(options);
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deployment);
  const last = lastTuning(await openTuningStore(environment).list(tenant));
  if (last === undefined) throw new UsageError(`Nothing was tuned of tenant ${tenant} that is not undone already.`);
  if (!isAsTuned(stored.config, last)) {
    throw new UsageError(
      `The policy of tenant ${tenant} was changed after the tuning ${last.id}: undoing it would take that back too. Nothing was stored. ` +
        `See what changed with \`${PLIMSOLL} tenants diff ${tenant} --from ${last.version}${deployment}\`, and put the config that you want.`,
    );
  }
  const entry = {
    id: `t-${randomUUID().slice(0, 8)}`,
    figures: null,
    undoes: last.id,
    reason: `takes back ${last.id}`,
  };
  const undone = await storePolicy(stored, withPolicy(stored.config, last.before), entry, options, context);
  if (options.json) terminal.printJson(withIsoTimes(undone));
  else terminal.print(renderUndo(undone));
  return EXIT.clean;
}

/** Puts the config as `tenants put` does, over the version that was read, and adds the entry to the history. */
export async function storePolicy(
  before: StoredTenant,
  config: TenantConfig,
  entry: Pick<Tuning, 'id' | 'figures' | 'undoes' | 'reason'>,
  options: TuneOptions,
  context: CommandContext,
): Promise<Tuning> {
  const { environment, now } = context;
  const { tenant } = options;
  const putBy = await callerArn(context);
  const outcome = await putTenant(
    config,
    {
      configs: openConfigStore(environment),
      publisher: openPublisher(environment),
      deleted: openDeletedTenants(environment),
    },
    { expectedVersion: before.version, newExternalId: newExternalId(), now, ...(putBy !== undefined && { putBy }) },
  );
  if (outcome.kind !== 'stored') {
    throw new UsageError(
      `The config of tenant ${tenant} was changed, or is being deleted, since it was read, so nothing was stored. Try again.`,
    );
  }
  const { version } = outcome.tenant;
  const policies = { before: before.config.policy ?? null, after: outcome.tenant.config.policy ?? null };
  const tuning = { ...entry, tenant, at: now, by: putBy ?? UNKNOWN_CALLER, version, ...policies };
  await openTuningStore(environment).put(tuning);
  return tuning;
}

/** `plimsoll anomalies jobs`: how the jobs of a tenant do, and what they cost. */
import { unlessCorrupt } from '../../core/health/readable-items.ts';
import { jobRunSchema } from '../../core/model/job-run.ts';
import { encoded } from '../../core/model/notation.ts';
import type { CapState } from '../../core/model/spend.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import { type JobState, jobStatuses } from '../../core/points/job-status.ts';
import type { CommandContext } from '../context.ts';
import type { DeploymentOptions } from '../deployment.ts';
import type { CommandEnvironment } from '../environment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openPointStores, openSpendStore } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { requireTenant } from './tenant.ts';
import { renderJobs } from './text.ts';

export interface JobsOptions extends DeploymentOptions {
  readonly json?: boolean;
}

const WELL: ReadonlySet<JobState> = new Set(['ok', 'slowed', 'waiting', 'disabled']);

export async function showJobs(tenant: string, options: JobsOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  const { config } = await requireTenant(tenant, options, context);
  const { pointStates } = await openPointStores(environment);
  const statuses = await jobStatuses(config, pointStates, { now, cap: await capOf(config, environment) });
  if (options.json === true) {
    for (const { job, scope, state, everyMinutes, run } of statuses) {
      const newest = run === undefined ? null : encoded(jobRunSchema, run);
      terminal.printJson(JSON.stringify({ job: job.name, ...scope, state, everyMinutes, newest }));
    }
  } else terminal.print(renderJobs(statuses, tableOptions(terminal)));
  return statuses.every(({ state }) => WELL.has(state)) ? EXIT.clean : EXIT.partial;
}

/** Undefined where there is no cap, and where what it leads to cannot be read back: functions then inspect on schedule too. */
async function capOf(
  { tenant, costCap }: TenantConfig,
  environment: CommandEnvironment,
): Promise<CapState | undefined> {
  if (costCap === undefined) return undefined;
  return (await unlessCorrupt(openSpendStore(environment).getCap(tenant), []))?.value;
}

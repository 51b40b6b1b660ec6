/** `plimsoll policy test`: decides the changes of a tenant's log again, by the stored config or by one in a file. */

import { loggedChanges } from '../../core/incidents/logged-changes.ts';
import type { ReplayPolicy } from '../../core/incidents/policy/replay.ts';
import { policyReport } from '../../core/incidents/policy/report.ts';
import { accountPolicy } from '../../core/inspection/decide-by-policy.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readTenantFile } from '../read-tenant-file.ts';
import { openConfigStore, openEventLog, openMarks } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { renderPolicyReport } from './text.ts';

export interface PolicyTestOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly days: number;
  readonly file?: string;
  readonly json?: boolean;
}

const DAY_MS = 24 * 3_600_000;

export async function testPolicy(options: PolicyTestOptions, context: CommandContext): Promise<ExitCode> {
  const { tenant, days, file, json } = options;
  const { environment, terminal, now, signal } = context;
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const proposed = file === undefined ? stored : await withFile(stored, file);
  const { mutes, labels } = openMarks(environment);
  const [given, labelled] = await Promise.all([mutes.list(tenant), labels.list(tenant)]);
  const policy: ReplayPolicy = {
    mutes: given,
    labels: labelled,
    alertsOf: (host) => accountPolicy(proposed, host).alerts,
    environmentOf: (host) => accountPolicy(proposed, host).environmentOf(host),
  };
  const span = { from: now - days * DAY_MS, to: now };
  const report = policyReport(await loggedChanges(openEventLog(environment), tenant, span, signal), policy);
  if (json)
    terminal.printJson(JSON.stringify({ tenant, lastDays: days, policy: file ?? 'stored', ...report }, null, 2));
  else terminal.print(renderPolicyReport(report, file ?? 'the stored config', days, tableOptions(terminal)));
  return EXIT.clean;
}

async function withFile(stored: StoredTenant, file: string): Promise<StoredTenant> {
  const { config } = await readTenantFile(file);
  if (config.tenant !== stored.config.tenant)
    throw new UsageError(`${file} is the config of tenant ${config.tenant}, not of ${stored.config.tenant}.`);
  return { ...stored, config };
}

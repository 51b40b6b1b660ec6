/** `plimsoll policy show`: the threshold of a tenant with its origin, and what labels left of evaluators' weights. */
import type { StoredTenant } from '../../core/model/tenant.ts';
import { evaluatorWeights } from '../../core/tenants/evaluator-weights.ts';
import { lastTuning, tenantThreshold } from '../../core/tenants/tuned-policy.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConfigStore, openMarks, openTuningStore } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant } from '../usage-error.ts';
import { renderStanding } from './tuning-text.ts';

export interface ShowOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly json?: boolean;
}

export async function showPolicy(options: ShowOptions, { environment, terminal }: CommandContext): Promise<ExitCode> {
  const { tenant, json } = options;
  const [stored, labels, history] = await Promise.all([
    openConfigStore(environment).get(tenant),
    openMarks(environment).labels.list(tenant),
    openTuningStore(environment).list(tenant),
  ]);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const weights = evaluatorWeights(labels);
  const tuned = lastTuning(history) ?? null;
  if (json) terminal.printJson(JSON.stringify(facts(stored), null, 2));
  else terminal.print(renderStanding(stored, { weights, labels: labels.length, tuned }, tableOptions(terminal)));
  return EXIT.clean;

  function facts(of: StoredTenant) {
    return { tenant, version: of.version, ...tenantThreshold(of), labels: labels.length, weights, tuned };
  }
}

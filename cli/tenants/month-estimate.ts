/** What a month of a config's schedules will cost, against its cap: before it is put, and after. */
import { type CapStep, costsOf, firstWithin } from '../../core/health/cap-steps.ts';
import { estimateMonth, projectedUsd, type SpendProjection } from '../../core/health/project-spend.ts';
import { cadenceText, jobCadenceText } from '../../core/messages/cadence.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import type { ScopeHealth } from '../../core/model/health.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import { StoreError } from '../../core/ports/errors.ts';
import type { HealthStore } from '../../core/ports/health-store.ts';
import { PLIMSOLL } from '../program.ts';

/**
 * In one sentence; undefined where nothing is known and there is no cap. A table that cannot be read is no reason not to put a config.
 *
 * @param health Undefined where the command does not know the table.
 * @param now Epoch milliseconds.
 * @param deployment How a command that is shown finds the deployment, for example ` --stage prod`.
 */
export async function monthText(
  config: TenantConfig,
  health: Pick<HealthStore, 'list'> | undefined,
  now: number,
  deployment: string,
): Promise<string | undefined> {
  const known: ScopeHealth[] = [];
  try {
    for await (const scope of health?.list(config.tenant) ?? []) known.push(scope);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return `what a month costs could not be worked out: ${error.message}`;
  }
  return estimateText(config, estimateMonth(config, known, now), deployment);
}

function estimateText(
  { tenant, costCap }: TenantConfig,
  projection: SpendProjection,
  deployment: string,
): string | undefined {
  const { unknownRegions, jobs } = projection;
  const unknown =
    unknownRegions === 0
      ? ''
      : `; ${counted(unknownRegions, 'region')} not inspected yet, which \`${PLIMSOLL} doctor --tenant ${tenant}${deployment}\` estimates`;
  const usd = projectedUsd(projection, { quietHours: 0, jobs: 0, deepReadsOff: false });
  if (usd === 0) {
    return costCap === undefined ? undefined : `what a month costs is not known yet${unknown}`;
  }
  const ofJobs = jobs[0] === 0 ? '' : `, ${formatUsd(jobs[0])} of it by jobs, and more where hosts have several parts`;
  const cap = costCap === undefined ? '' : capText(costCap.usdPerMonth, usd, projection);
  return `a month of reads costs about ${formatUsd(usd)}${ofJobs}${cap}${unknown}`;
}

function capText(cap: number, usd: number, projection: SpendProjection): string {
  if (usd <= cap) return `, within the cap of ${formatUsd(cap)}`;
  const above = `, above the cap of ${formatUsd(cap)}`;
  const step = firstWithin(cap, projection);
  const costs = costsOf(projection, step);
  if (costs > cap) return `${above}, and ${formatUsd(costs)} even with ${savedText(step, '')}`;
  return `${above}: ${savedText(step, ' will be')}, for ${formatUsd(costs)}`;
}

/** Deep reads come first, and are no news beside anything else. */
function savedText({ quietHours, jobs }: CapStep, verb: '' | ' will be'): string {
  const texts = [
    ...(jobs === 0 ? [] : [`jobs${verb} ${jobCadenceText(jobs)}`]),
    ...(quietHours === 0 ? [] : [`quiet hosts${verb} inspected ${cadenceText(quietHours)}`]),
  ];
  return texts.length === 0 ? `deep reads${verb} put off` : texts.join(' and ');
}

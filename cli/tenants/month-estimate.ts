/** What a month of a config's schedules will cost, against its cap: before it is put, and after. */
import { estimateMonth, type SpendProjection } from '../../core/health/project-spend.ts';
import { cadenceText } from '../../core/messages/cadence.ts';
import { counted, formatUsd } from '../../core/messages/units.ts';
import { QUIET_HOURS } from '../../core/model/cadence.ts';
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
  { byHours, deepReads, unknownRegions }: SpendProjection,
  deployment: string,
): string | undefined {
  const unknown =
    unknownRegions === 0
      ? ''
      : `; ${counted(unknownRegions, 'region')} not inspected yet, which \`${PLIMSOLL} doctor --tenant ${tenant}${deployment}\` estimates`;
  if (byHours[0] === 0) {
    return costCap === undefined ? undefined : `what a month costs is not known yet${unknown}`;
  }
  const cap = capText(costCap?.usdPerMonth, { byHours, deepReads });
  return `a month of reads costs about ${formatUsd(byHours[0] + deepReads)}${cap}${unknown}`;
}

function capText(
  cap: number | undefined,
  { byHours, deepReads }: Pick<SpendProjection, 'byHours' | 'deepReads'>,
): string {
  if (cap === undefined) return '';
  if (byHours[0] + deepReads <= cap) return `, within the cap of ${formatUsd(cap)}`;
  const above = `, above the cap of ${formatUsd(cap)}`;
  if (byHours[0] <= cap) return `${above}: deep reads will be put off, for ${formatUsd(byHours[0])}`;
  const within = QUIET_HOURS.find((hours) => byHours[hours] <= cap);
  if (within === undefined)
    return `${above}, and ${formatUsd(byHours[4])} even with quiet hosts inspected every 4 hours`;
  return `${above}: quiet hosts will be inspected ${cadenceText(within)}, for ${formatUsd(byHours[within])}`;
}

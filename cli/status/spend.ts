/** What a tenant with a cost cap spends, as `plimsoll status` shows it. */
import type { TenantSpend } from '../../core/health/tenant-spend.ts';
import { cadenceText, jobCadenceText } from '../../core/messages/cadence.ts';
import { formatUsd } from '../../core/messages/units.ts';
import { harmless } from '../render/text.ts';

export type CappedSpend = TenantSpend & { readonly capUsd: number };

export function isCapped(spend: TenantSpend): spend is CappedSpend {
  return spend.capUsd !== null;
}

export function spendText({
  tenant,
  month,
  capUsd,
  spentUsd,
  projectedUsd,
  quietHours,
  deepReadsOff,
  jobs,
  jobsUsd,
}: CappedSpend): string {
  const weeks = deepReadsOff ? '; weeks are not read any more' : '';
  const cadence = quietHours === 0 ? '' : `; quiet hosts are inspected ${cadenceText(quietHours)}`;
  const slowed = jobs === 0 ? '' : `; jobs are ${jobCadenceText(jobs)}`;
  const ofJobs = jobsUsd === 0 ? '' : `, ${formatUsd(jobsUsd)} of it by jobs`;
  return (
    `${harmless(tenant)} spent ${formatUsd(spentUsd)} in ${month}${ofJobs}, and will have spent ${formatUsd(projectedUsd)} at its end, ` +
    `of at most ${formatUsd(capUsd)}${weeks}${slowed}${cadence}`
  );
}

/** One line of NDJSON. */
export function spendJson(spend: CappedSpend): string {
  return JSON.stringify({ kind: 'spend', ...spend });
}

/** What a tenant with a cost cap spends, as `plimsoll status` shows it. */
import type { TenantSpend } from '../../core/health/tenant-spend.ts';
import { cadenceText } from '../../core/messages/cadence.ts';
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
}: CappedSpend): string {
  const weeks = deepReadsOff ? '; weeks are not read any more' : '';
  const cadence = quietHours === 0 ? '' : `; quiet hosts are inspected ${cadenceText(quietHours)}`;
  return (
    `${harmless(tenant)} spent ${formatUsd(spentUsd)} in ${month}, and will have spent ${formatUsd(projectedUsd)} at its end, ` +
    `of at most ${formatUsd(capUsd)}${weeks}${cadence}`
  );
}

/** One line of NDJSON. */
export function spendJson(spend: CappedSpend): string {
  return JSON.stringify({ kind: 'spend', ...spend });
}

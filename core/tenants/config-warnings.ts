/** What is valid in a config and yet looks like a mistake: a warning, never a refusal. */
import { partitionOfArn, partitionOfRegion } from '../model/aws-partition.ts';
import { ADAPTIVE_HOURS } from '../model/cadence.ts';
import type { GcpIdentity } from '../model/gcp-account.ts';
import { issueText } from '../model/issues.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import { alertWarnings } from './alert-warnings.ts';
import { feedCostWarnings, jobCostWarnings, jobPeriodWarnings } from './job-cost.ts';
import { regionWarning } from './known-regions.ts';
import { nextFirings } from './schedule.ts';

/**
 * One sentence for each, which begins with the field.
 *
 * @param now Epoch milliseconds.
 * @param ownRegion Where Plimsoll runs, as far as that is known.
 */
export function warningsAbout(config: TenantConfig, now: number, ownRegion?: string): string[] {
  return [
    ...accountWarnings(config, now, ownRegion),
    ...jobPeriodWarnings(config.accounts),
    ...jobCostWarnings(config.accounts),
    ...feedCostWarnings(config.accounts),
    ...alertWarnings(config, now).map(issueText),
  ];
}

function accountWarnings({ accounts, cadence }: TenantConfig, now: number, ownRegion: string | undefined): string[] {
  return accounts.flatMap((account, index) => [
    ...((account.cadence ?? cadence) === 'adaptive' && isSeldom(account.schedule, now) ? [seldomWarning(index)] : []),
    ...account.regions.flatMap((region, at) => {
      const warning = regionWarning(account.provider, region);
      return warning === undefined ? [] : [`accounts[${index}].regions[${at}]: ${warning}`];
    }),
    ...(account.provider === 'gcp' ? identityWarnings(account.account, account.identity, index) : []),
    ...(account.provider === 'aws' ? partitionWarnings(account.role, index, ownRegion) : []),
  ]);
}

const SLOTS_COMPARED = 30;

/** Whether no two slots are less than four hours apart: then an adaptive cadence inspects every host at every slot. */
function isSeldom(schedule: Account['schedule'], now: number): boolean {
  const slots = nextFirings(schedule, now, SLOTS_COMPARED);
  return slots.every((slot, index) => index === 0 || slot - (slots[index - 1] ?? 0) >= ADAPTIVE_HOURS * HOUR_MS);
}

const HOUR_MS = 3_600_000;

function seldomWarning(index: number): string {
  return (
    `accounts[${index}].schedule: it is due every ${ADAPTIVE_HOURS} hours or less often, so \`cadence: adaptive\` saves nothing: every host is ` +
    'inspected each time.'
  );
}

/** The partition in which most deployments are. */
const PUBLIC_PARTITION = 'aws';

function partitionWarnings(role: string, index: number, ownRegion: string | undefined): string[] {
  const own = ownRegion === undefined ? PUBLIC_PARTITION : partitionOfRegion(ownRegion);
  const partition = partitionOfArn(role);
  if (own === undefined || own === partition) return [];
  const here = ownRegion === undefined ? '' : `, and ${ownRegion} (AWS_REGION) is of ${own}`;
  return [
    `accounts[${index}].role: it is of the partition ${partition}${here}. Only a Plimsoll that is deployed in ${partition} can ` +
      'assume it.',
  ];
}

/** A service account of another project may read this one: it is a way to have one for many projects. */
function identityWarnings(project: string, { serviceAccount }: GcpIdentity, index: number): string[] {
  const home = /@(.+)\.iam\.gserviceaccount\.com$/.exec(serviceAccount)?.[1];
  if (home === undefined || home === project) return [];
  return [
    `accounts[${index}].identity.serviceAccount: it is of project ${home}, which is right where it has been granted ` +
      `monitoring.timeSeries.list on ${project} too.`,
  ];
}

/** What is valid in a config and yet looks like a mistake: a warning, never a refusal. */
import { partitionOfArn, partitionOfRegion } from '../../core/model/aws-partition.ts';
import type { GcpIdentity } from '../../core/model/gcp-account.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import { regionWarning } from '../known-regions.ts';

/**
 * One sentence for each, which begins with the field.
 *
 * @param ownRegion Where Plimsoll runs, as far as that is known.
 */
export function warningsAbout({ accounts }: TenantConfig, ownRegion?: string): string[] {
  return accounts.flatMap((account, index) => [
    ...account.regions.flatMap((region, at) => {
      const warning = regionWarning(account.provider, region);
      return warning === undefined ? [] : [`accounts[${index}].regions[${at}]: ${warning}`];
    }),
    ...(account.provider === 'gcp' ? identityWarnings(account.account, account.identity, index) : []),
    ...(account.provider === 'aws' ? partitionWarnings(account.role, index, ownRegion) : []),
  ]);
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

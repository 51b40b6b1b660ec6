/**
 * The partitions of AWS: clouds of which none knows the identities of another, so that no role of one can be assumed from
 * another. Each has regions of its own form, by the partitions that AWS's endpoint rules name:
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
const REGIONS_OF: readonly (readonly [partition: string, region: RegExp])[] = [
  ['aws', /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/],
  ['aws-cn', /^cn-[a-z]+-\d+$/],
  ['aws-eusc', /^eusc-[a-z]+-[a-z]+-\d+$/],
  ['aws-us-gov', /^us-gov-[a-z]+-\d+$/],
  ['aws-iso', /^us-iso-[a-z]+-\d+$/],
  ['aws-iso-b', /^us-isob-[a-z]+-\d+$/],
  ['aws-iso-e', /^eu-isoe-[a-z]+-\d+$/],
  ['aws-iso-f', /^us-isof-[a-z]+-\d+$/],
];

/** The partition of a region; undefined where no rule knows the region's form: it may be newer than the rules. */
export function partitionOfRegion(region: string): string | undefined {
  return REGIONS_OF.find(([, form]) => form.test(region))?.[0];
}

/** The partition that an ARN names. */
export function partitionOfArn(arn: string): string {
  return arn.split(':')[1] ?? '';
}

/** Whether a role is known to be of another partition than a region, and so of no use there. */
export function isOtherPartition(role: string, region: string): boolean {
  const partition = partitionOfRegion(region);
  return partition !== undefined && partition !== partitionOfArn(role);
}

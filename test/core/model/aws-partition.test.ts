import { describe, expect, it } from 'vitest';
import { isOtherPartition, partitionOfArn, partitionOfRegion } from '../../../core/model/aws-partition.ts';

describe('the partition of an AWS region', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['mx-central-1', 'aws'],
    ['ap-southeast-7', 'aws'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-west-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('of %s is %s', (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition);
    expect(isOtherPartition(`arn:${partition}:iam::111122223333:role/x`, region)).toBe(false);
    expect(isOtherPartition('arn:aws-other:iam::111122223333:role/x', region)).toBe(true);
  });

  it('is not known of a region that is newer than the rules, which then contradicts no role', () => {
    expect(partitionOfRegion('xx-new-east-1')).toBeUndefined();
    expect(isOtherPartition('arn:aws:iam::111122223333:role/x', 'xx-new-east-1')).toBe(false);
  });

  it('stands in an ARN', () => {
    expect(partitionOfArn('arn:aws-iso-b:iam::111122223333:role/plimsoll-reader')).toBe('aws-iso-b');
    expect(partitionOfArn('plimsoll-reader')).toBe('');
  });
});

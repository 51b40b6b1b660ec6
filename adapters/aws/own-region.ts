/** The region that is our own: where our keys are sure to be known. */
import { STSClient } from '@aws-sdk/client-sts';
import { partitionOfRegion } from '../../core/model/aws-partition.ts';
import { lacksRegion } from './errors.ts';

/**
 * The region in which STS is called to read another one: our own (AWS_REGION, or the profile's), because the account of our
 * keys need not have enabled the one that is read. That one itself where none is set.
 */
export async function ownRegion(read: string): Promise<string> {
  return (await configuredRegion()) ?? read;
}

/** The same for keys that read the region themselves: they are of its partition, whatever region is set. */
export async function ownRegionInPartitionOf(read: string): Promise<string> {
  const own = await ownRegion(read);
  return partitionOfRegion(own) === partitionOfRegion(read) ? own : read;
}

/** As the SDK finds it; undefined where neither a variable nor a profile names one. */
async function configuredRegion(): Promise<string | undefined> {
  const sts = new STSClient();
  try {
    return await sts.config.region();
  } catch (error) {
    if (lacksRegion(error)) return undefined;
    throw error;
  } finally {
    sts.destroy();
  }
}

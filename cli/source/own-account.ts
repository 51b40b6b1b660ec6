/** Whether the AWS credentials at hand are those of the account that was named: else another one's hosts would bear its name. */
import { callerAccount } from '../../adapters/aws/identity.ts';
import { ownRegionInPartitionOf } from '../../adapters/aws/own-region.ts';
import { isOtherPartition, partitionOfArn, partitionOfRegion } from '../../core/model/aws-partition.ts';
import type { CommandContext } from '../context.ts';
import { wrap } from '../render/text.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\/.+$/;

/**
 * Throws `UsageError` where the environment's credentials are of another account. Where that cannot be found out a warning
 * is printed and the command goes on; the first read reports missing credentials.
 */
export async function refuseOtherAccount(
  account: string,
  region: string,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): Promise<void> {
  const caller = await callerAccount({ region: () => ownRegionInPartitionOf(region) }, signal);
  signal.throwIfAborted();
  if (caller.kind === 'known' && caller.account !== account) {
    throw new UsageError(
      `Your AWS credentials are of account ${caller.account}, and --account is ${account}. Use those of ` +
        `${account} (AWS_PROFILE names a profile), name a role of it with --role, or correct --account.`,
    );
  }
  if (caller.kind === 'unknown') {
    const note =
      `warning: it could not be checked that your AWS credentials are of account ${account} (sts:GetCallerIdentity: ` +
      `${caller.failure.detail}). If they are of another one, what follows is its hosts.`;
    terminal.note(wrap(note, textWidth(terminal), '  '));
  }
}

/**
 * A role's ARN holds its account and partition. Throws `UsageError` where it is no ARN of a role, or one of another
 * account or partition.
 */
export function refuseOtherRole(account: string, region: string, role: string): void {
  const of = ROLE.exec(role)?.[1];
  if (of === undefined) {
    throw new UsageError(
      `--role ${role}: it must be the ARN of a role, for example arn:aws:iam::${account}:role/NAME.`,
    );
  }
  if (of !== account)
    throw new UsageError(`--role ${role}: it is a role of account ${of}, and not of --account ${account}.`);
  if (isOtherPartition(role, region)) {
    throw new UsageError(
      `--role ${role}: it is of the partition ${partitionOfArn(role)}, and --region ${region} is a region of ` +
        `${partitionOfRegion(region)}: a role reads regions of its own partition alone.`,
    );
  }
}

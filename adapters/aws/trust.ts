/** Whether a role requires the external id of its tenant: one that does not lets any tenant have the account read. */
import { randomUUID } from 'node:crypto';
import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { BOUNDED_WAIT } from './client.ts';
import type { RoleGrant } from './credentials.ts';

/**
 * Tries to assume the role once with an external id that is nobody's. A refusal is what should be; any other failure shows nothing,
 * and has been reported by the read before.
 *
 * @returns What is wrong and what to do; undefined where the role refused.
 */
export async function trustWarning(
  { role, tenant }: Pick<RoleGrant, 'role' | 'tenant'>,
  settings: STSClientConfig,
  abortSignal?: AbortSignal,
): Promise<string | undefined> {
  const sts = new STSClient({ ...BOUNDED_WAIT, ...settings });
  const command = new AssumeRoleCommand({
    RoleArn: role,
    ExternalId: `plimsoll-nobody-${randomUUID()}`,
    RoleSessionName: `plimsoll-${tenant}`,
  });
  try {
    await sts.send(command, abortSignal && { abortSignal });
  } catch {
    return undefined;
  } finally {
    sts.destroy();
  }
  return (
    `${role} was assumed with an external id that is not the tenant’s: whoever else is a tenant here can have the account read. ` +
    'Add to its trust policy "Condition": { "StringEquals": { "sts:ExternalId": … } } with what ' +
    `\`plimsoll tenants external-id ${tenant}\` prints`
  );
}

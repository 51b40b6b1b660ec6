/** What is printed of a tenant whose deletion has begun. */
import { formatTime } from '../core/messages/times.ts';
import type { StoredTenant } from '../core/model/tenant.ts';
import { removableFrom } from '../core/tenants/delete-tenant.ts';
import { PLIMSOLL } from './program.ts';
import { wrap } from './render/text.ts';
import { type Terminal, textWidth } from './terminal.ts';

type DeletedInPart = Pick<StoredTenant, 'config' | 'putAt' | 'deletion'>;

/** @param deployment How the command finds the deployment, for example ` --stage prod`. */
export function deleteCommand(tenant: string, deployment: string): string {
  return `${PLIMSOLL} tenants delete ${tenant}${deployment} --confirm ${tenant}`;
}

/** A sentence and the command that finishes the deletion, a line each; undefined of a tenant that is not being deleted. */
export function deletionText({ config: { tenant }, putAt, deletion }: DeletedInPart, deployment: string) {
  if (deletion === undefined) return undefined;
  return (
    `Tenant ${tenant} is being deleted since ${formatTime(putAt)}: its incidents and its runs are gone. ` +
    `Finish it after ${formatTime(removableFrom(deletion))} with\n  ${deleteCommand(tenant, deployment)}`
  );
}

/** The same as a remark; nothing of a tenant that is not being deleted. */
export function noteDeletion(stored: DeletedInPart, deployment: string, terminal: Terminal): void {
  const [sentence, command] = deletionText(stored, deployment)?.split('\n') ?? [];
  if (sentence !== undefined) terminal.note(`${wrap(sentence, textWidth(terminal), '  ')}\n${command}`);
}

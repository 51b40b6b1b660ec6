/** A change that a command makes for a tenant is in its audit log, as by the API. */
import { randomUUID } from 'node:crypto';
import { audited } from '../api/audit.ts';
import type { RouteId } from '../api/contract/routes.ts';
import type { CommandContext } from './context.ts';
import { openAuditLog } from './stores.ts';

export interface LoggedChange {
  readonly tenant: string;
  readonly by: string;
  /** Of the route of the API that does the same. */
  readonly action: RouteId;
  readonly subject: string;
}

/** Throws `StoreError`, before anything is changed, where the audit log takes no entry. */
export function logged<Result>(
  change: LoggedChange,
  { environment, terminal, now }: CommandContext,
  work: () => Promise<Result>,
): Promise<Result> {
  // Whoever may write the table may do everything, as who is let in by IAM.
  const facts = { ...change, id: randomUUID(), at: now, role: 'admin' } as const;
  const onFault = (error: unknown) =>
    terminal.note(
      `warning: the end of the change is not in the audit log: ${error instanceof Error ? error.message : String(error)}`,
    );
  return audited({ audit: openAuditLog(environment) }, { facts, note: {}, onFault }, work);
}

/** An option or argument that cannot be followed. */
import { PlimsollError } from '../core/ports/errors.ts';

/** The message names the option, what is wrong with it, and what would do. */
export class UsageError extends PlimsollError {}

/** @param id Of a tenant that is not stored. */
export function noTenant(id: string): UsageError {
  return new UsageError(`There is no tenant ${id}. \`npx plimsoll tenants list\` lists the tenants.`);
}

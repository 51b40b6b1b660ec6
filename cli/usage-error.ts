/** An option or argument that cannot be followed. */
import { PlimsollError } from '../core/ports/errors.ts';
import { PLIMSOLL } from './program.ts';

/** The message names the option, what is wrong with it, and what would do. */
export class UsageError extends PlimsollError {}

/**
 * @param id Of a tenant that is not stored.
 * @param deployment How the command that lists them finds the deployment, for example ` --stage prod`.
 */
export function noTenant(id: string, deployment: string): UsageError {
  return new UsageError(`There is no tenant ${id}. \`${PLIMSOLL} tenants list${deployment}\` lists the tenants.`);
}

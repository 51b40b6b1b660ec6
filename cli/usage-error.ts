/** An option or argument that cannot be followed. */
import { PlimsollError } from '../core/ports/errors.ts';

/** The message names the option, what is wrong with it, and what would do. */
export class UsageError extends PlimsollError {}

/** What every command is given: where to print, what the environment says, when to stop, and what time it is. */
import type { Environment } from './environment.ts';
import type { Terminal } from './terminal.ts';

export interface Context {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
}

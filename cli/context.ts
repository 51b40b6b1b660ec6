/** What every command gets: the terminal, the environment's variables, when to stop, and what time it is. */
import type { CommandEnvironment } from './environment.ts';
import type { Terminal } from './terminal.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: CommandEnvironment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
}

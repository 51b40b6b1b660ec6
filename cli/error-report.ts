/** Prints an error for people: what happened, where, and what to do. Stack traces come with --debug. */
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { lacksRegion } from '../adapters/aws/errors.ts';
import { PlimsollError } from '../core/ports/errors.ts';
import type { CommandContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { wrap } from './render/text.ts';

const NO_REGION_HINT = 'Set AWS_REGION to the region that Plimsoll was deployed to.';

/** Prints the error to stderr and returns the exit code that it means. */
export function reportError(error: unknown, { terminal, signal }: CommandContext, debug: boolean): ExitCode {
  // Commander has printed its own text; help and version come as errors with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.error;
  if (signal.aborted) {
    terminal.note('Interrupted.');
    return EXIT.interrupted;
  }
  const { paint, width = Number.POSITIVE_INFINITY } = terminal;
  const lines = `${paint('bad', 'error:')} ${describe(error, debug)}`.split('\n');
  terminal.note(
    lines
      .map((line) => (line.startsWith('  ') ? `  ${wrap(line.trimStart(), width, '    ')}` : wrap(line, width, '  ')))
      .join('\n'),
  );
  return EXIT.error;
}

function describe(error: unknown, debug: boolean): string {
  if (debug) return inspect(error);
  if (!(error instanceof Error)) return String(error);
  if (wantsRegion(error)) return `${error.message}\n${NO_REGION_HINT}`;
  if (error instanceof PlimsollError) return error.message;
  return `${error.message}\nThis was not expected. Run it again with --debug to see where it arose.`;
}

/** It may be the cause of an error of ours. */
function wantsRegion(error: unknown): boolean {
  return lacksRegion(error) || (error instanceof Error && wantsRegion(error.cause));
}

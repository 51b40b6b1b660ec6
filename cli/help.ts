/** What the commands' help texts share. */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { wrap } from './render/text.ts';

/** Columns at which help is wrapped where stdout is not a terminal. */
const HELP_WIDTH = 100;

export function helpWidth({ terminal }: CommandContext): number {
  return terminal.width ?? HELP_WIDTH;
}

/** Adds a paragraph below a command's options. */
export function addHelpNote(command: Command, note: string, context: CommandContext): Command {
  return command.addHelpText('after', () => `\n${wrap(note, helpWidth(context))}`);
}

/** What the commands of `plimsoll incidents` share: how an incident is named, and the options that all of them take. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { parseTenantId } from '../option-values.ts';

/** How an incident is named, in all commands. */
export const INCIDENT = 'its id, the short id of `incidents list`, or the id or name of its host';

/** What every command of an incident has. */
export interface Parent {
  readonly incidents: Command;
  readonly context: CommandContext;
  readonly finish: Finish;
}

/** The options that all of them take. */
export function addIncidentOptions(command: Command, json = 'print one JSON object'): Command {
  command.option('--tenant <id>', 'only of this tenant (default: all)', parseTenantId).option('--json', json);
  return addDeploymentOptions(command);
}

/** Adds a value to those before it, where it is one of these. */
export function repeated(choices: readonly string[]) {
  return (text: string, before: readonly string[] = []): string[] => {
    if (choices.includes(text)) return [...before, text];
    throw new InvalidArgumentError(`Give one of ${choices.join(', ')}.`);
  };
}

/** Who runs the command, for the log. */
import { UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { callerArn } from '../stores.ts';

/** The ARN of the credentials; `unknown` where nobody can find out. */
export async function caller(context: CommandContext): Promise<string> {
  return (await callerArn(context)) ?? UNKNOWN_CALLER;
}

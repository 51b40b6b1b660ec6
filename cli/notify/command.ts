/** `plimsoll notify` on the command line: what it takes. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addDeploymentOptions, type DeploymentOptions, withDeployment } from '../deployment.ts';
import type { Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import type { ConfirmOptions, TestOptions } from './action.ts';

const NOTE =
  'Exit codes: 0 every receiver took it, and the code was right where one was given; 4 a receiver did not take it, or the code was ' +
  'wrong; 1 error. It needs the rights sns:Publish and sns:ListSubscriptionsByTopic on the topic, and reads and writes the table.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll notify test --tenant acme --stage prod', 'to the topic and all receivers'],
  ['plimsoll notify test --tenant acme --receiver pager --stage prod', 'to the topic and one receiver'],
  ['plimsoll notify confirm K7QX2M --tenant acme --stage prod', 'the code that somebody read'],
];

export function addNotify(program: Command, context: CommandContext, finish: Finish): void {
  const notify = program
    .command('notify')
    .summary('test the way of notifications to people')
    .description('Sends a test notification, and takes back the code that whoever reads it gives.');
  const test = notify
    .command('test')
    .summary('publish a test and show who gets it')
    .description(
      'Publishes a test to the topic of the tenant, shows who has subscribed, and waits for the receivers of the config. At a terminal it takes the code that the message has.',
    )
    .requiredOption('--tenant <id>', 'whose notifications')
    .option('--receiver <names...>', 'these receivers of the config alone')
    .option('--no-wait', 'publish it and end')
    .action(async (options: TestOptions & DeploymentOptions) => {
      const { testNotifications } = await import('./action.ts');
      finish(await testNotifications(options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(test), EXAMPLES, context), NOTE, context);
  const confirm = notify
    .command('confirm')
    .summary('give back the code of a test')
    .description('Proves that the last test of the tenant reached somebody. A code is valid for a day.')
    .argument('<code>', 'as the message has it')
    .requiredOption('--tenant <id>', 'whose notifications')
    .action(async (code: string, options: ConfirmOptions & DeploymentOptions) => {
      const { confirmNotifications } = await import('./action.ts');
      finish(await confirmNotifications(code, options, await withDeployment(options, context)));
    });
  addHelpNote(addExamples(addDeploymentOptions(confirm), EXAMPLES, context), NOTE, context);
}

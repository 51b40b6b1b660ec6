/** The options that say which hosts and which samples, the same for every command that reads. */
import { type Command, Option } from 'commander';
import { CLOUD_PROVIDERS } from '../../core/model/series.ts';
import { parseCount, parseHostRule, parseLookBack, parsePolicy, parseRepeated, parseTime } from '../option-values.ts';

/** Which hosts. */
export function addHostOptions(command: Command): Command {
  return command
    .optionsGroup('Which hosts:')
    .option('--traces <file...>', 'recorded series: CSV or NDJSON, also gzipped')
    .addOption(new Option('--provider <name>', 'a cloud account, with your own credentials').choices(CLOUD_PROVIDERS))
    .option('--tenant <id>', 'the accounts of a stored tenant')
    .option('--demo', 'the simulated fleet of `plimsoll demo`')
    .option('--account <id>', 'with --provider, or one account of --tenant or --demo')
    .option('--region <name>', 'with --provider, or one region of --tenant or --demo; may be repeated', parseRepeated)
    .option('--role <arn>', 'with --provider aws: assume this role')
    .option('--external-id-from-env <name>', 'with --role: the variable that holds its external id')
    .option(
      '--workspace <id>',
      'with --provider azure: the Log Analytics workspace of processes and pods, by its workspace id (a UUID)',
    )
    .option(
      '--include <rule>',
      'only hosts like id=…, name=…, group=… or label.KEY=…, with * and ?; repeatable',
      parseHostRule,
    )
    .option('--exclude <rule>', 'no hosts like this; repeatable', parseHostRule);
}

/** Under which policy hosts are judged. @param example Values that mean something to the command. */
export function addPolicyOption(command: Command, example: string): Command {
  return command
    .optionsGroup('Which policy:')
    .option('--policy <values>', `over what is configured: ${example} or a YAML or JSON file`, parsePolicy);
}

/** Which samples are judged once. */
export function addSampleOptions(command: Command): Command {
  return command
    .optionsGroup('Which samples:')
    .option('--at <time>', 'judge as of this time (default: now; of traces: their newest sample)', parseTime)
    .option('--look-back <hours>', 'history that is judged (default: the tenant’s, else 100)', parseLookBack)
    .option('--seed <number>', 'with --demo: another fleet of the same kind', parseCount)
    .optionsGroup('Others:');
}

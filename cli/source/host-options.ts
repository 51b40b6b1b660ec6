/** The options for which hosts, which samples and which policy, shared by the commands that read. */
import { type Command, Option } from 'commander';
import { ACCOUNT_PROVIDERS } from '../../core/model/series.ts';
import { addDeploymentOptions } from '../deployment.ts';
import {
  parseCount,
  parseHostRule,
  parseLookback,
  parsePolicy,
  parseRepeated,
  parseSize,
  parseTime,
  parseTimeZone,
  parseUnit,
} from '../option-values.ts';
import { AUTH_TYPES } from './prometheus.ts';

/** Which hosts. */
export function addHostOptions(command: Command): Command {
  const sources = command
    .optionsGroup('Which hosts:')
    .option('--traces <file...>', 'recorded series: CSV or JSON, also gzipped')
    .addOption(
      new Option('--provider <name>', 'a cloud account or a Prometheus server, with your own credentials').choices(
        ACCOUNT_PROVIDERS,
      ),
    )
    .option('--tenant <id>', 'the accounts of a stored tenant')
    .option('--demo', 'the simulated fleet of `plimsoll demo`');
  return addPrometheusOptions(addDeploymentOptions(sources, 'with --tenant: '))
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
    .option('--exclude <rule>', 'no hosts like this; repeatable', parseHostRule)
    .option(
      '--containers',
      'containers and tasks against their limits too (default with prometheus; of a tenant as its config has it)',
    )
    .option('--no-containers', 'machines alone')
    .optionsGroup('With --traces:')
    .option('--unit <name>', 'of all values: percent, fraction, bytes, kB, KiB, MB, MiB, GB, GiB …', parseUnit)
    .option('--timezone <name>', 'of times that state no zone, for example Europe/Berlin', parseTimeZone)
    .option('--capacity <size>', 'memory of each host where the file does not state it, for example 16GiB', parseSize);
}

/** Where a Prometheus server is, and what authorises requests: an argument would show a secret to everybody on the machine. */
function addPrometheusOptions(command: Command): Command {
  return command
    .optionsGroup('With --provider prometheus:')
    .option('--url <url>', 'where the server is (or PROMETHEUS_URL), for example http://localhost:9090')
    .addOption(
      new Option(
        '--auth <how>',
        'none, basic or bearer with a secret, or your credentials for the cloud: sigv4 (AWS), entra (Azure), google',
      ).choices(AUTH_TYPES),
    )
    .option('--secret-from-env <name>', 'the variable that holds user:password or the token')
    .option('--secret-file <file>', 'the file that holds it')
    .option('--ca-file <file>', 'certificates (PEM) of the authority of the server, where it is no public one')
    .option('--org-id <id>', 'the tenant of Grafana Mimir or Cortex (X-Scope-OrgID)')
    .option('--cluster-labels <labels>', 'the labels that distinguish servers, for example cluster,region')
    .option('--group-label <label>', 'the label that groups machines, for example job')
    .optionsGroup('Which hosts:');
}

/**
 * Under which policy hosts are evaluated.
 *
 * @param example Values that mean something to the command.
 * @param fileText Where a file comes in precedence.
 */
export function addPolicyOption(command: Command, example: string, fileText: string): Command {
  return command
    .optionsGroup('Which policy:')
    .option(
      '--policy <values>',
      `values over what is configured, as ${example}; or a YAML or JSON file, ${fileText}`,
      parsePolicy,
    );
}

/** Which samples, for commands that look at one window. */
export function addSampleOptions(command: Command): Command {
  return command
    .optionsGroup('Which samples:')
    .option('--at <time>', 'evaluate as of this time (default: now; of traces: their newest sample)', parseTime)
    .option('--lookback <hours>', 'history that is evaluated (default: the tenant’s, else 100)', parseLookback)
    .addOption(new HiddenAlias('--look-back <hours>', 'lookback').argParser(parseLookback))
    .option('--seed <number>', 'with --demo: another fleet of the same kind', parseCount)
    .optionsGroup('Others:');
}

/** All of these, for commands that evaluate hosts once. */
export function addInspectionOptions(command: Command): Command {
  return addSampleOptions(
    addPolicyOption(
      addHostOptions(command),
      'threshold=0.8,environment=production',
      'whose values apply where the tenant and the deployment store none',
    ),
  );
}

/** A former spelling that goes on working and is not in the help. */
class HiddenAlias extends Option {
  readonly #attribute: string;

  /** @param attribute The property of the options that it sets. */
  constructor(flags: string, attribute: string) {
    super(flags);
    this.#attribute = attribute;
    this.hideHelp();
  }

  override attributeName(): string {
    return this.#attribute;
  }
}

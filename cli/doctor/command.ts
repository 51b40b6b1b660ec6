/** `plimsoll doctor` on the command line: what it takes. */
import type { Command } from 'commander';
import { type DeploymentOptions, deploymentArguments, withDeployment, withTenantDeployment } from '../deployment.ts';
import type { ExitCode, Finish } from '../exit-code.ts';
import { addExamples, addHelpNote, type Example } from '../help.ts';
import { addHostOptions, addSampleOptions } from '../source/host-options.ts';
import type { SelectionContext } from '../source/selection.ts';
import { UsageError } from '../usage-error.ts';
import type { DoctorOptions } from './action.ts';

const EXIT_CODES = 'Exit codes: 0 everything can be read, 4 something cannot or no host was found, 1 error.';

const EXAMPLES: readonly Example[] = [
  ['plimsoll doctor --provider aws --account 111122223333 --region eu-west-1', 'an account, with your own credentials'],
  ['plimsoll doctor --tenant acme --stage prod', 'all accounts of a tenant, by the trust that each has granted'],
  ['plimsoll doctor --all-tenants --stage prod', 'all accounts of all tenants, one line each'],
  ['plimsoll doctor --demo', 'the simulated fleet'],
];

export function addDoctor(program: Command, context: SelectionContext, finish: Finish): void {
  const command = program
    .command('doctor')
    .summary('examine whether every account can be inspected, and what that will cost')
    .description(
      'Examines every account and region: whether Plimsoll can sign in and read, which hosts have no memory metric, how finely the others are sampled, whether processes or pods are collected, and what an inspection costs. It only reads.',
    )
    .option('--all-tenants', 'all enabled accounts of all tenants, one line each, the worst first')
    .option('--json', 'print one JSON object a line, one for each account and region')
    .action(async ({ allTenants, ...options }: DoctorOptions & DeploymentOptions & { allTenants?: boolean }) => {
      if (allTenants) return finish(await examineTenants(options, context));
      const { examineAccounts } = await import('./action.ts');
      finish(await examineAccounts(options, await withTenantDeployment(options, context)));
    });
  addHelpNote(addExamples(addSampleOptions(addHostOptions(command)), EXAMPLES, context), EXIT_CODES, context);
}

/** Options that select hosts would examine something else than all tenants. */
async function examineTenants(
  options: DoctorOptions & DeploymentOptions,
  context: SelectionContext,
): Promise<ExitCode> {
  const { json, at, stage: _stage, stack: _stack, ...others } = options;
  const [misplaced] = Object.keys(others);
  if (misplaced !== undefined) {
    const option = misplaced.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    throw new UsageError(`--all-tenants examines all accounts of all tenants: leave out --${option}.`);
  }
  const { examineAllTenants } = await import('./all-tenants.ts');
  const given = { ...(json && { json }), ...(at !== undefined && { at }), deployment: deploymentArguments(options) };
  return examineAllTenants(given, await withDeployment(options, context));
}

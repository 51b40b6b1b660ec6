/** `plimsoll doctor`: whether every account and region can be inspected, what is missing there, and what it will cost. */
import { type Examination, examine } from '../../core/inspection/doctor.ts';
import { jobCadenceText } from '../../core/messages/cadence.ts';
import { PlimsollError } from '../../core/ports/errors.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { SourceOptions } from '../source/targets.ts';
import { openSpendStore } from '../stores.ts';
import { examinationJson, renderExamination, renderExaminations, renderNotFromHere } from './report.ts';
import { notFromHereJson, whyNotFromHere } from './standing.ts';

export interface DoctorOptions extends SourceOptions, DeploymentOptions {
  readonly json?: boolean;
}

/**
 * Every account is examined, whatever the others said. Exit code 4 where something that should be readable is not, or where
 * no host shows at all. Accounts that only the functions can sign in to are named and do not count.
 */
export async function examineAccounts(options: DoctorOptions, context: SelectionContext): Promise<ExitCode> {
  const { terminal, environment, signal } = context;
  await using selection = await openSelection(options, context, { examinesConfig: true });
  const { targets, scheduledTime } = selection;
  const examinations: Examination[] = [];
  let notFromHere = 0;
  for (const [index, { tenant, source, metric, filters, policies, runsPerMonth, jobs = [] }] of targets.entries()) {
    const why = options.tenant === undefined ? undefined : whyNotFromHere(source.scope.provider, environment);
    if (why !== undefined) {
      notFromHere++;
      const one = { tenant, scope: source.scope, why };
      if (options.json) terminal.printJson(notFromHereJson(one));
      else terminal.print(`${renderNotFromHere(one, deploymentArguments(options), terminal)}\n`);
      continue;
    }
    terminal.progress(`examining account ${index + 1} of ${targets.length} …`);
    const { lookBackHours, deepReadDays } = policies.common;
    const examination = await examine(
      { source, metric, scheduledTime, filters, runsPerMonth, lookBackHours, deepReadDays, jobs },
      signal,
    );
    signal.throwIfAborted();
    examinations.push(examination);
    if (options.json) terminal.printJson(examinationJson(tenant, examination));
    else terminal.print(`${renderExamination(tenant, examination, terminal)}\n`);
  }
  if (!options.json) terminal.print(renderExaminations(examinations, notFromHere, terminal));
  const capped = await cappedText(options, context);
  if (capped !== undefined) terminal.note(capped);
  return codeOf(examinations);
}

function codeOf(examinations: readonly Examination[]): ExitCode {
  const isPartial = examinations.some(({ failures }) => failures.length > 0);
  const isEmpty = examinations.length > 0 && examinations.every(({ hosts }) => hosts.known === 0);
  return isPartial || isEmpty ? EXIT.partial : EXIT.clean;
}

/** What the cost cap of the tenant has its jobs do; undefined where that is nothing, or the command does not know the table. */
async function cappedText(options: DoctorOptions, { environment }: SelectionContext): Promise<string | undefined> {
  const { tenant } = options;
  if (tenant === undefined || !environment.hasTable()) return undefined;
  try {
    const jobs = (await openSpendStore(environment).getCap(tenant))?.value.jobs ?? 0;
    if (jobs === 0) return undefined;
    const shown = `\`${PLIMSOLL} anomalies jobs ${tenant}${deploymentArguments(options)}\` lists them`;
    return `The cost cap of ${tenant} has its jobs ${jobCadenceText(jobs)}: ${shown}.`;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return `What the cost cap of ${tenant} leads to could not be read: ${error.message}`;
  }
}

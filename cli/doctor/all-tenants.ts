/** `plimsoll doctor --all-tenants`: every enabled account of every tenant, several at a time, one line each, the worst first. */
import { inFlight } from '../../adapters/reading/in-flight.ts';
import { type Examination, examine } from '../../core/inspection/doctor.ts';
import type { Account, StoredTenant } from '../../core/model/tenant.ts';
import { ItemError, PlimsollError } from '../../core/ports/errors.ts';
import { warnAbout } from '../config-warnings.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { tenantTargets } from '../source/targets.ts';
import { openConfigStore } from '../stores.ts';
import { type ExaminedAccount, renderFleet, standingOf, unreadableConfigJson } from './fleet-report.ts';
import { examinationJson } from './report.ts';
import { isBad, notFromHereJson, whyNotFromHere } from './standing.ts';

/** Accounts that are examined at the same time: each is some requests to a service of its own account. */
const ACCOUNTS_AT_ONCE = 8;

export interface AllTenantsOptions {
  readonly json?: boolean;
  /** Epoch milliseconds. */
  readonly at?: number;
  /** How commands that are shown find the deployment, for example ` --stage prod`. */
  readonly deployment: string;
}

/** Exit code 4 where an account cannot be read completely or shows no host, or the config of a tenant cannot be read. */
export async function examineAllTenants(options: AllTenantsOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, signal } = context;
  const { tenants, unreadable } = await listTenants(context);
  const all = tenants.flatMap((stored) => stored.config.accounts.map((account) => ({ stored, account })));
  const enabled = all.filter(({ stored, account }) => stored.config.enabled && account.enabled);
  const examined: ExaminedAccount[] = [];
  const results = inFlight(enabled, ACCOUNTS_AT_ONCE, ({ stored, account }) =>
    examineAccount(stored, account, options, context),
  );
  for await (const one of results) {
    signal.throwIfAborted();
    examined.push(one);
    terminal.progress(`examined ${examined.length} of ${enabled.length} accounts …`);
    if (!options.json) continue;
    for (const line of accountJson(one)) terminal.printJson(line);
  }
  for (const { config } of tenants) if (config.enabled) warnAbout(config, context, { namesTenant: true });
  if (options.json) {
    for (const detail of unreadable) terminal.printJson(unreadableConfigJson(detail));
  } else {
    const counts = { tenants: tenants.length, disabled: all.length - enabled.length };
    terminal.print(renderFleet(examined, unreadable, { ...counts, deployment: options.deployment, terminal }));
  }
  const isPartial = unreadable.length > 0 || examined.some((one) => isBad(standingOf(one)));
  return isPartial ? EXIT.partial : EXIT.clean;
}

/** Lines of NDJSON. */
function* accountJson({ tenant, provider, account, examinations, error, notFromHere }: ExaminedAccount) {
  for (const examination of examinations) yield examinationJson(tenant, examination);
  if (error !== undefined) yield JSON.stringify({ kind: 'not_examined', tenant, provider, account, detail: error });
  if (notFromHere !== undefined) yield notFromHereJson({ tenant, scope: { provider, account }, why: notFromHere });
}

interface Tenants {
  readonly tenants: readonly StoredTenant[];
  /** What is wrong with each config that could not be read. */
  readonly unreadable: readonly string[];
}

/** A config that cannot be read hides no other: the store reports it behind all that can. */
async function listTenants({ environment, terminal }: CommandContext): Promise<Tenants> {
  terminal.progress('listing the tenants …');
  const tenants: StoredTenant[] = [];
  try {
    for await (const stored of openConfigStore(environment).list()) tenants.push(stored);
    return { tenants, unreadable: [] };
  } catch (error) {
    if (!(error instanceof ItemError)) throw error;
    return { tenants, unreadable: error.message.split(/\n(?! )/) };
  }
}

/** Sources are opened here and not before: a deployment has thousands of accounts. */
async function examineAccount(
  stored: StoredTenant,
  { provider, account }: Account,
  { at }: AllTenantsOptions,
  { environment, now, signal }: CommandContext,
): Promise<ExaminedAccount> {
  const { tenant } = stored.config;
  const examinations: Examination[] = [];
  const notFromHere = whyNotFromHere(provider, environment);
  if (notFromHere !== undefined) return { tenant, provider, account, examinations, error: undefined, notFromHere };
  const scheduledTime = at ?? now;
  try {
    const targets = tenantTargets(stored, { account }, scheduledTime, environment);
    for (const { source, metric, filters, policies, runsPerMonth, jobs = [] } of targets) {
      if (source.scope.provider !== provider) continue;
      const { lookBackHours, deepReadDays } = policies.common;
      const request = { source, metric, scheduledTime, filters, runsPerMonth, lookBackHours, deepReadDays, jobs };
      examinations.push(await examine(request, signal));
    }
    return { tenant, provider, account, examinations, error: undefined };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return { tenant, provider, account, examinations, error: error.message };
  }
}

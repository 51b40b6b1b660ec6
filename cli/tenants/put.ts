/** `plimsoll tenants put`: stores a config, and shows what changed and what comes next. */
import { formatTime } from '../../core/messages/times.ts';
import type { DeletedTenant, StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import { type PutTenantOutcome, putTenant } from '../../core/tenants/put-tenant.ts';
import { nextFirings } from '../../core/tenants/schedule.ts';
import { warnAbout } from '../config-warnings.ts';
import type { CommandContext } from '../context.ts';
import { deleteCommand, deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { readTenantFile } from '../read-tenant-file.ts';
import { type Paint, wrap } from '../render/text.ts';
import {
  callerArn,
  newExternalId,
  openConfigStore,
  openDeletedTenants,
  openHealthStore,
  openPublisher,
} from '../stores.ts';
import { type Terminal, textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { renderChanges, renderScheduleChanges } from './changes.ts';
import { monthText } from './month-estimate.ts';

export interface PutOptions extends DeploymentOptions {
  readonly expectVersion?: number;
  readonly dryRun?: boolean;
  /** The tenant's deletion has begun, and is not to be finished. */
  readonly stopDeletion?: boolean;
}

/** A conflict is an error: somebody else has put a version that the caller has not seen. */
export async function putTenantFile(file: string, options: PutOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, now } = context;
  // The file's mistakes are reported before anything that needs credentials can fail.
  const { document, config } = await readTenantFile(file);
  warnAbout(config, context);
  if (options.dryRun) {
    terminal.print(await dryRun(config, options, context));
    await noteMonth(config, options, context);
    return EXIT.clean;
  }
  const outcome = await put(document, options, context);
  const deployment = deploymentArguments(options);
  if (outcome.kind === 'conflict') throw conflict(config.tenant, outcome, terminal, deployment);
  if (outcome.kind === 'taken') throw taken(outcome.deleted, deployment);
  if (outcome.kind === 'deleting') throw beingDeleted(outcome.tenant, deployment);
  terminal.print(renderPut(outcome, { paint: terminal.paint, now, deployment }));
  await noteMonth(config, options, context);
  return EXIT.clean;
}

async function put(document: unknown, options: PutOptions, context: CommandContext): Promise<PutTenantOutcome> {
  const { environment, now } = context;
  const configs = openConfigStore(environment);
  const putBy = await callerArn(context);
  return putTenant(
    document,
    { configs, publisher: openPublisher(environment), deleted: openDeletedTenants(environment) },
    {
      newExternalId: newExternalId(),
      now,
      ...(putBy !== undefined && { putBy }),
      ...(options.expectVersion !== undefined && { expectedVersion: options.expectVersion }),
      ...(options.stopDeletion !== undefined && { stopsDeletion: options.stopDeletion }),
    },
  );
}

async function noteMonth(
  config: TenantConfig,
  options: DeploymentOptions,
  { environment, terminal, now }: CommandContext,
): Promise<void> {
  const health = environment.hasTable() ? openHealthStore(environment) : undefined;
  const text = await monthText(config, health, now, deploymentArguments(options));
  if (text !== undefined) terminal.note(wrap(text, textWidth(terminal)));
}

async function dryRun(
  config: TenantConfig,
  { expectVersion, stopDeletion, ...options }: PutOptions,
  { environment, terminal }: CommandContext,
): Promise<string> {
  const { tenant } = config;
  const deployment = deploymentArguments(options);
  const configs = openConfigStore(environment);
  const newest = await configs.get(tenant);
  const newestVersion = newest?.version ?? 0;
  if (expectVersion !== undefined && expectVersion !== newestVersion) {
    const seen = expectVersion === 0 ? undefined : await configs.get(tenant, expectVersion);
    throw conflict(tenant, { newestVersion, seen, newest }, terminal, deployment);
  }
  const deleted = newest === undefined ? await openDeletedTenants(environment).get(tenant) : undefined;
  if (deleted !== undefined) throw taken(deleted, deployment);
  if (newest?.deletion !== undefined && !stopDeletion) throw beingDeleted(newest, deployment);
  const changes = renderChanges(newest, { config, version: newestVersion + 1 }, terminal.paint);
  if (changes === undefined) return `unchanged: tenant ${tenant} is at version ${newestVersion} with this config`;
  return [
    `nothing was stored; version ${newestVersion + 1} of tenant ${tenant} would be:`,
    changes,
    '',
    renderScheduleChanges(newest?.config, config, terminal.paint),
  ].join('\n');
}

type Conflict = Pick<Extract<PutTenantOutcome, { kind: 'conflict' }>, 'newestVersion' | 'seen' | 'newest'>;

/** Prints what came between as a patch: whoever lost the race sees what his change has to rest on now. */
function conflict(
  tenant: string,
  { newestVersion, seen, newest }: Conflict,
  terminal: Terminal,
  deployment: string,
): UsageError {
  const between = newest && renderChanges(seen, newest, terminal.paint);
  if (between !== undefined) {
    const what =
      seen === undefined ? 'What is stored now' : `What you had is version ${seen.version}; what is stored now`;
    terminal.note(`${what} (version ${newestVersion}, put ${putText(newest)}):\n${between}`);
  }
  return new UsageError(
    `Tenant ${tenant} is at version ${newestVersion} by now, so nothing was stored. ` +
      `Look at it with \`${PLIMSOLL} tenants get ${tenant}${deployment}\`, and put your change with --expect-version ${newestVersion}.`,
  );
}

function putText(newest: StoredTenant | undefined): string {
  return newest === undefined ? '' : `${formatTime(newest.putAt)} by ${newest.putBy ?? 'unknown'}`;
}

function taken({ tenant, deletedAt, resultsUntil }: DeletedTenant, deployment: string): UsageError {
  return new UsageError(
    `A tenant ${tenant} was deleted at ${formatTime(deletedAt)}, and its results are kept until ${formatTime(resultsUntil)}: a tenant that ` +
      'took the id before would find them among its own. Nothing was stored. Take another id, or remove the results now: ' +
      deleteCommand(tenant, `${deployment} --purge-results`),
  );
}

function beingDeleted(stored: StoredTenant, deployment: string): UsageError {
  return new UsageError(
    `${deletionText(stored, deployment)}\nNothing was stored. To keep the tenant, without what is deleted, add --stop-deletion.`,
  );
}

/** What is meant to page, as docs/subscribe.md has it. */
const PAGING_FILTER = JSON.stringify({
  FilterPolicy: JSON.stringify({ kind: ['opened', 'worse', 'recovered', 'inspection_failed', 'inspection_restored'] }),
});

interface RenderOptions {
  readonly paint: Paint;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How the commands of the next steps find the deployment, for example ` --stage prod`. */
  readonly deployment: string;
}

/** What was stored, what changed, and for a new tenant what to do next. */
function renderPut(
  outcome: Extract<PutTenantOutcome, { topic: string }>,
  { paint, now, deployment }: RenderOptions,
): string {
  const { tenant, topic } = outcome;
  const { config, version, externalId } = tenant;
  const name = paint('strong', config.tenant);
  const addresses = [
    `  ${paint('dim', 'topic')}        ${topic}`,
    `  ${paint('dim', 'external id')}  ${externalId}`,
    `  ${paint('dim', 'next run')}     ${nextRunText(config, now)}`,
  ];
  if (outcome.kind === 'unchanged')
    return [`unchanged: tenant ${name} is at version ${version} with this config`, ...addresses].join('\n');
  const changes = outcome.before === undefined ? undefined : renderChanges(outcome.before, tenant, paint);
  const added = addedRoles(outcome.before, config).map(
    (account) => `  ${PLIMSOLL} doctor --tenant ${config.tenant} --account ${account}${deployment}`,
  );
  return [
    `${paint('good', 'stored')}: tenant ${name}, version ${version}`,
    ...addresses,
    ...(changes === undefined ? ['', ...nextSteps(tenant, topic, deployment)] : ['', changes]),
    ...(changes === undefined || added.length === 0
      ? []
      : ['', `The role of each added AWS account must trust the external id ${externalId}:`, ...added]),
  ].join('\n');
}

/** The AWS accounts that the version before did not have. */
function addedRoles(before: StoredTenant | undefined, { accounts }: TenantConfig): string[] {
  const known = new Set(before?.config.accounts.map(({ provider, account }) => `${provider} ${account}`));
  return accounts
    .filter(({ provider, account }) => provider === 'aws' && !known.has(`${provider} ${account}`))
    .map(({ account }) => account);
}

function nextRunText({ enabled, accounts }: TenantConfig, now: number): string {
  const active = enabled ? accounts.filter((account) => account.enabled) : [];
  const firings = active.flatMap(({ schedule }) => nextFirings(schedule, now, 1));
  return firings.length === 0 ? 'none: nothing is enabled' : formatTime(Math.min(...firings));
}

/** The commands that a new tenant needs, filled in: nothing is left to look up. */
function nextSteps({ config, externalId }: StoredTenant, topic: string, deployment: string): string[] {
  const { tenant, accounts } = config;
  const providers = new Set(accounts.map(({ provider }) => provider));
  const steps = [
    ...(providers.has('aws')
      ? [
          `The role of each AWS account must trust this external id: "sts:ExternalId": "${externalId}"`,
          `  ${PLIMSOLL} doctor --tenant ${tenant}${deployment}`,
        ]
      : []),
    'Subscribe to what is found:',
    `  aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint you@example.com \\`,
    `    --attributes '${PAGING_FILTER}'`,
    'Inspect at once, without waiting for the schedule:',
    `  ${PLIMSOLL} invoke ${tenant}${deployment} --wait`,
    'See later whether every account was inspected:',
    `  ${PLIMSOLL} status ${tenant}${deployment}`,
  ];
  return ['Next:', ...steps.map((step) => `  ${step}`)];
}

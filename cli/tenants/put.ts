/** `plimsoll tenants put`: stores a config, and shows what changed and what comes next. */
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { formatTime } from '../../core/messages/times.ts';
import type { StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import { type PutTenantOutcome, putTenant } from '../../core/tenants/put-tenant.ts';
import { nextFirings } from '../../core/tenants/schedule.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';
import { newExternalId, openConfigStore, openHealthStore, openPublisher } from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { warningsAbout } from './config-warnings.ts';
import { monthText } from './month-estimate.ts';
import { readTenantFile } from './read-tenant-file.ts';

export interface PutOptions extends DeploymentOptions {
  readonly expectVersion?: number;
  readonly dryRun?: boolean;
}

/** A conflict is an error: somebody else has put a version that the caller has not seen. */
export async function putTenantFile(file: string, options: PutOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  // The file's mistakes are reported before anything that needs credentials can fail.
  const { document, config } = await readTenantFile(file);
  for (const warning of warningsAbout(config, environment.ownRegion()))
    terminal.note(wrap(`warning: ${warning}`, textWidth(terminal), '  '));
  const configs = openConfigStore(environment);
  if (options.dryRun) {
    const newest = await configs.get(config.tenant);
    refuseOtherVersion(config.tenant, newest?.version ?? 0, options.expectVersion);
    terminal.print(renderDryRun(newest, config, terminal.paint));
    await noteMonth(config, context);
    return EXIT.clean;
  }
  const outcome = await putTenant(
    document,
    { configs, publisher: openPublisher(environment) },
    {
      newExternalId: newExternalId(),
      now,
      ...(options.expectVersion !== undefined && { expectedVersion: options.expectVersion }),
    },
  );
  if (outcome.kind === 'conflict') throw conflict(config.tenant, outcome.newestVersion);
  terminal.print(renderPut(outcome, { paint: terminal.paint, now, deployment: deploymentArguments(options) }));
  await noteMonth(config, context);
  return EXIT.clean;
}

async function noteMonth(config: TenantConfig, { environment, terminal, now }: CommandContext): Promise<void> {
  const health = environment.hasTable() ? openHealthStore(environment) : undefined;
  const text = await monthText(config, health, now);
  if (text !== undefined) terminal.note(wrap(text, textWidth(terminal)));
}

function refuseOtherVersion(tenant: string, newest: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== newest) throw conflict(tenant, newest);
}

function conflict(tenant: string, newest: number): UsageError {
  return new UsageError(
    `Tenant ${tenant} is at version ${newest} by now, so nothing was stored. ` +
      `Look at it with \`npx plimsoll tenants get ${tenant}\`, and put your change with --expect-version ${newest}.`,
  );
}

function renderDryRun(newest: StoredTenant | undefined, config: TenantConfig, paint: Paint): string {
  const changes = renderChanges(newest, config, paint);
  const { tenant } = config;
  if (changes === undefined) return `unchanged: tenant ${tenant} is at version ${newest?.version} with this config`;
  return [`nothing was stored; version ${(newest?.version ?? 0) + 1} of tenant ${tenant} would be:`, changes].join(
    '\n',
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
  outcome: Exclude<PutTenantOutcome, { kind: 'conflict' }>,
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
  const changes = outcome.before === undefined ? undefined : renderChanges(outcome.before, config, paint);
  const added = addedRoles(outcome.before, config).map(
    (account) => `  npx plimsoll doctor --tenant ${config.tenant} --account ${account}${deployment}`,
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

/** The difference as a patch of the YAML; undefined where there is none. */
function renderChanges(before: StoredTenant | undefined, config: TenantConfig, paint: Paint): string | undefined {
  const [old, current] = [before === undefined ? '' : stringify(before.config), stringify(config)];
  if (old === current) return undefined;
  const [from, to] = [`version ${before?.version ?? 0}`, `version ${(before?.version ?? 0) + 1}`];
  const patch = createTwoFilesPatch(from, to, old, current, undefined, undefined, { context: 2 });
  // The first line only divides one file from another.
  const lines = patch.trimEnd().split('\n').slice(1);
  return lines.map((line) => paintChange(harmlessLine(line), paint)).join('\n');
}

/** Keeps the indent, which is YAML's meaning. */
function harmlessLine(line: string): string {
  const indent = /^[-+ ]? */.exec(line)?.[0] ?? '';
  return indent + harmless(line.slice(indent.length));
}

function paintChange(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('good', line);
  return line.startsWith('-') ? paint('bad', line) : line;
}

/** The commands that a new tenant needs, filled in: nothing is left to look up. */
function nextSteps({ config, externalId }: StoredTenant, topic: string, deployment: string): string[] {
  const { tenant, accounts } = config;
  const providers = new Set(accounts.map(({ provider }) => provider));
  const steps = [
    ...(providers.has('aws')
      ? [
          `The role of each AWS account must trust this external id: "sts:ExternalId": "${externalId}"`,
          `  npx plimsoll doctor --tenant ${tenant}${deployment}`,
        ]
      : []),
    'Subscribe to what is found:',
    `  aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint you@example.com \\`,
    `    --attributes '${PAGING_FILTER}'`,
    'Inspect at once, without waiting for the schedule:',
    `  npx plimsoll invoke ${tenant}${deployment} --wait`,
    'See later whether every account was inspected:',
    `  npx plimsoll status ${tenant}${deployment}`,
  ];
  return ['Next:', ...steps.map((step) => `  ${step}`)];
}

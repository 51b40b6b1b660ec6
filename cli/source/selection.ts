/** Which hosts a command works on: the source options in, one target per account and region out. */
import type * as z from 'zod';
import { openSource, type SourceChoice } from '../../adapters/open-source.ts';
import type { TraceOptions } from '../../adapters/trace-file/options.ts';
import { awsAccountIdSchema, awsRegionSchema } from '../../core/model/aws-account.ts';
import { azureRegionSchema, azureSubscriptionSchema, azureWorkspaceSchema } from '../../core/model/azure-account.ts';
import { gcpProjectSchema, gcpRegionSchema } from '../../core/model/gcp-account.ts';
import { parseInput } from '../../core/model/issues.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import { metricValues, overridden, POLICY_FIELDS } from '../../core/model/policy.ts';
import { type CloudProvider, isCloudProvider } from '../../core/model/series.ts';
import type { TenantConfig } from '../../core/model/tenant.ts';
import { whyUnreachable } from '../../core/model/unreachable-region.ts';
import { regionWarning } from '../../core/tenants/known-regions.ts';
import { warnAbout } from '../config-warnings.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { wrap } from '../render/text.ts';
import { openConfigStore } from '../stores.ts';
import { textWidth } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { refuseOtherAccount, refuseOtherRole } from './own-account.ts';
import { type PolicyOption, readPolicyOption } from './policy-option.ts';
import { prometheusChoice } from './prometheus.ts';
import {
  createTarget,
  NO_TENANT,
  refuseNowhere,
  type Selection,
  type SourceOptions,
  type Target,
  tenantTargets,
} from './targets.ts';
import { tenantKnowledge } from './tenant-knowledge.ts';
import { type EndOption, endOfTraces } from './trace-end.ts';

const WAYS =
  '--traces FILE…, --provider aws|gcp|azure --account ID --region R, --provider prometheus --url URL, --tenant ID, --provider otlp --tenant ID, or --demo';

const OTLP_NEEDS_TENANT =
  '--provider otlp needs --tenant ID too: what hosts have sent is kept by the deployment that received it, for each tenant.';

/** What commands that read hosts get. */
export interface SelectionContext extends CommandContext {
  /** The simulated fleet, with `--demo`. */
  readonly openDemo: (options: SourceOptions) => Promise<Selection>;
}

export interface SelectionTerms {
  /** The option that names the end of the last window. */
  readonly endOption?: EndOption;
  /** Whether the command tries a policy before it is stored: a file then goes before what is stored, as typed values do. */
  readonly triesPolicy?: boolean;
  /** Whether the command examines the config of a tenant too: what is valid in it and does nothing is a warning. */
  readonly examinesConfig?: boolean;
}

/** Throws `UsageError` where the options name no source, or more than one. */
export async function openSelection(
  options: SourceOptions,
  context: SelectionContext,
  terms: SelectionTerms = {},
): Promise<Selection> {
  const { triesPolicy = false } = terms;
  const { traces, demo, provider, tenant } = options;
  // What hosts have sent is kept by tenant: the provider is no way of its own, and selects among the accounts of the tenant.
  const isAccount = provider !== undefined && provider !== 'otlp';
  if (provider === 'otlp' && tenant === undefined) throw new UsageError(OTLP_NEEDS_TENANT);
  const ways = [traces !== undefined, demo === true, isAccount, tenant !== undefined].filter(Boolean);
  if (ways.length !== 1) throw new UsageError(`Name the hosts in exactly one way: ${WAYS}.`);
  checkBelongings(options);
  const own = options.policy === undefined ? undefined : await readPolicyOption(options.policy);
  if (own?.values.lookBackHours !== undefined && options.lookback !== undefined) {
    throw new UsageError('Give the lookback once: with --lookback or as lookBackHours in --policy.');
  }
  if (own?.kind === 'file' && !triesPolicy) return openWay({ ...options, policyFile: own }, context, terms);
  const selected = await openWay(options, context, terms);
  const values = own && metricValues(LEAK_METRIC, own.values);
  const targets = selected.targets.map((target) => ({ ...target, policies: overridden(target.policies, values) }));
  return { ...selected, targets };
}

async function openWay(options: SourceOptions, context: SelectionContext, terms: SelectionTerms): Promise<Selection> {
  const { traces, provider, tenant } = options;
  if (traces !== undefined) return selectTraces(traces, options, context, terms.endOption ?? '--at');
  if (tenant !== undefined) return selectTenant(tenant, options, context, terms);
  if (provider === 'prometheus') return selectServer(options, context);
  if (provider !== undefined && isCloudProvider(provider)) return selectAccount(provider, options, context);
  return context.openDemo(options);
}

const SERVER_OPTIONS = [
  ['url', '--url'],
  ['auth', '--auth'],
  ['secretFromEnv', '--secret-from-env'],
  ['secretFile', '--secret-file'],
  ['caFile', '--ca-file'],
  ['orgId', '--org-id'],
  ['clusterLabels', '--cluster-labels'],
  ['groupLabel', '--group-label'],
] as const;

/** Options that mean nothing in the way that was chosen are mistakes: ignoring them would inspect something else than was meant. */
function checkBelongings(options: SourceOptions): void {
  const { provider, tenant, demo, traces } = options;
  const hasAccounts = provider !== undefined || tenant !== undefined || demo === true;
  const misplaced = [
    options.region !== undefined && !hasAccounts && '--region belongs to --provider, --tenant or --demo',
    options.account !== undefined && !hasAccounts && '--account belongs to --provider, --tenant or --demo',
    options.role !== undefined && provider !== 'aws' && '--role belongs to --provider aws',
    options.workspace !== undefined && provider !== 'azure' && '--workspace belongs to --provider azure',
    options.externalIdFromEnv !== undefined && options.role === undefined && '--external-id-from-env belongs to --role',
    options.unit !== undefined && traces === undefined && '--unit belongs to --traces',
    options.timezone !== undefined && traces === undefined && '--timezone belongs to --traces',
    options.capacity !== undefined && traces === undefined && '--capacity belongs to --traces',
    ...SERVER_OPTIONS.map(
      ([name, option]) =>
        options[name] !== undefined && provider !== 'prometheus' && `${option} belongs to --provider prometheus`,
    ),
    provider === 'prometheus' && options.region !== undefined && '--region belongs to clouds: a server has none',
    provider === 'otlp' && options.region !== undefined && '--region belongs to clouds: what hosts send has none',
    options.containers !== undefined && !hasAccounts && '--containers belongs to --provider, --tenant or --demo',
    options.seed !== undefined && demo !== true && '--seed belongs to --demo',
  ].filter((part) => typeof part === 'string');
  if (misplaced.length > 0) throw new UsageError(`${misplaced.join('; ')}.`);
}

async function selectTraces(
  files: readonly string[],
  options: SourceOptions,
  context: CommandContext,
  endOption: EndOption,
): Promise<Selection> {
  const traceOptions = traceOptionsOf(options);
  const source = openSource({ kind: 'trace_file', files, ...traceOptions });
  const end = await endOfTraces(files, traceOptions, context, options.at === undefined ? endOption : undefined);
  const newest = options.at === undefined ? end : undefined;
  const chosen = selection([createTarget(NO_TENANT, source, options)], { at: newest, ...options }, context.now);
  return newest === undefined ? chosen : { ...chosen, end: 'newest sample' };
}

function traceOptionsOf({ unit, timezone, capacity }: SourceOptions): TraceOptions {
  return {
    ...(unit !== undefined && { unit }),
    ...(timezone !== undefined && { timeZone: timezone }),
    ...(capacity !== undefined && { capacity }),
  };
}

async function selectServer(options: SourceOptions, context: CommandContext): Promise<Selection> {
  const choice = await prometheusChoice(options, options.account, options.containers ?? true, context);
  const source = openSource(options.at === undefined ? choice : { ...choice, asOf: options.at });
  return selection([createTarget(NO_TENANT, source, options)], options, context.now);
}

async function selectAccount(
  provider: CloudProvider,
  options: SourceOptions,
  context: CommandContext,
): Promise<Selection> {
  const { region: regions = [], role } = options;
  // Azure's own commands print subscriptions in either case.
  const account = provider === 'azure' ? options.account?.toLowerCase() : options.account;
  const [region] = regions;
  if (account === undefined || region === undefined) {
    const missing = [
      account === undefined && '--account ID',
      region === undefined && '--region R (it may be repeated)',
    ];
    throw new UsageError(
      `--provider ${provider} needs ${missing.filter(Boolean).join(' and ')} too.${account === undefined ? ` \`${ACCOUNT_COMMANDS[provider]}\` prints yours.` : ''}`,
    );
  }
  const form = FORMS[provider];
  checkForm('--account', form.account, account);
  for (const region of regions) {
    checkForm('--region', form.region, region);
    const unreachable = whyUnreachable(provider, region);
    if (unreachable !== undefined) throw new UsageError(`--region ${region}: it ${unreachable}.`);
    const warning = regionWarning(provider, region);
    if (warning !== undefined) context.terminal.note(wrap(`warning: ${warning}`, textWidth(context.terminal), '  '));
  }
  if (options.workspace !== undefined) checkForm('--workspace', azureWorkspaceSchema, options.workspace);
  const targets = regions.map((region) =>
    createTarget(NO_TENANT, openSource(ownChoice(provider, account, region, options, context)), options),
  );
  if (provider === 'aws' && role === undefined) await refuseOtherAccount(account, region, context);
  return selection(targets, options, context.now);
}

/** How a person who is signed in finds his account. */
const ACCOUNT_COMMANDS = {
  aws: 'aws sts get-caller-identity --query Account --output text',
  gcp: 'gcloud config get project',
  azure: 'az account show --query id --output tsv',
} as const;

/** How accounts and regions are written: both become part of request addresses. */
const FORMS = {
  aws: { account: awsAccountIdSchema, region: awsRegionSchema },
  gcp: { account: gcpProjectSchema, region: gcpRegionSchema },
  azure: { account: azureSubscriptionSchema, region: azureRegionSchema },
} as const;

function checkForm(option: string, schema: z.ZodString, value: string): void {
  const parsed = parseInput(schema, value);
  if (!parsed.success) throw new UsageError(`${option} ${value}: it ${parsed.error.issues[0]?.message}.`);
}

/** An account that is read with the credentials of whoever runs the command, or in AWS with a role. */
function ownChoice(
  kind: CloudProvider,
  account: string,
  region: string,
  { role, externalIdFromEnv, workspace, containers = false }: SourceOptions,
  { environment }: CommandContext,
): SourceChoice {
  const location = { account, region, containers };
  if (kind === 'gcp') return { kind, ...location };
  if (kind === 'azure') return { kind, ...location, ...(workspace !== undefined && { workspace }) };
  if (role === undefined) return { kind, ...location };
  if (externalIdFromEnv === undefined) {
    throw new UsageError(
      '--role needs --external-id-from-env NAME: the variable that holds the external id of the role’s trust policy.',
    );
  }
  const externalId = environment.named(externalIdFromEnv);
  refuseOtherRole(account, region, role);
  return { kind, ...location, grant: { role, externalId, tenant: NO_TENANT } };
}

async function selectTenant(
  id: string,
  options: SourceOptions & DeploymentOptions,
  context: CommandContext,
  { examinesConfig = false }: SelectionTerms,
): Promise<Selection> {
  const { environment, now, terminal } = context;
  const stored = await openConfigStore(environment).get(id);
  if (stored === undefined) throw noTenant(id, deploymentArguments(options));
  const knowledge = tenantKnowledge(environment);
  const located = tenantTargets(stored, options, options.at ?? now, environment);
  const targets = located.map((target) => ({ ...target, ...(knowledge && { knowledge }) }));
  refuseNowhere(targets, `Tenant ${id}`, options);
  if (examinesConfig) warnAbout(stored.config, context);
  const disabled = disabledNote(stored.config, targets);
  const unused = unusedNote(options.policyFile, stored.config, targets);
  for (const note of [disabled, unused].filter((text) => text !== undefined))
    terminal.note(wrap(`note: ${note}`, textWidth(terminal), '  '));
  return selection(targets, options, now);
}

/** What is inspected at the prompt and not by schedules: undefined where there is none. */
function disabledNote({ tenant, enabled, accounts }: TenantConfig, targets: readonly Target[]): string | undefined {
  if (!enabled) return `tenant ${tenant} has \`enabled: false\`: schedules do not inspect it.`;
  const selected = new Set(targets.map(({ source }) => source.scope.account));
  const disabled = accounts.filter((one) => !one.enabled && selected.has(one.account)).map(({ account }) => account);
  if (disabled.length === 0) return undefined;
  return `${disabled.join(', ')} of tenant ${tenant} has \`enabled: false\`: schedules do not inspect it.`;
}

/** What a file sets and a store has otherwise: undefined where there is none. */
function unusedNote(file: PolicyOption | undefined, { tenant }: TenantConfig, targets: readonly Target[]) {
  const values = file && metricValues(LEAK_METRIC, file.values);
  const unused = POLICY_FIELDS.filter(
    (name) => values?.[name] !== undefined && targets.some(({ policies: { common } }) => common[name] !== values[name]),
  );
  if (unused.length === 0) return undefined;
  return `${unused.join(', ')} of ${file?.name} is not used: it is stored for tenant ${tenant}, and what is stored goes before a file.`;
}

function selection(targets: readonly Target[], { at }: { readonly at?: number | undefined }, now: number): Selection {
  const end = at === undefined ? 'now' : 'given';
  return { targets, scheduledTime: at ?? now, end, now, [Symbol.asyncDispose]: async () => {} };
}

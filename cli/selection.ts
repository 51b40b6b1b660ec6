/** Which hosts a command works on: the source options in, one target per account and region out. */
import type * as z from 'zod';
import { openSource, type SourceChoice } from '../adapters/index.ts';
import { recordingEnd } from '../adapters/trace-file/newest.ts';
import { azureRegionSchema, azureSubscriptionSchema } from '../model/azure-account.ts';
import { gcpProjectSchema, gcpRegionSchema } from '../model/gcp-account.ts';
import { type Account, awsAccountIdSchema, awsRegionSchema } from '../model/tenant.ts';
import type { Context } from './context.ts';
import { refuseOtherAccount, refuseOtherRole } from './own-account.ts';
import { wrap } from './render/text.ts';
import { formatDuration, formatTime } from './render/units.ts';
import { openConfigStore } from './stores.ts';
import { createTarget, NO_TENANT, type Selection, type SourceOptions, type Target, tenantTargets } from './targets.ts';
import { type Terminal, textWidth } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const WAYS = '--traces FILE…, --provider aws|gcp|azure --account ID --region R, --tenant ID, or --demo';

/** The option by which a command is told when the samples end, for what it says about it. */
type EndOption = '--at' | '--to';

/** Throws `UsageError` where the options name no source, or more than one. */
export async function openSelection(
  options: SourceOptions,
  context: Context,
  endOption: EndOption = '--at',
): Promise<Selection> {
  const { traces, demo, provider, tenant } = options;
  const ways = [traces !== undefined, demo === true, provider !== undefined, tenant !== undefined].filter(Boolean);
  if (ways.length !== 1) throw new UsageError(`Say which hosts, in exactly one way: ${WAYS}.`);
  checkBelongings(options);
  if (traces !== undefined) return selectTraces(traces, options, context, endOption);
  if (tenant !== undefined) return selectTenant(tenant, options, context);
  if (provider !== undefined) return selectAccount(provider, options, context);
  // Loaded here only: no other way needs the sandbox, which an installation for production does not have.
  const { openDemoSelection } = await import('./demo.ts');
  return openDemoSelection(options);
}

/** Options that mean nothing in the way that was chosen are mistakes: ignoring them would inspect something else than was meant. */
function checkBelongings(options: SourceOptions): void {
  const { provider, tenant, demo } = options;
  const misplaced = [
    options.region !== undefined && provider === undefined && '--region belongs to --provider',
    options.account !== undefined &&
      provider === undefined &&
      tenant === undefined &&
      '--account belongs to --provider or --tenant',
    options.role !== undefined && provider !== 'aws' && '--role belongs to --provider aws',
    options.workspace !== undefined && provider !== 'azure' && '--workspace belongs to --provider azure',
    options.externalIdFromEnv !== undefined && options.role === undefined && '--external-id-from-env belongs to --role',
    options.seed !== undefined && demo !== true && '--seed belongs to --demo',
  ].filter((part) => typeof part === 'string');
  if (misplaced.length > 0) throw new UsageError(`${misplaced.join('; ')}.`);
}

async function selectTraces(
  files: readonly string[],
  options: SourceOptions,
  context: Context,
  endOption: EndOption,
): Promise<Selection> {
  const source = openSource({ kind: 'trace_file', files });
  const scheduledTime = options.at ?? (await endOfTraces(files, context.terminal, endOption)) ?? context.now;
  return selection([createTarget(NO_TENANT, source, options)], scheduledTime, context.now);
}

/** Samples that are newer than all others by more than this may have a wrong time. */
const LONE_AFTER_MS = 86_400_000;

/**
 * Just after the newest sample. One with a wrong time moves the window away from all others; because it may as well be
 * the first one after an outage it is told, with what to do about it, and not passed over.
 */
async function endOfTraces(
  files: readonly string[],
  terminal: Terminal,
  endOption: EndOption,
): Promise<number | undefined> {
  const recorded = await recordingEnd(files);
  if (recorded === undefined) return undefined;
  const { end, endBefore = end } = recorded;
  if (end - endBefore > LONE_AFTER_MS) {
    const note =
      `note: the newest sample, of ${formatTime(end - 1)}, is ${formatDuration(end - endBefore)} newer than all others, and ` +
      `the window ends with it. If its time is wrong, judge the others with ${endOption} ${wholeSecondFrom(endBefore)}.`;
    terminal.note(wrap(note, textWidth(terminal), '  '));
  }
  return end;
}

/** As --at takes it: the first whole second that is not before the moment. */
function wholeSecondFrom(epochMs: number): string {
  return new Date(Math.ceil(epochMs / 1000) * 1000).toISOString().replace('.000', '');
}

async function selectAccount(
  provider: Account['provider'],
  options: SourceOptions,
  context: Context,
): Promise<Selection> {
  const { account, region: regions = [], role } = options;
  const [region] = regions;
  if (account === undefined || region === undefined) {
    throw new UsageError(`--provider ${provider} needs --account ID and one or more --region R.`);
  }
  const form = FORMS[provider];
  checkForm('--account', form.account, account);
  for (const region of regions) checkForm('--region', form.region, region);
  const targets = regions.map((region) =>
    createTarget(NO_TENANT, openSource(ownChoice(provider, account, region, options, context)), options),
  );
  if (provider === 'aws' && role === undefined) await refuseOtherAccount(account, region, context);
  return selection(targets, options.at ?? context.now, context.now);
}

/** How accounts and regions are written: both become part of addresses that are asked. */
const FORMS = {
  aws: { account: awsAccountIdSchema, region: awsRegionSchema },
  gcp: { account: gcpProjectSchema, region: gcpRegionSchema },
  azure: { account: azureSubscriptionSchema, region: azureRegionSchema },
} as const;

function checkForm(option: string, schema: z.ZodString, value: string): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${option} ${value}: it ${parsed.error.issues[0]?.message}.`);
}

/** An account that is read with the credentials of whoever runs the command, or in AWS with a role. */
function ownChoice(
  kind: Account['provider'],
  account: string,
  region: string,
  { role, externalIdFromEnv, workspace }: SourceOptions,
  { environment }: Context,
): SourceChoice {
  if (kind === 'gcp') return { kind, account, region };
  if (kind === 'azure') return { kind, account, region, ...(workspace !== undefined && { workspace }) };
  if (role === undefined) return { kind, account, region };
  if (externalIdFromEnv === undefined) {
    throw new UsageError(
      '--role needs --external-id-from-env NAME: the variable that holds the external id of the role’s trust policy.',
    );
  }
  const externalId = environment.named(externalIdFromEnv);
  refuseOtherRole(account, role);
  return { kind, account, region, grant: { role, externalId, tenant: NO_TENANT } };
}

async function selectTenant(id: string, options: SourceOptions, { environment, now }: Context): Promise<Selection> {
  const stored = await openConfigStore(environment).get(id);
  if (stored === undefined) throw new UsageError(`There is no tenant ${id}. \`npx plimsoll tenants list\` lists them.`);
  const scheduledTime = options.at ?? now;
  return selection(tenantTargets(stored, options, scheduledTime, environment), scheduledTime, now);
}

function selection(targets: readonly Target[], scheduledTime: number, now: number): Selection {
  return { targets, scheduledTime, now, [Symbol.asyncDispose]: async () => {} };
}

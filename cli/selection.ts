/** Which hosts a command works on: the source options in, one target per account and region out. */
import { openSource } from '../adapters/index.ts';
import { newestSampleEnd } from '../adapters/trace-file/newest.ts';
import type { Context } from './context.ts';
import { openConfigStore } from './stores.ts';
import { createTarget, NO_TENANT, type Selection, type SourceOptions, type Target, tenantTargets } from './targets.ts';
import { UsageError } from './usage-error.ts';

const WAYS = '--traces FILE…, --provider aws --account ID --region R, --tenant ID, or --demo';

/** Throws `UsageError` where the options name no source, or more than one. */
export async function openSelection(options: SourceOptions, context: Context): Promise<Selection> {
  const { traces, demo, provider, tenant } = options;
  const ways = [traces !== undefined, demo === true, provider !== undefined, tenant !== undefined].filter(Boolean);
  if (ways.length !== 1) throw new UsageError(`Say which hosts, in exactly one way: ${WAYS}.`);
  checkBelongings(options);
  if (traces !== undefined) return selectTraces(traces, options, context);
  if (tenant !== undefined) return selectTenant(tenant, options, context);
  if (provider !== undefined) return selectAccount(options, context);
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
    options.role !== undefined && provider === undefined && '--role belongs to --provider',
    options.externalIdFromEnv !== undefined && options.role === undefined && '--external-id-from-env belongs to --role',
    options.seed !== undefined && demo !== true && '--seed belongs to --demo',
  ].filter((part) => typeof part === 'string');
  if (misplaced.length > 0) throw new UsageError(`${misplaced.join('; ')}.`);
}

async function selectTraces(files: readonly string[], options: SourceOptions, { now }: Context): Promise<Selection> {
  const source = openSource({ kind: 'trace_file', files });
  const scheduledTime = options.at ?? (await newestSampleEnd(files)) ?? now;
  return selection([createTarget(NO_TENANT, source, options)], scheduledTime);
}

function selectAccount(options: SourceOptions, { environment, now }: Context): Selection {
  const { account, region: regions = [], role, externalIdFromEnv } = options;
  if (account === undefined || regions.length === 0) {
    throw new UsageError('--provider aws needs --account ID and one or more --region R.');
  }
  if (role !== undefined && externalIdFromEnv === undefined) {
    throw new UsageError(
      '--role needs --external-id-from-env NAME: the variable that holds the external id of the role’s trust policy.',
    );
  }
  const externalId = externalIdFromEnv === undefined ? undefined : environment.named(externalIdFromEnv);
  const grant = role !== undefined && externalId !== undefined && { role, externalId, tenant: NO_TENANT };
  const targets = regions.map((region) =>
    createTarget(NO_TENANT, openSource({ kind: 'aws', account, region, ...(grant && { grant }) }), options),
  );
  return selection(targets, options.at ?? now);
}

async function selectTenant(id: string, options: SourceOptions, { environment, now }: Context): Promise<Selection> {
  const stored = await openConfigStore(environment).get(id);
  if (stored === undefined) throw new UsageError(`There is no tenant ${id}. \`plimsoll tenants list\` lists them.`);
  const scheduledTime = options.at ?? now;
  return selection(tenantTargets(stored, options, scheduledTime), scheduledTime);
}

function selection(targets: readonly Target[], scheduledTime: number): Selection {
  return { targets, scheduledTime, [Symbol.asyncDispose]: async () => {} };
}

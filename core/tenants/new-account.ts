/** What stands in a config for an account that it does not have yet, as far as that is known. */
import type * as z from 'zod';
import type { GcpIdentity } from '../model/gcp-account.ts';
import type { CloudProvider } from '../model/series.ts';
import type { Account, accountSchema } from '../model/tenant.ts';
import { PLACEHOLDERS } from './placeholders.ts';

/** An account as somebody writes it. */
type AccountInput = z.input<typeof accountSchema>;

/** What is known of an account before it is in a config. */
export type KnownAccount =
  | { readonly provider: 'aws'; readonly account: string; readonly partition?: string }
  | { readonly provider: 'gcp'; readonly account: string; readonly projectNumber?: string }
  | { readonly provider: 'azure'; readonly account: string; readonly directory?: string | null };

/** What an operator states for all new accounts; the rest is taken from the tenant's other accounts, or from onboarding. */
export interface NewAccountOptions {
  readonly regions?: readonly string[] | undefined;
  /** Of AWS: an ARN with `{account}`, and perhaps `{partition}`. */
  readonly role?: string | undefined;
  /** Of Azure: the application that reads. */
  readonly client?: string | undefined;
  /** Of Google Cloud: what infra/onboarding/gcp.sh was given, from which its names follow. */
  readonly onboarding?: OnboardingNames | undefined;
}

export interface OnboardingNames {
  readonly stage: string;
  readonly tenant: string;
  readonly externalId: string;
}

/** The role that infra/onboarding/aws.yml makes. */
export const DEFAULT_ROLE = 'arn:{partition}:iam::{account}:role/plimsoll-reader';

/**
 * The account with every field that its provider needs. What is not known is a placeholder, which no config may keep; regions
 * that are not known are an empty list.
 *
 * @param others The tenant's accounts: what most of those of the same provider have, a new one gets too.
 */
export function newAccount(known: KnownAccount, others: readonly Account[], options: NewAccountOptions): AccountInput {
  const { account } = known;
  const regions = [...(regionsFor(known.provider, others, options) ?? [])];
  switch (known.provider) {
    case 'aws':
      return { provider: 'aws', account, regions, role: roleFor(known, others, options) };
    case 'gcp':
      return { provider: 'gcp', account, regions, identity: identityFor(known, others, options) };
    case 'azure':
      return { provider: 'azure', account, regions, ...applicationFor(known, others, options) };
  }
}

/** The stated regions, else those that most of the provider's accounts have; undefined where there is neither. */
export function regionsFor(
  provider: CloudProvider,
  others: readonly Account[],
  { regions }: NewAccountOptions,
): readonly string[] | undefined {
  return regions ?? commonRegions(others)[provider];
}

const commonRegions = oncePerAccounts((others) => {
  const regionsOf = (provider: CloudProvider) =>
    mostCommon(others.filter((one) => one.provider === provider).map((one) => one.regions));
  return { aws: regionsOf('aws'), gcp: regionsOf('gcp'), azure: regionsOf('azure') };
});

type KnownIn<Provider extends CloudProvider> = Extract<KnownAccount, { provider: Provider }>;

function roleFor(
  { account, partition = 'aws' }: KnownIn<'aws'>,
  others: readonly Account[],
  { role }: NewAccountOptions,
): string {
  const pattern = role ?? commonRole(others) ?? DEFAULT_ROLE;
  return pattern.replaceAll('{account}', account).replaceAll('{partition}', partition);
}

const commonRole = oncePerAccounts((others) =>
  mostCommon(others.flatMap((one) => (one.provider === 'aws' ? [one.role.replace(one.account, '{account}')] : []))),
);

/**
 * The onboarding makes a pool and a service account in each project; an operator may also have one for all. A new project
 * follows most of the others.
 */
function identityFor(
  known: KnownIn<'gcp'>,
  others: readonly Account[],
  { onboarding }: NewAccountOptions,
): GcpIdentity {
  const example = commonIdentity(others);
  if (example !== undefined) return example.isShared ? example.identity : ownIdentity(known, example.identity);
  if (onboarding === undefined) return UNKNOWN_IDENTITY;
  const name = nameOfOnboarding(onboarding);
  return ownIdentity(known, { ...UNKNOWN_IDENTITY, pool: name, serviceAccount: `${name}@` });
}

const commonIdentity = oncePerAccounts((others) =>
  mostCommon(others.flatMap((one) => (one.provider === 'gcp' ? [styleOf(one.identity, one.account)] : []))),
);

interface IdentityStyle {
  readonly isShared: boolean;
  /** Of a project of its own without what differs between projects. */
  readonly identity: GcpIdentity;
}

function styleOf(identity: GcpIdentity, project: string): IdentityStyle {
  const [name = '', host] = identity.serviceAccount.split('@');
  if (host !== `${project}.iam.gserviceaccount.com`) return { isShared: true, identity };
  return { isShared: false, identity: { ...identity, projectNumber: '', serviceAccount: `${name}@` } };
}

function ownIdentity({ account, projectNumber }: KnownIn<'gcp'>, { pool, provider, serviceAccount }: GcpIdentity) {
  return {
    projectNumber: projectNumber ?? PLACEHOLDERS.gcpProjectNumber,
    pool,
    provider,
    serviceAccount: `${serviceAccount}${account}.iam.gserviceaccount.com`,
  };
}

const UNKNOWN_IDENTITY: GcpIdentity = {
  projectNumber: PLACEHOLDERS.gcpProjectNumber,
  pool: 'plimsoll',
  provider: 'plimsoll-aws',
  serviceAccount: `plimsoll@${PLACEHOLDERS.gcpProject}.iam.gserviceaccount.com`,
};

/** Characters of a name that infra/onboarding gives, and of the part of the external id at its end. */
const NAME_LENGTH = 30;
const ID_LENGTH = 8;

/** As `name_within 30` of infra/onboarding/steps.sh makes it. */
function nameOfOnboarding({ stage, tenant, externalId }: OnboardingNames): string {
  const name = `plimsoll-${stage}-${tenant}`.toLowerCase().slice(0, NAME_LENGTH - ID_LENGTH - 1);
  const beginning = 'plimsoll-'.length;
  return `${name.replace(/-$/, '')}-${externalId.slice(beginning, beginning + ID_LENGTH)}`;
}

/** Subscriptions of one directory share an application. */
function applicationFor(known: KnownIn<'azure'>, others: readonly Account[], { client }: NewAccountOptions) {
  const azure = others.filter((one) => one.provider === 'azure');
  const directory = known.directory ?? mostCommon(azure.map((one) => one.directory)) ?? PLACEHOLDERS.azureId;
  const clients = azure.filter((one) => one.directory === directory).map((one) => one.client);
  return { directory, client: client ?? mostCommon(clients) ?? PLACEHOLDERS.azureId };
}

/** Computes something of the same accounts once: an organization has thousands of new ones, and each follows the same others. */
function oncePerAccounts<Result>(compute: (others: readonly Account[]) => Result) {
  const known = new WeakMap<readonly Account[], { readonly result: Result }>();
  return (others: readonly Account[]): Result => {
    const { result } = known.get(others) ?? { result: compute(others) };
    known.set(others, { result });
    return result;
  };
}

/** The value that occurs most often; of several the first. Undefined where there is none. */
function mostCommon<Value>(values: readonly Value[]): Value | undefined {
  const groups = [...Map.groupBy(values, (value) => JSON.stringify(value)).values()];
  return groups.reduce<readonly Value[]>((most, group) => (group.length > most.length ? group : most), [])[0];
}

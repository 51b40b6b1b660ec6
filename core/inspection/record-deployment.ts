/** Keeps what people deployed to a group, as whoever deploys states it, beside the scaling events of the group. */
import { describeIssues, parseInput } from '../model/issues.ts';
import { CLOCK_SKEW_MS } from '../model/message.ts';
import { isoText } from '../model/notation.ts';
import { type ScalingEvent, scalingEventSchema } from '../model/scaling-event.ts';
import type { Scope } from '../model/series.ts';
import type { Account, StoredTenant } from '../model/tenant.ts';
import type { ScalingLog } from '../ports/scaling-log.ts';

/** Which accounts and regions of a tenant something is about; absent is all of them. */
export interface AccountChoice {
  readonly provider?: string;
  readonly account?: string;
  readonly region?: string;
}

export interface Deployment extends AccountChoice {
  readonly group: string;
  /** As the labels of the hosts name it. */
  readonly version: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export type DeploymentOutcome =
  | { readonly kind: 'added' | 'known'; readonly event: ScalingEvent }
  /** What a person has to correct. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The same deployment, at the same time, is kept once. Throws `StoreError`.
 *
 * @param now Epoch milliseconds.
 */
export async function recordDeployment(
  { config }: StoredTenant,
  deployment: Deployment,
  log: Pick<ScalingLog, 'add'>,
  now: number,
): Promise<DeploymentOutcome> {
  const { group, version, at, region } = deployment;
  if (at > now + CLOCK_SKEW_MS) return refused(`${isoText(at)} is in the future`);
  const [account, ...others] = chosenAccounts(config.accounts, deployment);
  if (account === undefined) return refused(`the config of tenant ${config.tenant} has no such account and region`);
  if (others.length > 0) {
    const names = [account, ...others].map((one) => `${one.provider} ${one.account}`);
    return refused(`tenant ${config.tenant} has several accounts (${names.join(', ')}): name one of them`);
  }
  const { provider } = account;
  const event = parseInput(scalingEventSchema, {
    version: 1,
    id: `deployed/${isoText(at)}/${version}`,
    tenant: config.tenant,
    provider,
    account: account.account,
    region: region ?? null,
    group: groupName(provider, group),
    kind: 'deployed',
    name: version,
    time: at,
    hosts: [],
  });
  if (!event.success) return refused(describeIssues(event.error)[0] ?? 'it cannot be kept');
  return { kind: await log.add(event.data), event: event.data };
}

function refused(reason: string): DeploymentOutcome {
  return { kind: 'refused', reason };
}

/** Azure's names are kept in lower case. */
function groupName(provider: Account['provider'], group: string): string {
  return provider === 'azure' ? group.toLowerCase() : group;
}

function chosenAccounts(accounts: readonly Account[], { provider, account, region }: AccountChoice): Account[] {
  return accounts.filter(
    (one) =>
      (provider === undefined || one.provider === provider) &&
      (account === undefined || one.account === account) &&
      (region === undefined || one.regions.includes(region)),
  );
}

/**
 * The events of a group in the chosen accounts and regions, and those that state no region; oldest first. Throws `StoreError`.
 *
 * @param since Epoch milliseconds.
 */
export async function groupEvents(
  { config }: StoredTenant,
  { group, ...choice }: AccountChoice & { readonly group: string },
  log: Pick<ScalingLog, 'list'>,
  since: number,
): Promise<ScalingEvent[]> {
  const events: ScalingEvent[] = [];
  for (const { provider, account, regions } of chosenAccounts(config.accounts, choice)) {
    const chosen = choice.region === undefined ? regions : [choice.region];
    for (const region of [...chosen, null]) {
      const scope: Scope = { provider, account, region };
      events.push(...(await Array.fromAsync(log.list(config.tenant, scope, groupName(provider, group), since))));
    }
  }
  return events.toSorted((a, b) => a.time - b.time);
}

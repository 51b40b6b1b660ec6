/**
 * `plimsoll config effective HOST`: every value that a host is inspected with, and where it comes from. Nothing of the host is read: the rules
 * are compared with the id and with what the options state.
 */

import { formatUsd } from '../../core/messages/units.ts';
import type { HostRule } from '../../core/model/host-filter.ts';
import type { LinkTemplate } from '../../core/model/link-template.ts';
import type { Resource } from '../../core/model/series.ts';
import type { Account, StoredTenant } from '../../core/model/tenant.ts';
import type { EffectiveAlert } from '../../core/tenants/alerts.ts';
import { effectiveConfig } from '../../core/tenants/effective-config.ts';
import type { EffectiveValue } from '../../core/tenants/host-policies.ts';
import { warnAbout } from '../config-warnings.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import { openConfigStore } from '../stores.ts';
import { tableOptions, textWidth } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';

export interface EffectiveOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly account?: string;
  readonly provider?: Account['provider'];
  readonly region?: string;
  readonly name?: string;
  readonly group?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

export async function showEffective(
  host: string,
  options: EffectiveOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal } = context;
  const stored = await openConfigStore(environment).get(options.tenant);
  if (stored === undefined) throw noTenant(options.tenant, deploymentArguments(options));
  const account = accountOf(stored, options);
  const resource = resourceOf(host, account, options);
  const { inspected, requiredConfidence, values, alerts } = effectiveConfig(stored, account, resource);
  const links = effectiveLinks(stored, account);
  if (options.json) {
    const { provider, account: id } = account;
    const ofHost = { tenant: options.tenant, provider, account: id, host, inspected };
    const cadence = account.cadence ?? stored.config.cadence ?? 'schedule';
    const often = { schedule: account.schedule, cadence, costCap: stored.config.costCap ?? null };
    terminal.printJson(JSON.stringify({ ...ofHost, ...often, requiredConfidence, values, alerts, links }, null, 2));
  } else {
    terminal.print(renderTable(values, COLUMNS, tableOptions(terminal)));
    for (const line of scheduleLines(stored, account)) terminal.print(line);
    terminal.print(`A finding needs a confidence of ${requiredConfidence.toFixed(2)} (threshold times environment).`);
    terminal.print(wrap(alertsLine(alerts, stored, account), textWidth(terminal), '  '));
    if (links.length > 0) terminal.print(wrap(linksLine(links), textWidth(terminal), '  '));
    if (!inspected) terminal.print(whyNotInspected(stored, account));
  }
  warnAbout(stored.config, context, { account });
  const missing = missingFacts(stored, account, options);
  if (missing.length > 0)
    terminal.note(wrap(`note: rules also look at ${missing.join(', ')}: ${FACTS}`, textWidth(terminal), '  '));
  return EXIT.clean;
}

/** What is set about notifications, each with its level; lists are counted. */
function alertsLine(alerts: readonly EffectiveAlert[], { config }: StoredTenant, { account }: Account): string {
  const origins = { tenant: `tenant ${config.tenant}`, account: `account ${account}` };
  const set = alerts.map(({ name, value, level }) => `${name} ${alertText(value)} (${origins[level]})`);
  return `Alerts: ${[...set, set.length === 0 ? 'default' : 'all others default'].join(', ')}.`;
}

interface EffectiveLink extends LinkTemplate {
  readonly level: 'tenant' | 'account';
}

/** Templates of links to hosts that they match: those of both levels are shown. */
function effectiveLinks({ config }: StoredTenant, account: Account): EffectiveLink[] {
  const of = (level: EffectiveLink['level'], links: readonly LinkTemplate[] = []) =>
    links.map((link): EffectiveLink => ({ ...link, level }));
  return [...of('tenant', config.links), ...of('account', account.links)];
}

function linksLine(links: readonly EffectiveLink[]): string {
  return `Links: ${links.map(({ title, level }) => `${harmless(title)} (${level})`).join(', ')}.`;
}

function alertText(value: EffectiveAlert['value']): string {
  if (Array.isArray(value)) return `${value.length}`;
  return typeof value === 'object' ? harmless(JSON.stringify(value)) : String(value);
}

/** How often the account is inspected; the columns of the table are of the policy alone. */
function scheduleLines({ config }: StoredTenant, { schedule, cadence }: Account): string[] {
  const origin =
    cadence !== undefined ? 'account' : config.cadence !== undefined ? `tenant ${config.tenant}` : 'default';
  const cap = config.costCap === undefined ? [] : [`Cost cap: ${formatUsd(config.costCap.usdPerMonth)} a month.`];
  return [
    '',
    `Schedule: ${harmless(schedule.cron)} (${schedule.timezone}). Cadence: ${cadence ?? config.cadence ?? 'schedule'} (${origin}).`,
    ...cap,
  ];
}

const FACTS = 'give what the host has with --name, --group and --label, else such rules do not match.';

const COLUMNS: readonly Column<EffectiveValue>[] = [
  { title: 'setting', text: ({ name }) => name, tone: () => 'strong' },
  { title: 'value', text: ({ value }) => String(value), align: 'right' },
  { title: 'from', text: ({ origin }) => harmless(origin.text), leastWidth: 20, overflow: 'wrap' },
];

function whyNotInspected({ config }: StoredTenant, account: Account): string {
  if (!config.enabled) return 'It is not inspected: the tenant is disabled.';
  if (!account.enabled) return 'It is not inspected: the account is disabled.';
  return 'It is not inspected: the rules under `hosts` leave it out.';
}

/** Throws `UsageError` where the options name no account, or several. */
function accountOf({ config }: StoredTenant, { account, provider, region, tenant }: EffectiveOptions): Account {
  const named = config.accounts.filter(
    (one) =>
      one.account === (account ?? one.account) &&
      one.provider === (provider ?? one.provider) &&
      (region === undefined || one.regions.includes(region)),
  );
  const [first, second] = named;
  if (first === undefined) {
    const what = [account && `account ${account}`, provider, region && `region ${region}`].filter(Boolean).join(', ');
    throw new UsageError(`Tenant ${tenant} has no ${what}.`);
  }
  if (second !== undefined)
    throw new UsageError(
      `Tenant ${tenant} has ${named.length} such accounts, and each may have values of its own: name one with --account, --provider or --region.`,
    );
  return first;
}

function resourceOf(id: string, account: Account, { region, name, group, label }: EffectiveOptions): Resource {
  return {
    provider: account.provider,
    account: account.account,
    region: region ?? account.regions[0] ?? null,
    id,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    ...(label !== undefined && { labels: label }),
  };
}

/** What some rule looks at and no option states. */
function missingFacts({ config }: StoredTenant, account: Account, options: EffectiveOptions): string[] {
  const rules: HostRule[] = [config, account].flatMap(({ groupPolicies = [], hostPolicies: ofHosts = [], hosts }) => [
    ...groupPolicies.map(({ group }) => ({ group })),
    ...ofHosts,
    ...(hosts?.include ?? []),
    ...(hosts?.exclude ?? []),
  ]);
  const labels = new Set(rules.flatMap((rule) => Object.keys(rule.labels ?? {})));
  return [
    ...(options.name === undefined && rules.some(({ name }) => name !== undefined) ? ['names'] : []),
    ...(options.group === undefined && rules.some(({ group }) => group !== undefined) ? ['groups'] : []),
    ...[...labels].filter((key) => options.label?.[key] === undefined).map((key) => `the label ${harmless(key)}`),
  ];
}

/** The alerts of a tenant's account: what the account sets goes before what the tenant sets, field by field. And what is wrong with them. */
import type { Alerts } from '../model/alerts.ts';
import type { FieldIssue } from '../model/issues.ts';
import type { Receiver } from '../model/receiver.ts';
import type { Account, TenantConfig } from '../model/tenant.ts';
import { timezoneIssue, windowIssue } from './schedule.ts';

type Owner = Pick<TenantConfig | Account, 'alerts'>;

/** Undefined where neither sets anything. */
export function effectiveAlerts({ alerts }: Owner, account?: Owner): Alerts | undefined {
  if (account?.alerts === undefined) return alerts;
  return { ...alerts, ...account.alerts };
}

interface AccountName {
  readonly provider: string;
  readonly account: string;
}

/** @param of Absent, or an account that the config has no longer: the tenant's own alerts. */
export function alertsOf(config: TenantConfig, of?: AccountName | null): Alerts {
  const account = config.accounts.find((one) => one.provider === of?.provider && one.account === of.account);
  return effectiveAlerts(config, account) ?? {};
}

/** Of the tenant and of its accounts: a name may stand for another receiver in each. */
export function allReceivers({ alerts, accounts }: TenantConfig): readonly Receiver[] {
  return [alerts, ...accounts.map((account) => account.alerts)].flatMap((level) => level?.receivers ?? []);
}

/** A field of the alerts of an account, with the level that sets it. */
export interface EffectiveAlert {
  readonly name: keyof Alerts;
  readonly value: Alerts[keyof Alerts];
  readonly level: 'tenant' | 'account';
}

/** Every field that is set, in the order in which a config has them. */
export function effectiveAlertFields(config: Owner, account: Owner): EffectiveAlert[] {
  const alerts = effectiveAlerts(config, account) ?? {};
  return FIELDS.flatMap((name): EffectiveAlert[] => {
    const value = alerts[name];
    if (value === undefined) return [];
    return [{ name, value, level: account.alerts?.[name] === undefined ? 'tenant' : 'account' }];
  });
}

const FIELDS = [
  'timezone',
  'shadow',
  'storm',
  'maintenance',
  'silenceHours',
  'preset',
  'rules',
  'receivers',
  'routes',
  'quietHours',
  'reminder',
  'escalation',
  'runbooks',
  'attributeLabels',
  'digest',
] as const satisfies readonly (keyof Alerts)[];

/** What a schema of one field cannot know: names that stand for others, time zones, and dates that never come. */
export function alertsIssues(config: TenantConfig): FieldIssue[] {
  return [
    ...issuesOf(config.alerts, config.alerts, ['alerts']),
    ...config.accounts.flatMap((account, index) => [
      ...issuesOf(account.alerts, effectiveAlerts(config, account), ['accounts', index, 'alerts']),
      ...missingReceivers(config.alerts, account.alerts, ['accounts', index, 'alerts', 'receivers']),
    ]),
  ];
}

/** @param all With what the other level sets: a route of an account may name a receiver of its tenant. */
function issuesOf(own: Alerts | undefined, all: Alerts | undefined, path: FieldIssue['path']): FieldIssue[] {
  if (own === undefined || all === undefined) return [];
  const issues = [...repeatedNames(own), ...unknownReceivers(own, all), ...wrongTimes(own)];
  return issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function repeatedNames({ rules = [], receivers = [], maintenance = [] }: Alerts): FieldIssue[] {
  return Object.entries({ rules, receivers, maintenance }).flatMap(([field, list]) => {
    const names = list.map(({ name }) => name);
    return names.flatMap((name, index) =>
      names.indexOf(name) === index ? [] : [{ path: [field, index, 'name'], message: `names ${name} a second time` }],
    );
  });
}

function unknownReceivers({ routes = [], escalation }: Alerts, all: Alerts): FieldIssue[] {
  const known = (all.receivers ?? []).map(({ name }) => name);
  const message = (name: string) =>
    `${name} is no receiver of the config, which has ${known.length === 0 ? 'none' : known.join(', ')}`;
  const unknown = (names: readonly string[], path: FieldIssue['path']) =>
    names.flatMap((name, index) => (known.includes(name) ? [] : [{ path: [...path, index], message: message(name) }]));
  return [
    ...routes.flatMap(({ receivers }, index) => unknown(receivers, ['routes', index, 'receivers'])),
    ...unknown(escalation?.receivers ?? [], ['escalation', 'receivers']),
  ];
}

/** What an account's own receivers leave out, which replace those of the tenant, though routes or the escalation of the tenant name it. */
function missingReceivers(tenant: Alerts = {}, own: Alerts = {}, path: FieldIssue['path']): FieldIssue[] {
  if (own.receivers === undefined) return [];
  const known = own.receivers.map(({ name }) => name);
  const named = [
    ...(own.routes === undefined ? (tenant.routes ?? []).flatMap(({ receivers }) => receivers) : []),
    ...(own.escalation === undefined ? (tenant.escalation?.receivers ?? []) : []),
  ];
  const missing = [...new Set(named)].filter((name) => !known.includes(name));
  if (missing.length === 0) return [];
  const message = `replace those of the tenant, whose routes or escalation name ${missing.join(', ')}: add them, or routes and escalation of the account`;
  return [{ path, message }];
}

function wrongTimes({ timezone, maintenance = [], quietHours = [], digest }: Alerts): FieldIssue[] {
  const zones = [
    ...(timezone === undefined ? [] : [{ timezone, path: ['timezone'] }]),
    ...maintenance.map(({ timezone }, index) => ({ timezone, path: ['maintenance', index, 'timezone'] })),
    ...quietHours.map(({ timezone }, index) => ({ timezone, path: ['quietHours', index, 'timezone'] })),
    ...(digest === undefined ? [] : [{ timezone: digest.timezone, path: ['digest', 'timezone'] }]),
  ];
  return [
    ...maintenance.flatMap(({ cron }, index) => issueAt(['maintenance', index, 'cron'], windowIssue(cron))),
    ...zones.flatMap(({ timezone, path }) => issueAt(path, timezoneIssue(timezone))),
  ];
}

function issueAt(path: FieldIssue['path'], message: string | undefined): FieldIssue[] {
  return message === undefined ? [] : [{ path, message }];
}

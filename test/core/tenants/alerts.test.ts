import { describe, expect, it } from 'vitest';
import { issueText } from '../../../core/model/issues.ts';
import { InvalidFieldsError } from '../../../core/ports/errors.ts';
import { effectiveAlertFields, effectiveAlerts } from '../../../core/tenants/alerts.ts';
import { parseTenantConfig } from '../../../core/tenants/tenant-config.ts';
import { anAccount } from '../../fixtures/builders.ts';

function parse(alerts: unknown, ofAccount?: unknown) {
  const account = anAccount(ofAccount === undefined ? {} : { alerts: ofAccount });
  return parseTenantConfig({
    version: 1,
    tenant: 'acme',
    accounts: [account],
    ...(alerts !== undefined && { alerts }),
  });
}

function issues(alerts: unknown, ofAccount?: unknown): string[] {
  try {
    parse(alerts, ofAccount);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFieldsError)) throw error;
    return error.fields.map(issueText);
  }
}

const ON_CALL = { name: 'on-call', type: 'pagerduty', secret: 'pagerduty' };

describe('the alerts of a config', () => {
  it('name receivers that there are', () => {
    const alerts = {
      receivers: [ON_CALL],
      routes: [{ receivers: ['on-call', 'oncall'] }],
      escalation: { afterMinutes: 30, receivers: ['boss'] },
    };

    expect(issues(alerts)).toEqual([
      'alerts.routes[0].receivers[1]: oncall is no receiver of the config, which has on-call',
      'alerts.escalation.receivers[0]: boss is no receiver of the config, which has on-call',
    ]);
  });

  it('of an account may name receivers of the tenant', () => {
    const routes = [{ receivers: ['on-call'] }];

    expect(issues({ receivers: [ON_CALL] }, { routes })).toEqual([]);
    expect(issues(undefined, { routes })).toEqual([
      'accounts[0].alerts.routes[0].receivers[0]: on-call is no receiver of the config, which has none',
    ]);
  });

  it('of an account whose receivers replace those of the tenant have routes and an escalation that name them', () => {
    const chat = { name: 'chat', type: 'amazon-q' };
    const tenant = {
      receivers: [ON_CALL],
      routes: [{ receivers: ['on-call'] }],
      escalation: { afterMinutes: 30, receivers: ['on-call'] },
    };
    const own = { routes: [{ receivers: ['chat'] }], escalation: { afterMinutes: 30, receivers: ['chat'] } };

    expect(issues(tenant, { receivers: [chat] })).toEqual([
      'accounts[0].alerts.receivers: replace those of the tenant, whose routes or escalation name on-call: ' +
        'add them, or routes and escalation of the account',
    ]);
    expect(issues(tenant, { receivers: [chat], ...own })).toEqual([]);
  });

  it('name nothing twice', () => {
    const rule = { name: 'slow', action: 'hold' };

    expect(issues({ rules: [rule, rule], receivers: [ON_CALL, ON_CALL] })).toEqual([
      'alerts.rules[1].name: names slow a second time',
      'alerts.receivers[1].name: names on-call a second time',
    ]);
  });

  it('have windows whose dates come, in time zones that there are', () => {
    const maintenance = [
      { name: 'never', cron: '0 2 30 2 *', durationMinutes: 60 },
      { name: 'short', cron: '0 2 * *', durationMinutes: 60 },
      { name: 'often', cron: '* * * * *', durationMinutes: 60, timezone: 'Berlin' },
    ];

    expect(issues({ maintenance, quietHours: [{ from: '22:00', to: '06:00', timezone: 'europe/berlin' }] })).toEqual([
      'alerts.maintenance[0].cron: never fires: no date is like this',
      expect.stringContaining('alerts.maintenance[1].cron: its number of fields is not understood'),
      'alerts.maintenance[2].cron: begins every 1 min at times; at least 15 min must lie between two beginnings of a window',
      'alerts.maintenance[2].timezone: must be UTC or an IANA time zone with its area, for example Europe/Berlin',
      'alerts.quietHours[0].timezone: must be written Europe/Berlin',
    ]);
  });

  it('name the time zone that is probably meant', () => {
    const timezone = 'Europe/Berln';
    const alerts = {
      timezone,
      maintenance: [{ name: 'patch-day', cron: '0 2 * * 0', durationMinutes: 60, timezone }],
      quietHours: [{ from: '22:00', to: '06:00', timezone: 'Atlantis/Central_City' }],
      digest: { every: 'day', timezone },
    };

    expect(issues(alerts)).toEqual([
      'alerts.timezone: is no time zone that is known. Did you mean Europe/Berlin?',
      'alerts.maintenance[0].timezone: is no time zone that is known. Did you mean Europe/Berlin?',
      'alerts.quietHours[0].timezone: is no time zone that is known',
      'alerts.digest.timezone: is no time zone that is known. Did you mean Europe/Berlin?',
    ]);
  });

  it('are checked field by field', () => {
    expect(issues({ silencHours: 3, rules: [{ name: 'Slow', action: 'email' }] })).toEqual([
      'alerts.rules[0].name: must be lower case letters, digits and inner dashes',
      'alerts.rules[0].action: must be "page", "notify" or "hold"',
      'alerts.silencHours: unknown field',
    ]);
  });

  it('of an account go before those of the tenant, field by field', () => {
    const config = parse({ silenceHours: 4, preset: 'precog' }, { silenceHours: 8 });
    const [account] = config.accounts;

    expect(effectiveAlerts(config, account)).toEqual({ silenceHours: 8, preset: 'precog' });
    expect(account && effectiveAlertFields(config, account)).toEqual([
      { name: 'silenceHours', value: 8, level: 'account' },
      { name: 'preset', value: 'precog', level: 'tenant' },
    ]);
  });
});

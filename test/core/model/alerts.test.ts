import { describe, expect, it } from 'vitest';
import { alertsSchema } from '../../../core/model/alerts.ts';

describe('the alerts of a config', () => {
  it('accept maintenance windows, quiet hours, rules, routes and receivers together', () => {
    const alerts = {
      storm: { hosts: 8, withinHours: 6 },
      maintenance: [{ name: 'patch-day', cron: '0 2 * * 0', durationMinutes: 120, timezone: 'Europe/Berlin' }],
      rules: [{ name: 'soon-full', grades: ['suspected'], severities: ['critical'], action: 'page' }],
      receivers: [{ name: 'on-call', type: 'pagerduty', secret: 'pagerduty' }],
      routes: [{ match: { groups: ['checkout*'] }, receivers: ['on-call'] }],
      quietHours: [{ from: '22:00', to: '07:00' }],
    };

    const parsed = alertsSchema.parse(alerts);

    expect(parsed.quietHours?.[0]).toMatchObject({ timezone: 'UTC', below: 'critical' });
    expect(parsed.receivers?.[0]).toMatchObject({ region: 'us' });
  });

  it('refuse a receiver whose address is not https', () => {
    const receiver = { name: 'am', type: 'alertmanager', url: 'http://alerts.example.com' };

    expect(alertsSchema.safeParse({ receivers: [receiver] }).success).toBe(false);
  });
});

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

  it.each([
    ['a token', 'xoxb-123-abc'],
    ['a routing key', '0123456789abcdef0123456789abcdef'],
    ['a key that signs', 'whsec_c2VjcmV0'],
  ])('refuse %s where the name of a secret belongs', (_, secret) => {
    const [receiver, named] = [secret, 'pagerduty-key'].map((one) =>
      alertsSchema.safeParse({ receivers: [{ name: 'on-call', type: 'pagerduty', secret: one }] }),
    );

    expect(receiver?.error?.issues[0]?.message).toContain('looks like the secret itself');
    expect(named?.success).toBe(true);
  });

  it('refuse a receiver whose address is not https', () => {
    const receiver = { name: 'am', type: 'alertmanager', url: 'http://alerts.example.com' };

    const [http, words] = [receiver, { ...receiver, url: 'alerts' }].map((one) =>
      alertsSchema.safeParse({ receivers: [one] }),
    );

    expect(http?.error?.issues[0]?.message).toBe('must begin with https://');
    expect(words?.error?.issues[0]?.message).toBe('must be a URL');
  });
});

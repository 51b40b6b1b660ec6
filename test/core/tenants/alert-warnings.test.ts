import { describe, expect, it } from 'vitest';
import { issueText } from '../../../core/model/issues.ts';
import { alertWarnings } from '../../../core/tenants/alert-warnings.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { ALERTS, CHAT, PAGER } from '../../fixtures/receivers.ts';

const TO_CHAT = { receivers: ['chat'] };
const RECEIVERS = [CHAT, PAGER, ALERTS];

function warnings(alerts: object, ...ofAccounts: readonly (object | undefined)[]): string[] {
  const accounts = ofAccounts.map((own, index) => {
    const account = `${index + 1}`.repeat(12);
    return {
      ...anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-read` }),
      ...(own && { alerts: own }),
    };
  });
  return alertWarnings(aTenantConfig({ alerts, ...(accounts.length > 0 && { accounts }) }), NOON).map(issueText);
}

describe('a config is warned about', () => {
  it.each([
    [
      'a shadow that has ended',
      { shadow: { until: iso(NOON) } },
      /^alerts\.shadow\.until: ended at 2026.* Take it out/,
    ],
    [
      'a receiver that nothing names',
      { receivers: RECEIVERS, routes: [TO_CHAT], escalation: { afterMinutes: 30, receivers: ['pager'] } },
      /^alerts\.receivers\[2\]: no route and no escalation names alerts, .* Name it in a route, or take it out\.$/,
    ],
    [
      'a route without receivers',
      { receivers: [CHAT], routes: [{ kinds: ['opened'], receivers: [] }, TO_CHAT] },
      /^alerts\.routes\[0\]\.receivers: it names no receiver: what it matches goes to the topic alone\. Name a receiver/,
    ],
    [
      'a route without receivers that goes on',
      { receivers: [CHAT], routes: [{ receivers: [], continue: true }, TO_CHAT] },
      /^alerts\.routes\[0\]\.receivers: .* so it does nothing\. Name a receiver, or take the route out\.$/,
    ],
    [
      'a route behind one that matches everything',
      { receivers: [CHAT], routes: [TO_CHAT, { kinds: ['opened'], ...TO_CHAT }] },
      /^alerts\.routes\[1\]: routes\[0\] before it matches everything.* Move it up, or give routes\[0\] `continue: true`\.$/,
    ],
  ])('with %s, once and with what to do', (_, alerts, expected) => {
    expect(warnings(alerts)).toEqual([expect.stringMatching(expected)]);
  });

  it('with a digest of an account, which is not read', () => {
    const found = warnings({}, undefined, { digest: { every: 'day' } });

    expect(found).toEqual([expect.stringMatching(/^accounts\[1\]\.alerts\.digest: .* Move it to its `alerts`\.$/)]);
  });
});

describe('a config is not warned about', () => {
  it.each<[string, object, ...(object | undefined)[]]>([
    ['a shadow that goes on', { shadow: { until: iso(NOON + HOUR) } }],
    ['receivers without routes, which get everything', { receivers: RECEIVERS }],
    [
      'a receiver that a route of an account names',
      { receivers: [CHAT, PAGER], routes: [TO_CHAT] },
      { routes: [{ receivers: ['pager'] }] },
    ],
    [
      'a last route that matches everything',
      { receivers: [CHAT], routes: [{ kinds: ['opened'], ...TO_CHAT }, TO_CHAT] },
    ],
    [
      'routes behind one that goes on',
      { receivers: [CHAT, PAGER], routes: [{ ...TO_CHAT, continue: true }, { receivers: ['pager'] }] },
    ],
  ])('with %s', (_, alerts, ...ofAccounts) => {
    expect(warnings(alerts, ...ofAccounts)).toEqual([]);
  });
});

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Whoever names a host, a process or a deployment writes into what others read: nothing of it does anything there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertmanagerAlert } from '../../../core/messages/alertmanager.ts';
import { amazonQNotification } from '../../../core/messages/amazon-q.ts';
import { emailSubject, emailText } from '../../../core/messages/email.ts';
import { ocsfFinding } from '../../../core/messages/ocsf.ts';
import { pagerDutyEvent } from '../../../core/messages/pagerduty.ts';
import { displayText, visibleText } from '../../../core/messages/plain-text.ts';
import { slackMessage } from '../../../core/messages/slack.ts';
import { teamsMessage } from '../../../core/messages/teams.ts';
import type { Notification } from '../../../core/model/notification.ts';
import { HOSTILE, notifications } from '../../fixtures/notifications.ts';

/** Addresses that a message may have: of our links, and of the page that describes a card. */
const ADDRESSES =
  /^https?:\/\/(wiki\.example|[a-z0-9-]+\.console\.(aws\.amazon\.com|amazonaws\.cn)|console\.cloud\.google\.com|portal\.azure\.com|adaptivecards\.io)\//;

/** All texts of a payload, with the fields that they stand in. */
function textsOf(payload: unknown, path = ''): [path: string, text: string][] {
  if (typeof payload === 'string') return [[path, payload]];
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload).flatMap(([key, value]) => [
    ...(Array.isArray(payload) ? [] : [[`${path} (name)`, key] as [string, string]]),
    ...textsOf(value, Array.isArray(payload) ? path : `${path}.${key}`),
  ]);
}

function holdsForAll(check: (event: Notification) => void): void {
  fc.assert(fc.property(notifications(), check), { numRuns: 40 });
}

const LATER = '2026-12-01T12:00:00.000Z';

describe('hostile text', () => {
  it.each([
    ['Slack', slackMessage],
    ['Teams', teamsMessage],
    ['PagerDuty', pagerDutyEvent],
    ['Alertmanager', (event: Notification) => alertmanagerAlert(event, LATER)],
    ['Amazon Q', amazonQNotification],
  ] as const)('is visible and well formed for %s, and adds no address', (_, render) => {
    holdsForAll((event) => {
      for (const [path, text] of textsOf(render(event))) {
        expect(text.isWellFormed(), path).toBe(true);
        expect(text.replaceAll('\n', ''), path).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        for (const [address] of text.matchAll(/\S*:\/\/\S*/g)) expect(address, path).toMatch(ADDRESSES);
      }
    });
  });

  it('has no control character of Slack, and is no Markdown there', () => {
    holdsForAll((event) => {
      const message = slackMessage(event);
      const marked = textsOf(message).filter(([path]) => !path.startsWith('.blocks.elements.elements'));

      for (const [path, text] of marked) expect(text, path).not.toMatch(/[<>]/);
      expect(JSON.stringify(message)).not.toContain('mrkdwn');
    });
  });

  it('is no mention, link or style in the Markdown that Amazon Q writes', () => {
    holdsForAll(({ ...event }) => {
      const { content, metadata } = amazonQNotification(event);
      const written = [content.title, content.description, ...(content.nextSteps ?? []), metadata.summary];

      for (const text of written) {
        const ours = text.split('\n').filter((line) => !/^(Graph|Runbook): https:\/\//.test(line));
        expect(ours.join('\n')).not.toMatch(/[<>[\]@*`~#!&]/);
      }
    });
  });

  it('stays on its line of an email, in ASCII', () => {
    const ours =
      /^($|[A-Z][A-Za-z ]*: |- |\d+\. |What to do$|Let the others |npx plimsoll |jcmd |dotnet-gcdump |ps -eo |du -xh |ip -s |https:\/\/|(Runbook|Graph|Host page|Event):|No need |Nothing to do|Get up)/;

    holdsForAll((event) => {
      const lines = emailText(event).split('\n');
      const [, , summary, ...rest] = lines;

      for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]*$/);
      for (const line of rest) expect(line).toMatch(ours);
      expect(summary?.length).toBeLessThan(700);
      expect(lines.filter((line) => /^(Bcc|Subject|From|To):/i.test(line))).toEqual([]);
      expect(emailSubject(event)).toMatch(/^[\x20-\x7e]{1,99}$/);
      for (const [address] of emailText(event).matchAll(/\S*:\/\/\S*/g)) {
        expect(address).toMatch(ADDRESSES);
      }
    });
  });

  it('is quoted where a shell would act on it', () => {
    holdsForAll((event) => {
      const commands = emailText(event)
        .split('\n')
        .filter((line) => line.startsWith('npx '));

      for (const command of commands) {
        const bare = command.replace(/'(?:[^']|'\\'')*'/g, '').replace(/"(expected|WHY)"/g, '');
        expect(bare).toMatch(/^[\w@%+=:,./ -]*$/);
      }
    });
  });

  it('is kept as it is in an OCSF finding, which programs read, and its title is visible', () => {
    holdsForAll((event) => {
      const { finding_info } = ocsfFinding(event) as { finding_info: { title: string; desc: string } };

      expect(finding_info.title).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(finding_info.desc.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });
  });

  it.each(HOSTILE)('%j becomes one visible line', (text) => {
    const shown = displayText(text);

    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Surrogate}\p{Zl}]|:\/\//u);
    expect(shown.length).toBeLessThanOrEqual(200);
    expect(displayText(shown)).toBe(shown);
  });

  it.each([
    ['web-7', 'web-7'],
    ['ünïcode 日本 🙂', 'ünïcode 日本 🙂'],
    ['a\t\r\n b', 'a b'],
    ['\u001b[31mred', '[31mred'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['http://evil.example', 'http: //evil.example'],
    [`${'x'.repeat(198)}🙂🙂`, `${'x'.repeat(198)}…`],
  ])('%j is shown as %j', (given, expected) => {
    expect(displayText(given)).toBe(expected);
  });

  it.each(HOSTILE)('%j is one visible line on a page too, where addresses stay', (text) => {
    const shown = visibleText(text);

    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Surrogate}\p{Zl}]/u);
    expect(shown.length).toBeLessThanOrEqual(200);
    expect(shown.replaceAll('://', ': //').slice(0, 190)).toBe(displayText(text).slice(0, 190));
  });
});

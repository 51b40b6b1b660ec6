/** The small pure parts of the page. */
import { describe, expect, it } from 'vitest';
import { actionText, auditSubject } from '../../console/audit-view.ts';
import { toCsv } from '../../console/csv.ts';
import { createSnapshotSource } from '../../console/data/snapshot-source.ts';
import { isDigest } from '../../console/digest-view.ts';
import { inspectionBodyOf } from '../../console/inspection-form.ts';
import { hostPath, incidentPath, pagePath } from '../../console/paths.ts';
import { sparklinePath } from '../../console/sparkline-path.ts';

describe('a sparkline', () => {
  it('rises from the lower left to the upper right of its box', () => {
    expect(sparklinePath([0.5, 0.75, 1], 96, 22)).toBe('M2 20L48 11L94 2');
  });

  it('has a gap where a run has no level, and a dot where a level is alone', () => {
    expect(sparklinePath([1, null, 2, 2], 62, 22)).toMatch(/^M2 20h0\.01M\S+ \S+L\S+ 2$/);
  });

  it('keeps noise flat', () => {
    const path = sparklinePath([0.5, 0.501, 0.5], 96, 22);

    expect(path).toMatch(/^M2 11\.\dL48 10\.\dL94 11\.\d$/);
  });

  it('is empty where nothing is known', () => {
    expect(sparklinePath([null, null], 96, 22)).toBe('');
  });
});

describe('CSV', () => {
  it('quotes what has commas, quotes and lines, and makes formulas inert', () => {
    expect(toCsv([['a,b', 'x "y"', '=1+1', 3, null]])).toBe('"a,b","x ""y""",\'=1+1,3,\r\n');
  });
});

describe('a requested inspection', () => {
  it('names what the form has, and leaves out what is empty', () => {
    const form = {
      account: 'aws 111122223333',
      regions: 'eu-central-1, us-east-1',
      group: ' ',
      hosts: '',
      hours: '48',
    };

    expect(inspectionBodyOf(form)).toEqual({
      provider: 'aws',
      account: '111122223333',
      regions: ['eu-central-1', 'us-east-1'],
      lookBackHours: 48,
    });
  });
});

describe('the source of a report', () => {
  const source = createSnapshotSource({ '/tenants/acme/incidents?limit=5&status=open': { items: [], cursor: null } });

  it('answers from its copy, in whatever order the parameters are', async () => {
    const answer = await source.get(
      '/tenants/{tenant}/incidents',
      { tenant: 'acme' },
      { query: { status: 'open', limit: 5 } },
    );

    expect(answer).toEqual({ items: [], cursor: null });
  });

  it('states what it does not have, and changes nothing', async () => {
    await expect(source.get('/me', {})).rejects.toMatchObject({ status: 404 });
    await expect(source.send('post', '/tenants/{tenant}/mutes', { tenant: 'acme' })).rejects.toMatchObject({
      status: 405,
    });
  });
});

describe('addresses of the page', () => {
  it('encode what they name', () => {
    expect(pagePath('a/b', 'hosts', { group: 'x y', text: undefined })).toBe('/t/a%2Fb/hosts?group=x+y');
    expect(incidentPath('acme', 'Zm9v')).toBe('/t/acme/incidents/Zm9v');
    expect(hostPath('acme', 'Zm9v')).toBe('/t/acme/hosts/Zm9v');
  });
});

describe('a digest', () => {
  it('of another version is not taken for one that has all parts', () => {
    expect(isDigest({ summary: '', from: '', to: '' })).toBe(false);
  });
});

describe('an entry of the audit log', () => {
  const entry = { at: '2026-11-29T12:00:00Z', by: 'you', role: 'admin', version: null, outcome: 'done' } as const;

  it.each([
    ['addMute', '/mutes/m-1 (incident 1f0c22ab (web-7) until 2026-12-06 14:08 UTC: known)', '/t/acme/mutes'],
    ['putGrant', '/grants/g-1 (admin to group sre of https://id.example)', '/t/acme/access'],
  ])('%s states what is in the brackets, and leads to its page', (action, subject, href) => {
    const shown = auditSubject({ ...entry, action, subject }, 'acme');

    expect(shown).toEqual({ text: subject.slice(subject.indexOf('(') + 1, -1), href });
  });

  it('of an incident names its host, and leads to it', () => {
    const subject = '/owner of incident 1f0c22ab (web-7): search team';

    const shown = auditSubject({ ...entry, action: 'setOwner', subject }, 'acme');

    expect(shown).toEqual({
      text: 'incident 1f0c22ab (web-7): search team',
      href: '/t/acme/incidents?status=all&text=1f0c22ab',
    });
    expect(actionText('setOwner')).toBe('set the owner');
  });

  it('of a config names its version', () => {
    const shown = auditSubject({ ...entry, version: 7, action: 'putConfig', subject: '/config' }, 'acme');

    expect(shown).toEqual({ text: 'version 7', href: '/t/acme/config' });
  });
});

import { describe, expect, it } from 'vitest';
import { checkGrant, checkLabel, checkMute, type MuteForm, NO_SUBJECT, subjectOf } from '../../console/mark-forms.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MUTE: MuteForm = {
  subject: { ...NO_SUBJECT, group: 'web-*' },
  reason: 'rolling restart',
  duration: '4',
  until: '',
};

describe('a mute', () => {
  it('lasts as long as was chosen', () => {
    expect(checkMute(MUTE, NOW).body).toEqual({
      subject: { group: 'web-*' },
      reason: 'rolling restart',
      until: '2026-11-29T16:00:00.000Z',
    });
  });

  it('lasts until the moment that was chosen', () => {
    expect(checkMute({ ...MUTE, duration: 'until', until: '2026-11-30T08:00Z' }, NOW).body?.until).toBe(
      '2026-11-30T08:00:00.000Z',
    );
  });

  it('names something', () => {
    expect(checkMute({ ...MUTE, subject: NO_SUBJECT }, NOW)).toMatchObject({
      body: undefined,
      issues: { subject: expect.stringContaining('at least one') },
    });
  });

  it.each([
    ['', /Choose a date/],
    ['2026-11-29T11:00Z', /future/],
    ['2028-01-01T00:00Z', /366 days/],
  ])('does not last until %j', (until, message) => {
    expect(checkMute({ ...MUTE, duration: 'until', until }, NOW).issues.until).toMatch(message);
  });

  it('has a reason', () => {
    expect(checkMute({ ...MUTE, reason: ' x ' }, NOW).issues.reason).toBeDefined();
  });
});

describe('a label', () => {
  const LABEL = {
    subject: { ...NO_SUBJECT, host: 'db-1' },
    kind: 'known-leak',
    reason: 'the cache',
    from: '',
    to: '',
  } as const;

  it('of a known leak has no end', () => {
    expect(checkLabel(LABEL).body).toEqual({
      kind: 'known-leak',
      subject: { host: 'db-1' },
      reason: 'the cache',
      from: null,
      to: null,
    });
  });

  it('is of a kind that somebody chose', () => {
    const { body, issues } = checkLabel({ ...LABEL, kind: '' });

    expect([body, issues.kind]).toEqual([undefined, 'Choose what it is.']);
  });

  it('of a normal period has one', () => {
    expect(checkLabel({ ...LABEL, kind: 'normal-period' }).issues.to).toMatch(/has an end/);
  });

  it('ends after it begins', () => {
    expect(checkLabel({ ...LABEL, from: '2026-11-29T12:00Z', to: '2026-11-29T11:00Z' }).issues.to).toMatch(
      /before it begins/,
    );
  });
});

describe('a subject', () => {
  it('has the fields that are not empty', () => {
    expect(subjectOf({ ...NO_SUBJECT, provider: 'aws', labels: 'team=web, tier', pattern: 'linear' })).toEqual({
      provider: 'aws',
      labels: { team: 'web', tier: '*' },
      pattern: 'linear',
    });
  });
});

describe('a role', () => {
  it('is given to a name that an issuer has', () => {
    const form = { issuer: 'https://login.example.com', kind: 'group', name: ' sre ', role: 'operator' } as const;

    expect(checkGrant(form).body).toEqual({ ...form, name: 'sre' });
    expect(checkGrant({ ...form, name: '', issuer: 'login' }).issues).toEqual({
      issuer: expect.any(String),
      name: 'Name the group.',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../core/messages/brief-facts.ts';
import { emailSubject } from '../../../core/messages/email.ts';
import { leadOf } from '../../../core/messages/lead.ts';
import { pageFaultsCell, pageFaultsText } from '../../../core/messages/page-faults.ts';
import type { NotificationData } from '../../../core/model/notification.ts';
import { aNotification, NOON } from '../../fixtures/builders.ts';

describe('page faults in words', () => {
  it.each([
    [{ perSecond: 1204.4, usual: 0, risen: true }, 'read back from disk 1,204 times a second, usually 0'],
    [{ perSecond: 0.25, usual: 1.7, risen: false }, 'read back from disk 0.25 times a second, usually 2'],
  ])('state how often, and how often as a rule: %j', (faults, text) => {
    expect(pageFaultsText(faults)).toBe(text);
  });

  it('are shorter in a table', () => {
    expect(pageFaultsCell({ perSecond: 12_345, usual: 40, risen: true })).toBe('12,345/s, usually 40');
  });
});

describe('the message about a full host', () => {
  const since = '2026-11-20T03:00:00.000Z';
  const shares = { level: 0.96, highest: 0.99, floorShare: 1, peakShare: 1, recentHours: 6 };
  const full = { kind: 'steady_full', ...shares, since, falls: [], hoursToFull: null, grows: false };
  const about = (exhausted: NonNullable<NotificationData['exhausted']>): NotificationData => {
    const { leak: _, ...data } = aNotification().data;
    return { ...data, finding: 'exhausted', severity: 'medium', exhausted };
  };

  it('states that it reads pages back from disk, where that has risen', () => {
    const data = about({ ...full, pageFaults: { perSecond: 900, usual: 3, risen: true } });

    expect(leadOf(data, NOON)).toContain('has no memory left (96.0 % used), and reads pages back from disk.');
    expect(factsOf(data, NOON)).toContainEqual({
      label: 'Pages',
      text: 'read back from disk 900 times a second, usually 3',
    });
  });

  it('is perhaps about one that is short of memory, where nothing else shows it', () => {
    const event = aNotification();
    const data = about({ ...full, pageFaults: { perSecond: 900, usual: 3, risen: true } });
    const subjectOf = (kind: NotificationData['kind']) => emailSubject({ ...event, data: { ...data, kind } });

    expect(subjectOf('suspected')).toContain('[medium] perhaps short of memory: ');
    expect(subjectOf('cleared')).toContain('no longer exhausted');
  });

  it('states how often where it has not risen, and nothing where nobody counts it', () => {
    const known = about({ ...full, pageFaults: { perSecond: 1, usual: 3, risen: false } });

    expect(leadOf(known, NOON)).not.toContain('disk');
    expect(factsOf(known, NOON).map(({ label }) => label)).toContain('Pages');
    expect(factsOf(about(full), NOON).map(({ label }) => label)).not.toContain('Pages');
  });
});

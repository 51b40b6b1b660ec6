import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../api/fleet/groups.ts';
import type { Incident } from '../../../core/model/incident.ts';
import { type IncidentSummary, summaryOf } from '../../../core/model/incident-summary.ts';
import { type FindingKind, HOST_METRICS } from '../../../core/model/metrics.ts';
import { anIncident, anIncidentKey, NOON } from '../../fixtures/builders.ts';
import { aResultLine, NOT_EVALUATED } from '../../fixtures/result-lines.ts';

const KEY = anIncidentKey();
const NONE = { lines: [], incidents: [], worse: new Set<string>(), recovered: [] };

function anEntry(overrides: Partial<Incident>, finding: FindingKind = 'leak'): IncidentSummary {
  const key = anIncidentKey({ finding });
  const resource = { provider: key.provider, account: key.account, region: key.region, id: key.host, group: 'web' };
  return summaryOf(anIncident({ key, resource, ...overrides }));
}

const ENDED = anEntry({ status: 'watched', endedAt: NOON });

describe('groups', () => {
  it.each(['leak', 'exhausted', 'early'] as const)(
    'show the host of an open incident (%s) as leaking, also where another one of it has recovered',
    (finding) => {
      const open = anEntry({ severity: 'high' }, finding);

      const { groups } = groupsOf({ ...NONE, incidents: [open, ENDED], recovered: [ENDED] });

      expect(groups).toMatchObject([{ group: 'web', leaking: 1, suspected: 0, recovered: 0, worst: 'high' }]);
    },
  );

  it('show no host as leaking whose processor is busy', () => {
    const { key, ...rest } = anEntry({ severity: 'high' }, 'anomaly');

    const { groups } = groupsOf({ ...NONE, incidents: [{ ...rest, key: { ...key, metric: HOST_METRICS } }] });

    expect(groups).toEqual([]);
  });

  it('show the host of a suspected incident as suspected', () => {
    const { groups } = groupsOf({ ...NONE, incidents: [anEntry({ status: 'suspected' })], recovered: [ENDED] });

    expect(groups).toMatchObject([{ leaking: 0, suspected: 1, recovered: 0 }]);
  });

  it.each([
    [
      'recovered before a short history',
      aResultLine({ host: KEY.host, ...NOT_EVALUATED, verdict: 'insufficient_data' }),
      'recovered',
    ],
    ['not monitored before recovered', aResultLine({ host: KEY.host, ...NOT_EVALUATED }), 'notMonitored'],
    ['leaking before recovered', aResultLine({ host: KEY.host }), 'leaking'],
  ] as const)('count a host once: as %s', (_name, line, state) => {
    const none = { leaking: 0, suspected: 0, recovered: 0, insufficient: 0, notMonitored: 0, unreadable: 0 };

    const { groups } = groupsOf({ ...NONE, lines: [line], recovered: [ENDED, anEntry({ endedAt: NOON }, 'early')] });

    expect(groups).toMatchObject([{ ...none, [state]: 1 }]);
  });

  it('count a host in the group of the newest run where its incident has another one', () => {
    const open = anEntry({});

    const { groups } = groupsOf({
      ...NONE,
      lines: [aResultLine({ host: KEY.host, group: 'moved' })],
      incidents: [open],
    });

    expect(groups).toMatchObject([{ group: 'moved', leaking: 1 }]);
  });

  it('count a host that is worse by two incidents once, among the leaking', () => {
    const incidents = [anEntry({}), anEntry({}, 'exhausted')];

    const { groups } = groupsOf({ ...NONE, incidents, worse: new Set(incidents.map(({ id }) => id)) });

    expect(groups).toMatchObject([{ leaking: 1, worse: 1 }]);
  });

  it('are summed up beyond the 200 most urgent ones', () => {
    const names = Array.from({ length: 203 }, (_, index) => `group-${String(index).padStart(3, '0')}`);
    const lines = names.map((group) => aResultLine({ host: `i-${group}`, group, exhaustion_earliest: NOON }));
    const short = { ...NOT_EVALUATED, verdict: 'insufficient_data', group: 'young' } as const;

    const { groups, otherGroups } = groupsOf({ ...NONE, lines: [...lines, aResultLine({ host: 'i-y', ...short })] });

    expect(groups.map(({ group }) => group)).toEqual(names.slice(0, 200));
    expect(otherGroups).toMatchObject({ groups: 4, leaking: 3, insufficient: 1, fullAt: '2026-11-20T12:00:00.000Z' });
  });

  it('have no sum where all are listed', () => {
    expect(groupsOf({ ...NONE, incidents: [anEntry({})] })).toMatchObject({ otherGroups: null });
  });

  it('count no fleet as a host', () => {
    const { groups } = groupsOf({ ...NONE, incidents: [anEntry({}, 'fleet')], recovered: [anEntry({}, 'fleet')] });

    expect(groups).toEqual([]);
  });
});

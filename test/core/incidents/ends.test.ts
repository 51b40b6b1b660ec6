import { describe, expect, it } from 'vitest';
import { createEnds } from '../../../core/incidents/ends.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Inspected } from '../../../core/model/inspected-host.ts';
import type { FindingKind } from '../../../core/model/metrics.ts';
import type { NotMonitored } from '../../../core/model/series.ts';
import { anIncident, anIncidentKey, aResource, aSeries, aSteadyVerdict, HOUR, NOON } from '../../fixtures/builders.ts';

const incidentOf = (host: string, finding: FindingKind = 'leak', rest: Partial<Incident> = {}) =>
  anIncident({ key: anIncidentKey({ host, finding }), since: NOON - 9 * HOUR, ...rest });
const resource = (id: string) => aResource({ id });
const steady = (id: string): Inspected => ({
  kind: 'evaluated',
  series: aSeries([0.5], { resource: resource(id) }),
  verdict: aSteadyVerdict(),
});
const without = (id: string, reason: NotMonitored['reason']): Inspected => ({
  kind: 'not_monitored',
  resource: resource(id),
  reason,
  hint: '',
});
const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const UNREAD: Inspected = { kind: 'unreadable', scope: SCOPE, reason: 'timeout', detail: 'late' };

const kindsOf = (observations: readonly { readonly kind: string; readonly key: Incident['key'] }[]) =>
  observations.map(({ kind, key }) => `${kind} ${key.host} ${key.finding}`);

describe('what ends incidents without a verdict', () => {
  it.each(['suspected', 'open', 'watched'] as const)('reports that the host of a %s leak is gone', (status) => {
    const ends = createEnds([incidentOf('i-1', 'leak', { status })], NOON);

    expect(ends.gone(new Set(['i-2']))).toEqual([{ kind: 'gone', key: anIncidentKey({ host: 'i-1' }), asOf: NOON }]);
  });

  it('ends all incidents of a host that is gone, but for those of fleets and of new hosts', () => {
    const kinds = ['leak', 'exhausted', 'fleet', 'early'] as const;
    const open = kinds.map((kind) => incidentOf('i-1', kind, { since: NOON - 8 * HOUR }));

    expect(kindsOf(createEnds(open, NOON).gone(new Set()))).toEqual(['gone i-1 leak', 'gone i-1 exhausted']);
  });

  it('leaves a host alone that is listed, or was in a reading', () => {
    const ends = createEnds([incidentOf('i-1'), incidentOf('i-2'), incidentOf('i-3')], NOON);
    ends.seen(steady('i-1'));
    ends.seen({ ...UNREAD, scope: resource('i-2') });

    expect(ends.gone(new Set(['i-3']))).toEqual([]);
  });

  it('ends nothing without a list where something could not be read', () => {
    const complete = createEnds([incidentOf('i-1')], NOON);
    const partial = createEnds([incidentOf('i-1')], NOON);
    complete.seen(steady('i-2'));
    partial.seen(UNREAD);

    expect(kindsOf(complete.gone())).toEqual(['gone i-1 leak']);
    expect(partial.gone()).toEqual([]);
  });

  it.each([
    ['stopped_reporting', ['no_verdict i-1 leak']],
    ['not_reported', ['no_verdict i-1 leak']],
    ['unsupported', []],
  ] as const)('has no verdict for the leak of a host that is %s', (reason, kinds) => {
    const ends = createEnds([incidentOf('i-1'), incidentOf('i-1', 'exhausted'), incidentOf('i-2')], NOON);

    expect(kindsOf(ends.seen(without('i-1', reason)))).toEqual(kinds);
  });

  it('knows nothing of a host that could not be read', () => {
    const ends = createEnds([incidentOf('i-1')], NOON);

    expect(ends.seen({ ...UNREAD, scope: resource('i-1') })).toEqual([]);
  });
});

describe('the anomalies of hosts', () => {
  const inspected = (host: string, hoursAgo: number) => incidentOf(host, 'anomaly', { asOf: NOON - hoursAgo * HOUR });

  it('may be over where a host is gone', () => {
    expect(kindsOf(createEnds([inspected('i-1', 1), inspected('i-2', 1)], NOON).gone(new Set(['i-2'])))).toEqual([
      'gone i-1 anomaly',
    ]);
  });

  it('are abandoned where no job has inspected the host for two days', () => {
    const ends = createEnds([inspected('i-1', 49), inspected('i-2', 47)], NOON);
    ends.seen(UNREAD);

    expect(kindsOf(ends.gone())).toEqual(['abandoned i-1 anomaly']);
  });
});

/** Hosts of a group are compared by the version that they run. */
import { describe, expect, it } from 'vitest';
import { createSiblings, groupKeyOf, siblingsByVersion } from '../../../core/incidents/siblings.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { ResultLine } from '../../../core/model/result-line.ts';
import type { ScalingEvent } from '../../../core/model/scaling-event.ts';
import { aScalingEvent } from '../../contract/scaling-log.ts';
import { aChange, anIncident, aResource, HOUR, NOON } from '../../fixtures/builders.ts';
import { aResultLine, NOT_EVALUATED, STEADY } from '../../fixtures/result-lines.ts';

const ON_231 = anIncident({ resource: aResource({ group: 'web', labels: { version: 'v2.31' } }) });

function hosts(count: number, version: string | null, overrides: Partial<ResultLine> = {}): ResultLine[] {
  return Array.from({ length: count }, (_, index) =>
    aResultLine({ host: `${version}-${index}`, version, ...overrides }),
  );
}

/** The onset of a hand-made change ends 44 hours before noon. */
function counted(lines: readonly ResultLine[], events: readonly ScalingEvent[] = [], incident: Incident = ON_231) {
  const key = groupKeyOf(incident) ?? '';
  const siblings = createSiblings(new Set([key]));
  for (const line of lines) siblings.add(line);
  return siblingsByVersion({ incident, change: aChange(incident) }, siblings.of(key), events);
}

describe('the siblings of a host', () => {
  it('grow or do not grow by version, the host’s own first', () => {
    expect(counted([...hosts(9, 'v2.30', STEADY), ...hosts(4, 'v2.31')])).toEqual([
      { version: 'v2.31', grow: 4, of: 4 },
      { version: 'v2.30', grow: 0, of: 9 },
    ]);
  });

  it('are those of the same group, metric, account and region alone', () => {
    const others: Partial<ResultLine>[] = [
      { group: 'api' },
      { group: null },
      { metric: 'other' },
      { account: '999922223333' },
      { region: 'eu-west-2' },
    ];

    const lines = [...hosts(2, 'v2.31'), ...others.flatMap((other) => hosts(3, 'v2.30', { ...STEADY, ...other }))];

    expect(counted(lines)).toEqual([{ version: 'v2.31', grow: 2, of: 2 }]);
  });

  it('are of one group in Azure, in whichever case it is written', () => {
    const azure = { provider: 'azure', account: 'sub', region: 'westeurope' } as const;
    const incident = anIncident({
      key: { ...ON_231.key, ...azure },
      resource: { ...azure, id: 'vm', group: 'Web', labels: { release: 'r2' } },
    });

    expect(counted(hosts(2, 'r2', { ...azure, group: 'WEB' }), [], incident)).toEqual([
      { version: 'r2', grow: 2, of: 2 },
    ]);
  });

  it('count where they have a verdict and a version', () => {
    const lines = [...hosts(2, 'v2.31'), ...hosts(3, 'v2.30', NOT_EVALUATED), ...hosts(3, null, STEADY)];

    expect(counted(lines)).toEqual([{ version: 'v2.31', grow: 2, of: 2 }]);
  });

  it('do not count as steady where they are younger than the growth', () => {
    const launched = aScalingEvent({ time: NOON - 40 * HOUR, hosts: ['v2.31-2', 'v2.31-3'] });
    const lines = [...hosts(2, 'v2.31'), ...hosts(4, 'v2.31', STEADY).slice(2), ...hosts(5, 'v2.30', STEADY)];

    expect(counted(lines, [launched])).toEqual([
      { version: 'v2.31', grow: 2, of: 2 },
      { version: 'v2.30', grow: 0, of: 5 },
    ]);
  });

  it('do not count as steady where their version was deployed after the growth had begun', () => {
    const deployed = (hoursBefore: number, name: string) =>
      aScalingEvent({ time: NOON - hoursBefore * HOUR, kind: 'deployed', name, hosts: [] });
    const lines = [...hosts(2, 'v2.31'), ...hosts(3, 'v2.32', STEADY), ...hosts(5, 'v2.30', STEADY)];

    expect(counted(lines, [deployed(60, 'v2.30'), deployed(3, 'v2.32')])).toEqual([
      { version: 'v2.31', grow: 2, of: 2 },
      { version: 'v2.30', grow: 0, of: 5 },
    ]);
  });

  it('are not compared where no label names the host’s version, or it is alone', () => {
    const unknown = anIncident({ resource: aResource({ group: 'web', labels: { team: 'shop' } }) });

    expect([counted(hosts(3, 'v2.31'), [], unknown), counted(hosts(1, 'v2.31'))]).toEqual([undefined, undefined]);
  });

  it('of many versions are the five of which most grow', () => {
    const lines = Array.from({ length: 9 }, (_, index) => [
      ...hosts(index, `v${index}`),
      ...hosts(9, `v${index}`, STEADY).slice(index),
    ]).flat();

    expect(counted([...lines, ...hosts(1, 'v2.31')])?.map(({ version }) => version)).toEqual([
      'v2.31',
      'v8',
      'v7',
      'v6',
      'v5',
    ]);
  });
});

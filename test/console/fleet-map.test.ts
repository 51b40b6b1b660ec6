import { describe, expect, it } from 'vitest';
import type { GroupView, RegionView } from '../../api/contract/tenants.ts';
import { mapOrder, tilesOf } from '../../console/fleet-map.ts';

const NOTHING: GroupView = {
  group: 'web',
  leaking: 0,
  suspected: 0,
  worse: 0,
  recovered: 0,
  insufficient: 0,
  notMonitored: 0,
  unreadable: 0,
  worst: null,
  fullAt: null,
};

function region(groups: readonly Partial<GroupView>[], inspected: number): RegionView {
  return {
    region: 'eu-central-1',
    state: 'ok',
    since: null,
    message: null,
    lastRun: null,
    nextRun: null,
    hosts: { known: inspected, inspected, notMonitored: 0, unreadable: 0, notDue: 0, stopped: 0 },
    groups: groups.map((group) => ({ ...NOTHING, ...group })),
    otherGroups: null,
  };
}

describe('the tiles of a region', () => {
  it('have the state that deserves the first look, and count a worse host once', () => {
    const [tile] = tilesOf(region([{ leaking: 3, worse: 1, suspected: 2 }], 5));

    expect(tile).toMatchObject({ state: 'worse', hosts: 5 });
    expect(tile?.counts).toEqual([
      { state: 'worse', hosts: 1 },
      { state: 'leaking', hosts: 2 },
      { state: 'suspected', hosts: 2 },
    ]);
  });

  it('begin with what is most urgent and end with the steady hosts of all groups', () => {
    const tiles = tilesOf(
      region(
        [
          { group: 'a', suspected: 1 },
          { group: 'b', leaking: 1 },
        ],
        10,
      ),
    );

    expect(tiles.map(({ state, hosts }) => [state, hosts])).toEqual([
      ['leaking', 1],
      ['suspected', 1],
      ['steady', 8],
    ]);
  });

  it('have one for the groups that are summed up, before the steady hosts', () => {
    const { group: _, ...nothing } = NOTHING;
    const otherGroups = { ...nothing, groups: 12, leaking: 3 };

    const tiles = tilesOf({ ...region([{ group: 'b', suspected: 1 }], 10), otherGroups });

    expect(tiles.map(({ name, state, hosts }) => [name, state, hosts])).toEqual([
      ['b', 'suspected', 1],
      ['12 other groups', 'leaking', 3],
      ['steady', 'steady', 6],
    ]);
  });

  it('take no host for steady that was not inspected', () => {
    const tiles = tilesOf(region([{ unreadable: 4 }, { group: 'b', notMonitored: 2 }], 0));

    expect(tiles.map(({ state }) => state)).toEqual(['unreadable', 'not_monitored']);
  });

  it('are none before the first result', () => {
    expect(tilesOf({ ...region([], 0), hosts: null })).toEqual([]);
  });
});

describe('the accounts of the map', () => {
  it('begin with the one that has the most urgent group', () => {
    const account = (name: string, groups: readonly Partial<GroupView>[]) => ({
      provider: 'aws' as const,
      account: name,
      enabled: true,
      regions: [region(groups, 5)],
    });

    const order = mapOrder([
      account('steady', []),
      account('suspected', [{ suspected: 1 }]),
      account('worse', [{ leaking: 1, worse: 1 }]),
    ]);

    expect(order.map(({ account: name }) => name)).toEqual(['worse', 'suspected', 'steady']);
  });
});

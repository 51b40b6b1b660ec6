/** Tiles of the fleet map: hosts of one region by group, each with the state that deserves the first look. */
import type { OverviewView, RegionView } from '../api/contract/tenants.ts';
import { counted } from '../core/messages/units.ts';

type Account = OverviewView['accounts'][number];

/** States in the order in which they deserve a look. */
export const TILE_STATES = [
  'worse',
  'leaking',
  'suspected',
  'unreadable',
  'recovered',
  'not_monitored',
  'insufficient_data',
  'steady',
] as const;
export type TileState = (typeof TILE_STATES)[number];

export interface Tile {
  readonly key: string;
  /** A group, hosts without one, the groups that are summed up, or the hosts of any group that are steady. */
  readonly kind: 'group' | 'no_group' | 'other_groups' | 'steady';
  /** In words. */
  readonly name: string;
  readonly state: TileState;
  /** Hosts by state, without those of which there are none. */
  readonly counts: readonly { readonly state: TileState; readonly hosts: number }[];
  readonly hosts: number;
  /** When the first of them may be full; ISO 8601. */
  readonly fullAt: string | null;
}

/** The tiles of a region, those that deserve a look first, then the groups that are summed up, and last the hosts that are steady. */
export function tilesOf(region: RegionView): Tile[] {
  const { groups, otherGroups, hosts } = region;
  const tiles = groups.map((view) =>
    view.group === null
      ? tileOf(view, { key: 'none', kind: 'no_group', name: 'no group' })
      : tileOf(view, { key: `group ${view.group}`, kind: 'group', name: view.group }),
  );
  tiles.sort(byUrgency);
  if (otherGroups !== null)
    tiles.push(
      tileOf(otherGroups, { key: 'others', kind: 'other_groups', name: counted(otherGroups.groups, 'other group') }),
    );
  const shown = tiles.reduce((sum, tile) => sum + inspectedIn(tile), 0);
  const steady = Math.max(0, (hosts?.inspected ?? 0) - shown);
  return steady === 0 ? tiles : [...tiles, steadyTile(steady)];
}

type Counts = Omit<RegionView['groups'][number], 'group'>;

function tileOf(view: Counts, named: Pick<Tile, 'key' | 'kind' | 'name'>): Tile {
  const counts = TILE_STATES.map((state) => ({ state, hosts: hostsIn(view, state) })).filter(({ hosts }) => hosts > 0);
  return {
    ...named,
    state: counts[0]?.state ?? 'steady',
    counts,
    hosts: counts.reduce((sum, { hosts }) => sum + hosts, 0),
    fullAt: view.fullAt,
  };
}

function steadyTile(hosts: number): Tile {
  return {
    key: 'steady',
    kind: 'steady',
    name: 'steady',
    state: 'steady',
    counts: [{ state: 'steady', hosts }],
    hosts,
    fullAt: null,
  };
}

/** Those that are worse are among the leaking, and are counted once. */
function hostsIn(view: Counts, state: TileState): number {
  switch (state) {
    case 'worse':
      return view.worse;
    case 'leaking':
      return Math.max(0, view.leaking - view.worse);
    case 'suspected':
      return view.suspected;
    case 'unreadable':
      return view.unreadable;
    case 'recovered':
      return view.recovered;
    case 'not_monitored':
      return view.notMonitored;
    case 'insufficient_data':
      return view.insufficient;
    case 'steady':
      return 0;
  }
}

function inspectedIn({ counts }: Tile): number {
  return counts
    .filter(({ state }) => state !== 'unreadable' && state !== 'not_monitored')
    .reduce((sum, { hosts }) => sum + hosts, 0);
}

function byUrgency(a: Tile, b: Tile): number {
  const byState = TILE_STATES.indexOf(a.state) - TILE_STATES.indexOf(b.state);
  return byState === 0 ? b.hosts - a.hosts : byState;
}

/** Accounts with something to look at first; the regions of each likewise. */
export function mapOrder(accounts: readonly Account[]): Account[] {
  const urgency = (regions: readonly RegionView[]) => Math.min(...regions.map(regionUrgency), TILE_STATES.length);
  return accounts
    .map((account) => ({
      ...account,
      regions: account.regions.toSorted((a, b) => regionUrgency(a) - regionUrgency(b)),
    }))
    .sort((a, b) => urgency(a.regions) - urgency(b.regions));
}

function regionUrgency(region: RegionView): number {
  const [first] = tilesOf(region);
  return first === undefined ? TILE_STATES.length : TILE_STATES.indexOf(first.state);
}

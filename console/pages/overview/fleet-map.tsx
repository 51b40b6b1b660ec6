/** Where in the fleet something is: tiles by account, region and group, as wide as they have hosts. */
import type { OverviewView, RegionView } from '../../../api/contract/tenants.ts';
import { counted } from '../../../core/messages/units.ts';
import { Badge, STATES } from '../../components/badge.tsx';
import { PROVIDER_NAMES } from '../../components/host.tsx';
import { useTenant } from '../../components/tenant.ts';
import { plain, Text } from '../../components/text.tsx';
import { Moment, now } from '../../components/time.tsx';
import { mapOrder, TILE_STATES, type Tile, tilesOf } from '../../fleet-map.ts';
import { leftText } from '../../forecast.ts';
import { pagePath } from '../../paths.ts';

type Account = OverviewView['accounts'][number];

/** Tiles of a region that are shown; the rest is behind a link. */
const MOST_TILES = 24;

export function FleetMap({ accounts }: { accounts: readonly Account[] }) {
  return (
    <div class="map">
      <Legend />
      {mapOrder(accounts).map((account) => (
        <AccountMap key={`${account.provider} ${account.account}`} account={account} />
      ))}
    </div>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {TILE_STATES.map((state) => (
        <li key={state} class={`state-${state}`}>
          <span class="glyph legend-glyph" aria-hidden="true">
            {STATES[state].glyph}
          </span>
          {STATES[state].label}
        </li>
      ))}
    </ul>
  );
}

function AccountMap({ account }: { account: Account }) {
  return (
    <section class="map-account" aria-label={plain(`${PROVIDER_NAMES[account.provider]} ${account.account}`)}>
      <h3>
        {PROVIDER_NAMES[account.provider]}{' '}
        <span class="mono">
          <Text value={account.account} />
        </span>
        {!account.enabled && <Badge>disabled</Badge>}
      </h3>
      {account.regions.map((region) => (
        <RegionMap key={region.region} account={account} region={region} />
      ))}
    </section>
  );
}

function RegionMap({ account, region }: { account: Account; region: RegionView }) {
  const tiles = tilesOf(region);
  const shown = tiles.slice(0, MOST_TILES);
  const groupsShown = shown.filter(({ kind }) => kind === 'group' || kind === 'no_group').length;
  const groups = region.groups.length + (region.otherGroups?.groups ?? 0);
  return (
    <div class="map-region">
      <RegionHead region={region} />
      {region.message !== null && (
        <p class="map-message">
          <Text value={region.message} length={300} />
        </p>
      )}
      <ProportionBar tiles={tiles} />
      <ul class="tiles">
        {shown.map((tile) => (
          <TileLink key={tile.key} tile={tile} account={account} region={region} />
        ))}
      </ul>
      {tiles.length > MOST_TILES && <More account={account} region={region} count={groups - groupsShown} />}
    </div>
  );
}

/** The states of all hosts of a region in proportion; the tiles below have a least width, and state the numbers. */
function ProportionBar({ tiles }: { tiles: readonly Tile[] }) {
  const byState = TILE_STATES.map((state) => ({ state, hosts: hostsIn(tiles, state) })).filter(
    ({ hosts }) => hosts > 0,
  );
  return (
    <div class="map-bar" aria-hidden="true">
      {byState.map(({ state, hosts }) => (
        <span key={state} class={`state-${state}`} style={{ flexGrow: hosts }} />
      ))}
    </div>
  );
}

function hostsIn(tiles: readonly Tile[], state: Tile['state']): number {
  const counts = tiles.flatMap((tile) => tile.counts).filter((count) => count.state === state);
  return counts.reduce((sum, { hosts }) => sum + hosts, 0);
}

const STATE_TONES = { ok: 'good', failing: 'bad', overdue: 'bad', partial: 'warning' } as const;

function RegionHead({ region: { region, state, hosts, lastRun, nextRun } }: { region: RegionView }) {
  const tone = Object.entries(STATE_TONES).find(([name]) => name === state)?.[1] ?? 'neutral';
  return (
    <p class="map-head">
      <strong class="mono">
        <Text value={region} />
      </strong>
      {state !== 'ok' && <Badge tone={tone}>{state}</Badge>}
      <span class="muted">{hosts === null ? 'no result yet' : counted(hosts.known, 'host')}</span>
      <span class="muted map-runs">
        {lastRun === null ? 'never inspected' : <Moment at={lastRun} />}
        {nextRun !== null && (
          <>
            {Date.parse(nextRun) < now.value ? ', was due ' : ', next '}
            <Moment at={nextRun} />
          </>
        )}
      </span>
    </p>
  );
}

interface TileProps {
  readonly tile: Tile;
  readonly account: Account;
  readonly region: RegionView;
}

function TileLink({ tile, account, region }: TileProps) {
  const { tenant } = useTenant();
  const address = pagePath(tenant, 'hosts', {
    account: account.account,
    region: region.region,
    ...filterOf(tile),
  });
  const share = Math.min(100, (100 * tile.hosts) / Math.max(1, region.hosts?.known ?? tile.hosts));
  return (
    <li class="tile-room" style={{ flexGrow: tile.hosts, flexBasis: `max(8.5rem, ${share.toFixed(2)}%)` }}>
      <a class={`tile state-${tile.state}`} href={address}>
        <span class="tile-name">
          <span class="glyph" aria-hidden="true">
            {STATES[tile.state].glyph}
          </span>
          <Text value={tile.name} length={80} />
        </span>
        <span class="tile-counts">
          {tile.kind === 'steady'
            ? counted(tile.hosts, 'host')
            : tile.counts.map(({ state, hosts }) => `${hosts} ${STATES[state].label}`).join(', ')}
          {tile.fullAt !== null && `, full ${leftText(tile.fullAt, now.value)} at the earliest`}
        </span>
      </a>
    </li>
  );
}

/** Of the list of hosts that a tile leads to. */
function filterOf({ kind, name }: Tile): Readonly<Record<string, string>> {
  switch (kind) {
    case 'group':
      return { group: name };
    case 'no_group':
      return { group: '(none)' };
    case 'other_groups':
      return {};
    case 'steady':
      return { steady: '1', verdict: 'steady' };
  }
}

function More({ account, region, count }: { account: Account; region: RegionView; count: number }) {
  const { tenant } = useTenant();
  const address = pagePath(tenant, 'hosts', { account: account.account, region: region.region });
  return (
    <p class="map-more">
      <a href={address}>{counted(count, 'more group')} of this region</a>
    </p>
  );
}

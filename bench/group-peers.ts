/** Peers of the report on evidence that see more than six hours of one host: days of it, or the hosts of its group beside it. */
import { hourlyMeans, mstlForecast, outliersNow } from './augurs.ts';
import { windowEnds } from './data.ts';
import { AS_ADAPTERS, feedable, windowOf } from './feeds.ts';
import type { GroupMember } from './group-verdicts.ts';
import { LEAST_SAMPLES, PEER_HOURS } from './peers.ts';
import { lastHours } from './samples.ts';

interface GroupPeer {
  readonly name: string;
  /** By member, one for each of its `windowEnds`. */
  flags(members: readonly GroupMember[]): boolean[][];
}

const FULL = 100;
const AHEAD_HOURS = 24;

export const GROUP_PEERS: readonly GroupPeer[] = [
  {
    name: 'MSTL forecast (augurs), 24 h ahead',
    flags: (members) =>
      members.map(({ series }) => {
        const given = feedable(series, AS_ADAPTERS);
        return windowEnds(series).map((now) => {
          const samples = lastHours(windowOf(given, now, AS_ADAPTERS.hours), AS_ADAPTERS.hours);
          return samples.levels.length >= LEAST_SAMPLES && mstlForecast(samples, AHEAD_HOURS) >= FULL;
        });
      }),
  },
  {
    name: 'outliers of the group (augurs, DBSCAN)',
    flags(members) {
      const hosts = members.map(({ series }) => ({ ends: windowEnds(series), given: feedable(series, AS_ADAPTERS) }));
      const flags = new Map<string, boolean>();
      for (const now of new Set(hosts.flatMap(({ ends }) => ends))) {
        const known = [...hosts.entries()].flatMap(([index, { given }]) => {
          const means = hourlyMeans(lastHours(windowOf(given, now, PEER_HOURS), PEER_HOURS));
          return means.length === PEER_HOURS && !means.some(Number.isNaN) ? [{ index, means }] : [];
        });
        const outlying = outliersNow(known.map(({ means }) => means));
        for (const [order, { index }] of known.entries()) flags.set(`${index} ${now}`, outlying[order] === true);
      }
      return hosts.map(({ ends }, index) => ends.map((now) => flags.get(`${index} ${now}`) === true));
    },
  },
];

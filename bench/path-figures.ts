/** The figures of the path: what is counted over which hosts, with the bar and the aim of each. */
import type { Received } from './path-replay.ts';
import {
  delaysOf,
  endsOf,
  type Figure,
  falseEnds,
  falseEndsPerLeakDay,
  firstPages,
  incidentsPerLeak,
  killCycles,
  lost,
  medianDelay,
  medianHours,
  pagedCount,
  pagedInTime,
  pagesPerCycle,
  pagesPerLeak,
  perHostWeek,
  type Replayed,
  runningShare,
  scaled,
  shareWithin,
} from './path-score.ts';
import type { Role } from './path-sets.ts';

/** The hosts of a replay, by what they are measured for. */
export interface Hosts {
  readonly all: readonly Replayed[];
  in(...roles: readonly Role[]): readonly Replayed[];
}

export function hostsOf(all: readonly Replayed[]): Hosts {
  return { all, in: (...roles) => all.filter(({ role }) => roles.includes(role)) };
}

export interface Row {
  readonly name: string;
  readonly decimals: number;
  /** `before` are the same hosts under the rules of before. */
  readonly measure: (hosts: Hosts, before: Hosts) => Figure;
  /** Absent where the figure is there to be seen beside others. */
  readonly limits?: Limits;
}

export interface Limits {
  readonly is: 'at most' | 'at least';
  readonly bar: number;
  readonly aim: number;
  /** Whether bar and aim are so much more than before. */
  readonly overBefore?: true;
}

const atMost = (bar: number, aim: number): Limits => ({ is: 'at most', bar, aim });
const atLeast = (bar: number, aim: number): Limits => ({ is: 'at least', bar, aim });
const overBefore = (bar: number, aim: number): Limits => ({ ...atMost(bar, aim), overBefore: true });

const isPage = ({ pages }: Received) => pages;
const isSuspicion = ({ kind }: Received) => kind === 'suspected';
const isM16 = ({ series }: Replayed) => series.id === 'm1-6';
const isSlow = ({ series }: Replayed) => series.tier === 'slow';
const isDayOrMore = ({ hours }: { readonly hours: number }) => hours >= 24;
const isHalfADay = ({ hours }: { readonly hours: number }) => hours >= 12 && hours < 24;

const ENDS: readonly Row[] = [
  {
    name: 'ends while it leaks per leak-day, within three days',
    decimals: 3,
    measure: (hosts) => falseEndsPerLeakDay(hosts.in('days')),
    limits: atMost(0.015, 0.007),
  },
  {
    name: '… over weeks (made)',
    decimals: 3,
    measure: (hosts) => falseEndsPerLeakDay(hosts.in('weeks')),
    limits: atMost(0.02, 0.007),
  },
  {
    name: '… m1-6',
    decimals: 0,
    measure: ({ all }) => {
      const recorded = all.filter(isM16);
      const incidents = new Set(recorded.flatMap(({ received }) => received.map(({ incident }) => incident)));
      return { value: recorded.flatMap(falseEnds).length, of: `${incidents.size} incidents` };
    },
    limits: atMost(1, 0),
  },
  {
    name: 'm1-6: first page of a climb, days (the later of two)',
    decimals: 1,
    measure: ({ all }) => {
      const days = all.filter(isM16).flatMap(firstPages);
      return { value: Math.max(...days), of: days.map((value) => value.toFixed(1)).join(', ') };
    },
    limits: atMost(4, 4),
  },
  {
    name: 'incidents per leak of weeks',
    decimals: 2,
    measure: (hosts) => incidentsPerLeak(hosts.in('weeks')),
    limits: atMost(1.1, 1),
  },
  {
    name: 'an incident runs while its leak grows: share of hours',
    decimals: 3,
    measure: (hosts) => runningShare(hosts.in('days', 'stops', 'weeks')),
  },
  {
    name: '… of slow leaks',
    decimals: 3,
    measure: (hosts) => runningShare(hosts.in('days', 'stops', 'weeks').filter(isSlow)),
  },
  {
    name: '… of leaks within three days',
    decimals: 3,
    measure: (hosts) => runningShare(hosts.in('days')),
  },
  {
    name: '… of the slow ones of these',
    decimals: 3,
    measure: (hosts) => runningShare(hosts.in('days').filter(isSlow)),
  },
];

const PAGES: readonly Row[] = [
  {
    name: 'pages per leak of one cycle',
    decimals: 2,
    measure: (hosts) => pagesPerLeak(hosts.in('days', 'stops', 'weeks')),
    limits: atMost(1.4, 1.2),
  },
  {
    name: 'pages per cycle of a day or more',
    decimals: 2,
    measure: (hosts) => pagesPerCycle(killCycles(hosts.in('kills')).filter(isDayOrMore)),
    limits: atMost(1.6, 1.3),
  },
];

const GIVEN_BACK: readonly Row[] = [
  {
    name: 'memory given back ▸ recovered: median, h',
    decimals: 1,
    measure: (hosts) => medianHours(endsOf(hosts.in('days', 'stops', 'weeks'), ['restarted'])),
    limits: atMost(6, 2),
  },
  {
    name: '… share within 12 h',
    decimals: 2,
    measure: (hosts) => shareWithin(endsOf(hosts.in('days', 'stops', 'weeks'), ['restarted']), 12),
    limits: atLeast(0.75, 0.9),
  },
  {
    name: 'a kill of a cycle of a day or more reported within 12 h',
    decimals: 2,
    measure: (hosts) => shareWithin(endsOf(hosts.in('kills'), ['killed'], 24), 12),
    limits: atLeast(0.75, 0.9),
  },
  {
    name: 'levels off ▸ recovered: leak of days, h',
    decimals: 1,
    measure: (hosts) => medianHours(endsOf(hosts.in('days', 'stops'), ['levelled'])),
    limits: atMost(24, 15),
  },
  {
    name: 'levels off ▸ recovered: leak of weeks, days',
    decimals: 1,
    measure: (hosts) => scaled(medianHours(endsOf(hosts.in('weeks'), ['levelled'])), 1 / 24),
    limits: atMost(7, 4),
  },
];

const HEALTHY: readonly Row[] = [
  {
    name: 'pages per healthy host-week',
    decimals: 3,
    measure: (hosts) => perHostWeek(hosts.in('healthy'), isPage),
    limits: atMost(0.03, 0.015),
  },
  {
    name: 'suspicions per healthy host-week',
    decimals: 3,
    measure: (hosts) => perHostWeek(hosts.in('healthy'), isSuspicion),
    limits: atMost(0.07, 0.05),
  },
  {
    name: 'pages per 100 unmodified host-weeks',
    decimals: 2,
    measure: (hosts) => scaled(perHostWeek(hosts.in('unmodified'), isPage), 100),
    limits: atMost(1, 0.5),
  },
];

const KILLS: readonly Row[] = [
  {
    name: 'kill cycles paged in time: case 01',
    decimals: 2,
    measure: ({ all }) => pagedInTime(killCycles(all.filter(({ set }) => set.startsWith('case 01')))),
    limits: atLeast(1, 1),
  },
  {
    name: '… of a day or more',
    decimals: 2,
    measure: (hosts) => pagedInTime(killCycles(hosts.in('kills')).filter(isDayOrMore)),
    limits: atLeast(0.85, 0.92),
  },
  {
    name: '… of 12 to 24 h',
    decimals: 2,
    measure: (hosts) => pagedInTime(killCycles(hosts.in('kills')).filter(isHalfADay)),
    limits: atLeast(0.5, 0.65),
  },
];

const DELAYS: readonly Row[] = [
  {
    name: 'delay to the first report, h',
    decimals: 1,
    measure: (hosts) => medianDelay(delaysOf(hosts.in('days')), 'report'),
    limits: overBefore(1.5, 1),
  },
  {
    name: 'delay to the first page, h',
    decimals: 1,
    measure: (hosts) => medianDelay(delaysOf(hosts.in('days')), 'page'),
    limits: overBefore(0.5, 0),
  },
  {
    name: 'leaks lost: reported before and no longer',
    decimals: 3,
    measure: (hosts, before) => lost(delaysOf(before.in('days')), delaysOf(hosts.in('days')), 'report'),
    limits: atMost(0.03, 0.02),
  },
  {
    name: 'leaks paged',
    decimals: 0,
    measure: (hosts) => pagedCount(delaysOf(hosts.in('days'))),
    limits: { is: 'at least', bar: 0, aim: 0, overBefore: true },
  },
  {
    name: 'leaks lost: paged before and no longer',
    decimals: 3,
    measure: (hosts, before) => lost(delaysOf(before.in('days')), delaysOf(hosts.in('days')), 'page'),
  },
  {
    name: 'leak of weeks: first report, days',
    decimals: 1,
    measure: (hosts) => scaled(medianDelay(delaysOf(hosts.in('weeks')), 'report'), 1 / 24),
  },
  {
    name: 'leak of weeks: first page, days',
    decimals: 1,
    measure: (hosts) => scaled(medianDelay(delaysOf(hosts.in('weeks')), 'page'), 1 / 24),
  },
];

/** In the order in which they are reported. */
export const ROWS: readonly Row[] = [...ENDS, ...PAGES, ...GIVEN_BACK, ...HEALTHY, ...KILLS, ...DELAYS];

/** The figures of the path: what is counted over which hosts, with the bar and the aim of each. */
import type { Received } from './path-replay.ts';
import {
  type Delay,
  delaysOf,
  endsOf,
  type Figure,
  falseEnds,
  falseEndsPerLeakDay,
  firstPages,
  killCycles,
  lost,
  medianDelay,
  medianHours,
  pagedInTime,
  pagesPerCycle,
  pagesPerLeak,
  perHostWeek,
  type Replayed,
  shareWithin,
  storiesPerLeak,
} from './path-score.ts';
import type { Role } from './path-sets.ts';

/** What is kept of a run, so that a later one can be compared with it. JSON has no NaN and no Infinity: both are null. */
export interface Kept {
  readonly seed: number;
  readonly figures: Readonly<Record<string, { readonly value: number | null; readonly of: string }>>;
  readonly delays: readonly Delay[];
}

export interface Row {
  readonly name: string;
  readonly figure: Figure;
  readonly decimals: number;
  readonly unit?: string;
  readonly bar?: Limit;
  readonly aim?: Limit;
}

/** A limit that a figure must keep, as a number or as so much more than before. */
export interface Limit {
  readonly is: 'at most' | 'at least';
  readonly value: number;
  readonly overBefore?: true;
}

const atMost = (value: number): Limit => ({ is: 'at most', value });
const atLeast = (value: number): Limit => ({ is: 'at least', value });
const overBefore = (value: number): Limit => ({ is: 'at most', value, overBefore: true });

const isPage = ({ pages }: Received) => pages;
const isSuspicion = ({ kind }: Received) => kind === 'suspected';

export function rowsOf(hosts: readonly Replayed[], before: Kept | undefined): Row[] {
  const inRole = (...roles: readonly Role[]) => hosts.filter(({ role }) => roles.includes(role));
  const days = inRole('days');
  return [
    ...endRows(inRole, hosts),
    ...pageRows(inRole),
    ...givenBackRows(inRole),
    ...healthyRows(inRole),
    ...killRows(inRole('kills'), hosts),
    ...delayRows(days, inRole('weeks'), before),
  ];
}

type InRole = (...roles: readonly Role[]) => readonly Replayed[];

function endRows(inRole: InRole, hosts: readonly Replayed[]): Row[] {
  const recorded = hosts.filter(({ series }) => series.id === 'm1-6');
  const ends = recorded.reduce((sum, host) => sum + falseEnds(host).length, 0);
  const stories = new Set(recorded.flatMap(({ received }) => received.map(({ story }) => story))).size;
  const pages = recorded.flatMap(firstPages);
  return [
    row('ends while it leaks per leak-day, within three days', falseEndsPerLeakDay(inRole('days')), 3, 0.015, 0.007),
    row('… over weeks (made)', falseEndsPerLeakDay(inRole('weeks')), 3, 0.02, 0.007),
    row('… m1-6', { value: ends, of: `${stories} stories` }, 0, 1, 0),
    row('m1-6: first page of a climb, the later one, days', listed(pages), 1, 4, 4),
    row('stories per leak of weeks', storiesPerLeak(inRole('weeks')), 2, 1.1, 1),
  ];
}

function listed(values: readonly number[]): Figure {
  return { value: Math.max(...values), of: values.map((value) => value.toFixed(1)).join(', ') };
}

function pageRows(inRole: InRole): Row[] {
  const cycles = killCycles(inRole('kills')).filter(({ hours }) => hours >= 24);
  return [
    row('pages per leak of one cycle', pagesPerLeak(inRole('days', 'stops', 'weeks')), 2, 1.4, 1.2),
    row('pages per cycle of a day or more', pagesPerCycle(cycles), 2, 1.6, 1.3),
  ];
}

function givenBackRows(inRole: InRole): Row[] {
  const restarted = endsOf(inRole('days', 'stops', 'weeks'), ['restarted']);
  const killed = endsOf(inRole('kills'), ['killed'], 24);
  const weeks = medianHours(endsOf(inRole('weeks'), ['levelled']));
  return [
    row('memory given back ▸ recovered: median, h', medianHours(restarted), 1, 6, 2),
    rising('… share within 12 h', shareWithin(restarted, 12), 2, 0.75, 0.9),
    rising('a kill of a cycle of a day or more reported within 12 h', shareWithin(killed, 12), 2, 0.75, 0.9),
    row(
      'levels off ▸ recovered: leak of days, h',
      medianHours(endsOf(inRole('days', 'stops'), ['levelled'])),
      1,
      24,
      15,
    ),
    row('levels off ▸ recovered: leak of weeks, days', { ...weeks, value: weeks.value / 24 }, 1, 7, 4),
  ];
}

function healthyRows(inRole: InRole): Row[] {
  const unmodified = perHostWeek(inRole('unmodified'), isPage);
  return [
    row('pages per healthy host-week', perHostWeek(inRole('healthy'), isPage), 3, 0.03, 0.015),
    row('suspicions per healthy host-week', perHostWeek(inRole('healthy'), isSuspicion), 3, 0.07, 0.05),
    row('pages per 100 unmodified host-weeks', { ...unmodified, value: unmodified.value * 100 }, 2, 1, 0.5),
  ];
}

function killRows(kills: readonly Replayed[], hosts: readonly Replayed[]): Row[] {
  const cycles = killCycles(kills);
  const oom = killCycles(hosts.filter(({ set }) => set === 'case 01'));
  const short = cycles.filter(({ hours }) => hours >= 12 && hours < 24);
  const long = cycles.filter(({ hours }) => hours >= 24);
  return [
    rising('kill cycles paged in time: case 01', pagedInTime(oom), 2, 1, 1),
    rising('… of a day or more', pagedInTime(long), 2, 0.85, 0.92),
    rising('… of 12 to 24 h', pagedInTime(short), 2, 0.5, 0.65),
  ];
}

function delayRows(days: readonly Replayed[], weeks: readonly Replayed[], before: Kept | undefined): Row[] {
  const delays = delaysOf(days);
  const known = before?.delays ?? delays;
  const inDays = (figure: Figure): Figure => ({ ...figure, value: figure.value / 24 });
  return [
    {
      name: 'delay to the first report, h',
      figure: medianDelay(delays, 'report'),
      decimals: 1,
      bar: overBefore(1.5),
      aim: overBefore(1),
    },
    {
      name: 'delay to the first page, h',
      figure: medianDelay(delays, 'page'),
      decimals: 1,
      bar: overBefore(0.5),
      aim: overBefore(0),
    },
    row('leaks lost: reported before and no longer', lost(known, delays, 'report'), 3, 0.03, 0.02),
    row('leaks lost: paged before and no longer', lost(known, delays, 'page'), 3),
    row('leak of weeks: first report, days', inDays(medianDelay(delaysOf(weeks), 'report')), 1),
    row('leak of weeks: first page, days', inDays(medianDelay(delaysOf(weeks), 'page')), 1),
  ];
}

/** A figure that is the better the smaller it is. */
function row(name: string, figure: Figure, decimals: number, bar?: number, aim?: number): Row {
  return { name, figure, decimals, ...limits(atMost, bar, aim) };
}

/** A figure that is the better the greater it is. */
function rising(name: string, figure: Figure, decimals: number, bar?: number, aim?: number): Row {
  return { name, figure, decimals, ...limits(atLeast, bar, aim) };
}

function limits(limit: (value: number) => Limit, bar: number | undefined, aim: number | undefined) {
  return { ...(bar !== undefined && { bar: limit(bar) }), ...(aim !== undefined && { aim: limit(aim) }) };
}

export function keptOf(seed: number, rows: readonly Row[], hosts: readonly Replayed[]): Kept {
  const figures = rows.map(({ name, figure: { value, of } }) => {
    return [name, { value: Number.isFinite(value) ? Number(value.toPrecision(6)) : null, of }] as const;
  });
  const delays = delaysOf(hosts.filter(({ role }) => role === 'days'));
  return { seed, figures: Object.fromEntries(figures), delays };
}

/** Milliseconds per window of the detector and its peers, on one thread, in turns. */
import { cpus } from 'node:os';
import type { Series } from '../core/model/series.ts';
import type { BenchSeries } from './data.ts';
import { AS_ADAPTERS, EVERYTHING, type Feed, feedable, windowOf } from './feeds.ts';
import { figure, markdownTable, rounded } from './markdown.ts';
import { PEERS } from './peers.ts';
import { evaluate, peerFlags } from './replay.ts';

/** Hosts whose last window is evaluated, and how often; the first round warms up and is not counted. */
const WINDOWS = 100;
const ROUNDS = 16;
const STEP = 300;
const TEN_DAYS_HOURS = 240;
const HOSTS = 10_000;

const SHAPES: readonly { readonly title: string; readonly feed: Feed; readonly hours: number }[] = [
  { title: '10 days of 5-min samples', feed: EVERYTHING, hours: TEN_DAYS_HOURS },
  { title: '100 h of 15-min minima', feed: AS_ADAPTERS, hours: AS_ADAPTERS.hours },
];

interface Contestant {
  readonly name: string;
  readonly seesTrends: boolean;
  readonly run: (window: Series) => unknown;
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'ours', seesTrends: true, run: evaluate },
  ...PEERS.map((peer) => ({
    name: peer.name,
    seesTrends: peer.seesTrends,
    run: (window: Series) => peerFlags(peer, window),
  })),
];

/** Measures, and writes it up. `series` are those that the windows are taken from. */
export function speedSection(series: readonly BenchSeries[]): string {
  const long = series.filter(({ step, v }) => step === STEP && v.length * STEP >= TEN_DAYS_HOURS * 3600);
  const tables = SHAPES.map(({ title, feed, hours }) => {
    const windows = long.slice(0, WINDOWS).map((one) => windowOf(feedable(one, feed), one.v.length * STEP, hours));
    const points = windows.reduce((sum, { times }) => sum + times.length, 0) / windows.length;
    return `${title}, ${points.toFixed(0)} points on average:\n\n${speedTable(timesOf(windows))}`;
  });
  const made = `${ROUNDS - 1} rounds of ${Math.min(WINDOWS, long.length)} hosts, one thread, the fastest round`;
  return [`${made}, Node.js ${process.version}, ${cpus()[0]?.model ?? 'an unknown processor'}.`, ...tables].join(
    '\n\n',
  );
}

interface Timing {
  readonly contestant: Contestant;
  /** Milliseconds per window of each round, ordered. */
  readonly rounds: readonly number[];
}

/** Contestants take turns within a round, so that a busy moment of the machine hits all of them. */
function timesOf(windows: readonly Series[]): Timing[] {
  const rounds = CONTESTANTS.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { run }] of CONTESTANTS.entries()) {
      const started = performance.now();
      for (const window of windows) run(window);
      if (round > 0) rounds[index]?.push((performance.now() - started) / windows.length);
    }
  }
  return CONTESTANTS.map((contestant, index) => ({
    contestant,
    rounds: (rounds[index] ?? []).toSorted((a, b) => a - b),
  }));
}

/** The fastest round counts: what others do on the machine adds time and never takes any away. */
function speedTable(timings: readonly Timing[]): string {
  const fastestRound = ({ rounds }: Timing) => rounds[0] ?? Number.NaN;
  const ours = timings.find(({ contestant }) => contestant.run === evaluate);
  const own = ours === undefined ? Number.NaN : fastestRound(ours);
  const peers = timings.filter((timing) => timing !== ours && timing.contestant.seesTrends);
  const fastest = peers.toSorted((a, b) => fastestRound(a) - fastestRound(b))[0];
  const rows = timings.map((timing) => {
    const { contestant, rounds } = timing;
    const ms = fastestRound(timing);
    return [
      timing === fastest ? `${contestant.name} (the fastest that sees trends)` : contestant.name,
      rounded(ms),
      rounded(rounds[rounds.length >> 1] ?? Number.NaN),
      rounded(rounds.at(-1) ?? Number.NaN),
      rounded((ms * HOSTS) / 1000),
      timing === ours ? '' : figure(own / ms, own / ms < 10 ? 1 : 0),
    ];
  });
  const head = ['detector', 'ms per window', 'median', 'slowest', 's per 10,000 hosts', 'ours takes × as long'];
  return markdownTable(head, rows);
}

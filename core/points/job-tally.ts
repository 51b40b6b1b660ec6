/** Counts what an inspection of a job saw. Counts and a few examples only: it does not grow with the fleet. */
import { estimateCost } from '../inspection/run-summary.ts';
import { failureText } from '../messages/failure.ts';
import { clip } from '../messages/plain-text.ts';
import type { JobRun } from '../model/job-run.ts';
import { MOST_SERIES, type SeriesRecord } from '../model/job-state.ts';
import { isoText } from '../model/notation.ts';
import { partText } from '../model/points.ts';
import { isResource, type Unreadable, type Window } from '../model/series.ts';
import type { Meter, PriceList } from '../ports/memory-source.ts';
import type { TakenIn } from './series-book.ts';

const MOST_LISTED = 20;
const MOST_CHARACTERS = 500;

const CROWDED = `There are more than ${MOST_SERIES.toLocaleString('en')} series: name fewer hosts under \`hosts\`, or make several jobs.`;

export interface JobTally {
  /** Of reads that the schedule repeats. */
  readonly meter: Meter;
  /** Of reads that series that are new take once. */
  readonly learning: Meter;
  taken(taken: Pick<TakenIn, 'scored'>): void;
  fail(failure: Unreadable): void;
  note(text: string): void;
  /** Adds to a count. */
  count(what: keyof JobRun['series'], by?: number): void;
  /** What no longer reports, at the end of the points. */
  stopped(records: readonly SeriesRecord[]): void;
  /** Hosts with anomalies that go on, at the end of a part. */
  anomalous(hosts: number): void;
  /** The state was stored, of so many bytes. */
  stored(window: Window, bytes: number): void;
  run(about: JobFacts, outcome?: JobRun['outcome']): JobRun;
}

export interface JobFacts extends Pick<JobRun, 'tenant' | 'scope' | 'job' | 'scheduledTime'> {
  readonly runsPerMonth: number;
  readonly price?: PriceList | undefined;
  /** Series that are scored, and those that have too few points. */
  readonly known: number;
  readonly waiting: number;
}

export function createJobTally(): JobTally {
  const bill = createBill();
  const examples = createExamples();
  const series = {
    known: 0,
    learned: 0,
    waiting: 0,
    left: 0,
    stopped: 0,
    notMonitored: 0,
    unreadable: 0,
    crowdedOut: 0,
  };
  let [points, anomalousPoints, hosts, stateBytes] = [0, 0, 0, 0];
  let window: Window | null = null;

  return {
    meter: bill.meterOf('repeated'),
    learning: bill.meterOf('learning'),
    note: examples.note,
    count(what, by = 1) {
      if (what === 'crowdedOut' && series.crowdedOut === 0) examples.note(CROWDED);
      series[what] += by;
    },
    taken({ scored }) {
      points += scored.length;
      anomalousPoints += scored.filter(({ isAnomaly }) => isAnomaly).length;
    },
    fail(failure) {
      if (isResource(failure.scope)) series.unreadable++;
      examples.note(failureText(failure));
    },
    stopped(records) {
      series.stopped = records.length;
      examples.stopped(records);
    },
    anomalous(some) {
      hosts = some;
      bill.part();
    },
    stored(done, bytes) {
      window = done;
      stateBytes = bytes;
    },
    run({ runsPerMonth, price, known, waiting, ...about }, outcome) {
      const { failures, stopped } = examples.texts();
      return {
        ...about,
        window,
        outcome: outcome ?? (failures.length > 0 ? 'partial' : 'complete'),
        series: { ...series, known, waiting },
        ...{ points, anomalousPoints, hosts, failures, stopped, stateBytes },
        ...bill.total(price, runsPerMonth),
      };
    },
  };
}

/** The first few failures, and series that no longer report, in words. */
function createExamples() {
  const failures: string[] = [];
  let stopped: readonly string[] = [];
  return {
    note(text: string) {
      if (failures.length < MOST_LISTED) failures.push(clip(text, MOST_CHARACTERS));
    },
    stopped(records: readonly SeriesRecord[]) {
      stopped = records.slice(0, MOST_LISTED).map(stoppedText);
    },
    texts: () => ({ failures: [...failures], stopped: [...stopped] }),
  };
}

/** What was requested, and what it costs. */
function createBill() {
  const calls: Record<string, number> = {};
  const billed = { repeated: 0, learning: 0 };
  let parts = 0;
  return {
    part() {
      parts++;
    },
    meterOf: (kind: keyof typeof billed): Meter => ({
      count(call, metrics = 0) {
        calls[call] = (calls[call] ?? 0) + 1;
        billed[kind] += metrics;
      },
    }),
    total(price: PriceList | undefined, runsPerMonth: number): Pick<JobRun, 'calls' | 'metricsBilled' | 'cost'> {
      const metricsBilled = billed.repeated + billed.learning;
      const { perMonth, price: stated } = estimateCost(billed.repeated, price, runsPerMonth / Math.max(1, parts));
      const { perRun } = estimateCost(metricsBilled, price, 1);
      const sorted = Object.fromEntries(Object.entries(calls).sort(([a], [b]) => (a < b ? -1 : 1)));
      return { calls: sorted, metricsBilled, cost: { perRun, perMonth, price: stated } };
    },
  };
}

function stoppedText({ host, metric, part, seen }: SeriesRecord): string {
  const of = [host.name ?? host.id, metric, partText(part)].filter((text) => text !== '').join(' ');
  return clip(`${of}: no points since ${isoText(seen)}`, MOST_CHARACTERS);
}

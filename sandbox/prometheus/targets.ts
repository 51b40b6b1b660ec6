/** What every target has: its labels, the moment of a minute at which it is scraped, and `up`. */
import type { Window } from '../../core/model/series.ts';
import { seedOf } from '../scenario/random.ts';
import { type Labels, type StoredSeries, sampled } from './series.ts';

const MINUTE = 60_000;

export interface Target {
  readonly labels: Labels;
  /** When the server has it as a target. */
  readonly runs: Window;
  /** When it answers. */
  readonly reports: readonly Window[];
  /** Milliseconds between two scrapes. Default: a minute. */
  readonly every: number | undefined;
}

export interface Metric {
  readonly name: string;
  readonly labels?: Labels;
  readonly value: (time: number) => number;
  /** Default: as long as the target answers. */
  readonly written?: readonly Window[];
}

/** The series of a target's metrics. */
export function scraped({ labels, reports, every = MINUTE }: Target, metrics: readonly Metric[]): StoredSeries[] {
  return metrics.map(({ name, labels: own = {}, value, written = reports }) =>
    sampled({
      labels: { __name__: name, ...labels, ...own },
      written,
      value,
      every,
      phase: phaseOf(labels, every),
    }),
  );
}

/** 1 while the target answers, and 0 while it is a target and does not. */
export function upOf(target: Target): StoredSeries {
  const answers = (time: number) => target.reports.some(({ start, end }) => start <= time && time < end);
  const [series] = scraped(target, [
    {
      name: 'up',
      value: (time) => (answers(time + phaseOf(target.labels, target.every ?? MINUTE)) ? 1 : 0),
      written: [target.runs],
    },
  ]);
  if (series === undefined) throw new Error('a target has its up');
  return series;
}

/** Targets are not scraped at once: each has its moment between two scrapes. */
function phaseOf({ job = '', instance = '' }: Labels, every: number): number {
  return seedOf(`${job}/${instance}`) % every;
}

export function constant(value: number): (time: number) => number {
  return () => value;
}

/** Where two times overlap; empty where they do not. */
export function overlap(one: Window, others: readonly Window[]): Window[] {
  return others
    .map(({ start, end }) => ({ start: Math.max(start, one.start), end: Math.min(end, one.end) }))
    .filter(({ start, end }) => start < end);
}

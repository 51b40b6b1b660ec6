/** Stored series: labels, and samples that are functions of the time. */
import type { Window } from '../../core/model/series.ts';
import { badData } from './errors.ts';
import type { Matcher } from './expression.ts';

export type Labels = Readonly<Record<string, string>>;

/** Ordered by time; epoch milliseconds. */
export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface StoredSeries {
  /** With `__name__`; no label is empty. */
  readonly labels: Labels;
  /** Samples from one time to another, both included. */
  read(from: number, to: number): Samples;
  /** Whether there is a sample from one time to another, both included. */
  isWritten(from: number, to: number): boolean;
}

export interface SampledSeries {
  readonly labels: Labels;
  /** When it is scraped; the end is not included. */
  readonly written: readonly Window[];
  /** Milliseconds between two samples. */
  readonly every: number;
  /** Milliseconds after a multiple of `every` at which its target is scraped. */
  readonly phase: number;
  /** At a multiple of `every`, which is where the fleet's memory is defined. */
  readonly value: (time: number) => number;
}

/** Labels without a value are left out, as a server does. */
export function sampled({ labels, written, every, phase, value }: SampledSeries): StoredSeries {
  const firstIn = (from: number, start: number) => Math.ceil((Math.max(from, start) - phase) / every) * every;
  return {
    labels: withoutEmpty(labels),
    isWritten: (from, to) =>
      written.some(({ start, end }) => {
        const first = firstIn(from, start) + phase;
        return first <= to && first < end;
      }),
    read(from, to) {
      const times: number[] = [];
      const values: number[] = [];
      for (const { start, end } of written) {
        for (let time = firstIn(from, start); time + phase <= to && time + phase < end; time += every) {
          times.push(time + phase);
          values.push(value(time));
        }
      }
      return { times, values };
    },
  };
}

/** A label without a value is no label. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
}

export interface Storage {
  readonly all: readonly StoredSeries[];
  /** The series that all matchers select, in the order of their labels. */
  select(matchers: readonly Matcher[]): readonly StoredSeries[];
}

export function createStorage(series: readonly StoredSeries[]): Storage {
  const keyed = series.map((each) => ({ each, key: keyOf(each.labels) }));
  const all = keyed.sort((one, other) => compareTexts(one.key, other.key)).map(({ each }) => each);
  const byName = Map.groupBy(all, ({ labels }) => labels['__name__'] ?? '');
  return {
    all,
    select(matchers) {
      const tests = matchers.map((matcher) => ({ label: matcher.label, holds: testOf(matcher) }));
      if (tests.every(({ holds }) => holds(''))) {
        throw badData('vector selector must contain at least one non-empty matcher');
      }
      const name = matchers.find(({ label, operator }) => label === '__name__' && operator === '=');
      const candidates = name === undefined ? all : (byName.get(name.value) ?? []);
      return candidates.filter(({ labels }) => tests.every(({ label, holds }) => holds(labels[label] ?? '')));
    },
  };
}

/** What others see of a storage at a time: later samples do not exist yet. */
export function storageUntil({ all, select }: Storage, now: number): Storage {
  const until = ({ labels, read, isWritten }: StoredSeries): StoredSeries => ({
    labels,
    read: (from, to) => read(from, Math.min(to, now)),
    isWritten: (from, to) => isWritten(from, Math.min(to, now)),
  });
  return { all, select: (matchers) => select(matchers).map(until) };
}

/** What identifies a set of labels. */
export function keyOf(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0001${labels[name]}`)
    .join('\u0000');
}

export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function testOf({ operator, value }: Matcher): (text: string) => boolean {
  switch (operator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case '=~':
    case '!~': {
      const pattern = patternOf(value);
      return (text) => pattern.test(text) === (operator === '=~');
    }
  }
}

/** Anchored, as the server has it. RE2 has neither looks around nor references back. */
export function patternOf(text: string): RegExp {
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]/.test(text)) throw badData(`error parsing regexp: invalid Perl operator: ${text}`);
  try {
    return new RegExp(`^(?:${text.replaceAll('(?P<', '(?<')})$`);
  } catch {
    throw badData(`error parsing regexp: ${text}`);
  }
}

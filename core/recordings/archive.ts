/** An archive: of each hour of a process the least and the greatest of its samples. */
import { type ArchivedHour, type RecordedSample, usedOf } from '../model/recording.ts';
import { hourOf } from '../model/sample-chunk.ts';
import type { ArchivedDay, LivePart, RecordedProcess } from '../ports/recording-store.ts';
import { byProcess, createJoin, processKey } from './join.ts';

export const FIGURES = ['data', 'stack', 'used', 'resident', 'swap'] as const;
export type Figure = (typeof FIGURES)[number];

/**
 * The archive of a day with the live parts that are not yet in it. What was archived stays: bands grow and never shrink.
 * The same parts again give the same archive.
 */
export function archiveWith(archive: ArchivedDay | undefined, parts: readonly LivePart[]): ArchivedDay {
  const known = new Set(archive?.parts);
  const fresh = parts.filter(({ name }) => !known.has(name));
  const hours = mergedHours([...(archive?.hours ?? []), ...hoursOf(joinedParts(fresh))]);
  return { hours, parts: [...known, ...fresh.map(({ name }) => name)].sort() };
}

/** One sample of each process and moment. */
export function joinedParts(parts: readonly LivePart[]): readonly RecordedProcess<RecordedSample>[] {
  const join = createJoin();
  for (const { live } of parts) for (const { kept, ...of } of live) for (const sample of kept) join.add(of, sample);
  return join.processes();
}

/** @param live One sample of each moment. */
function hoursOf(live: readonly RecordedProcess<RecordedSample>[]): readonly RecordedProcess<ArchivedHour>[] {
  return live.map(({ kept, ...of }) => {
    const byHour = Map.groupBy(kept, ({ time }) => hourOf(time));
    const hours = [...byHour].map(([hour, samples]) => samples.map((one) => bandsOf(hour, one)).reduce(merged));
    return { ...of, kept: hours.toSorted((a, b) => a.hour - b.hour) };
  });
}

export function figureOf(sample: RecordedSample, figure: Figure): number | undefined {
  return figure === 'used' ? usedOf(sample) : sample[figure];
}

function bandsOf(hour: number, sample: RecordedSample): ArchivedHour {
  const bands = FIGURES.map((figure) => [figure, figureOf(sample, figure)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([figure, value]) => [figure, { min: value, max: value }]);
  return { hour, samples: 1, ...Object.fromEntries(bands) };
}

function merged(a: ArchivedHour, b: ArchivedHour): ArchivedHour {
  const bands = FIGURES.map((figure) => [figure, mergedBand(a[figure], b[figure])] as const);
  return {
    hour: a.hour,
    samples: a.samples + b.samples,
    ...Object.fromEntries(bands.filter(([, band]) => band !== undefined)),
  };
}

function mergedBand(a: ArchivedHour[Figure], b: ArchivedHour[Figure]): ArchivedHour[Figure] {
  if (a === undefined || b === undefined) return a ?? b;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

function mergedHours(all: readonly RecordedProcess<ArchivedHour>[]): readonly RecordedProcess<ArchivedHour>[] {
  const groups = [...Map.groupBy(all, processKey).values()];
  const processes = groups.flatMap((group): RecordedProcess<ArchivedHour>[] => {
    const [first] = group;
    if (first === undefined) return [];
    const byHour = Map.groupBy(
      group.flatMap(({ kept }) => kept),
      ({ hour }) => hour,
    );
    const hours = [...byHour.values()].map((same) => same.reduce(merged));
    return [{ ...first, kept: hours.toSorted((a, b) => a.hour - b.hour) }];
  });
  return processes.toSorted(byProcess);
}

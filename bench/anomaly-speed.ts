/** Microseconds a point, on this machine. */
import { advance } from '../core/detector/anomaly/advance.ts';
import { beginState } from '../core/detector/anomaly/learn.ts';
import { median } from '../core/detector/order.ts';
import type { Sets } from './anomaly-choose.ts';
import { mstl, peerOf } from './anomaly-peers.ts';
import type { AnomalySeries } from './anomaly-series.ts';
import { markdownTable, rounded } from './markdown.ts';

const ROUNDS = 3;

export function speedReport(sets: Sets): string {
  const some = sets.generated.filter((_, i) => i % 5 === 0).slice(0, 20);
  const cpu = some.filter(({ settings }) => !settings.fills && !settings.sparse);
  const disks = some.filter(({ settings }) => settings.fills);
  const rows = [
    ['Plimsoll, a day at once', ...timed(cpu, 288)],
    ['Plimsoll, point by point', ...timed(cpu, 1)],
    ['Plimsoll, disks (growth every hour), point by point', ...timed(disks, 1)],
    ['MSTL (augurs), fitted daily', ...timedMstl(cpu.slice(0, 2))],
  ];
  const bytes = some.map((series) => {
    const state = begun(series);
    return JSON.stringify(state).length;
  });
  return `## Speed and size

Microseconds a point, the median of ${ROUNDS} rounds and their range; learning the reference is apart: ${rounded(learning(cpu))} ms a series of 2016 points. A state takes ${Math.round(median(Float64Array.from(bytes)))} bytes of JSON in
the middle, ${Math.max(...bytes)} at the most.

${markdownTable(['detector', 'median', 'least', 'most'], rows)}
`;
}

function begun({ times, values, settings, from }: AnomalySeries) {
  const first = times.findIndex((time) => time >= from);
  const length = first < 0 ? times.length : first;
  const window = { start: from - settings.referencePoints * settings.periodMs, end: from };
  return beginState({ times: times.subarray(0, length), values: values.subarray(0, length) }, settings, window);
}

function timed(some: readonly AnomalySeries[], at: number): string[] {
  const rounds = Array.from({ length: ROUNDS }, () => {
    let [took, points] = [0, 0];
    for (const series of some) {
      const { times, values, settings, from } = series;
      let state = begun(series);
      const start = performance.now();
      for (let i = times.findIndex((time) => time >= from); i < times.length; i += at) {
        if (state.kind === 'insufficient') break;
        const next = advance(state, { times: times.subarray(i, i + at), values: values.subarray(i, i + at) }, settings);
        state = next.state;
        points += next.scored.length;
      }
      took += performance.now() - start;
    }
    return (took / points) * 1000;
  });
  return figures(rounds);
}

function timedMstl(some: readonly AnomalySeries[]): string[] {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const points = some.reduce((sum, { times, from }) => sum + times.filter((time) => time >= from).length, 0);
    const peer = peerOf('MSTL', mstl(1), 3);
    const start = performance.now();
    // A copy is another series: nothing is known of it yet.
    for (const series of some) peer.alarms({ ...series });
    return ((performance.now() - start) / points) * 1000;
  });
  return figures(rounds);
}

function learning(some: readonly AnomalySeries[]): number {
  const start = performance.now();
  for (const series of some) begun(series);
  return (performance.now() - start) / some.length;
}

function figures(rounds: readonly number[]): string[] {
  return [median(Float64Array.from(rounds)), Math.min(...rounds), Math.max(...rounds)].map(rounded);
}

/** The detectors of others over points: each flags points, and an alarm is given after so many flagged ones in a row. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { initSync, MSTL } from '@bsull/augurs/mstl';
import { inspectPoints, type PointInspection } from '../core/detector/anomaly/inspect.ts';
import { type Alarm, type AnomalySeries, DAY_MS } from './anomaly-series.ts';

// The package's own loader fetches a URL, which Node.js refuses for files; the module lies beside its JavaScript.
const script = pathToFileURL(createRequire(import.meta.url).resolve('@bsull/augurs/mstl'));
initSync({ module: readFileSync(new URL('mstl_bg.wasm', script)) });

/** Whether each scored point is flagged. */
type Flags = (series: AnomalySeries, reference: Float64Array, scored: Float64Array) => boolean[];

export interface AnomalyPeer {
  readonly name: string;
  alarms(series: AnomalySeries): Alarm[];
}

function counted({ settings, times, values, from }: AnomalySeries) {
  if (!settings.sparse) return { times, values };
  const start = from - settings.referencePoints * settings.periodMs;
  const n = Math.ceil(((times.at(-1) ?? from) - start) / settings.periodMs) + 1;
  const filled = new Float64Array(n);
  times.forEach((time, i) => {
    const slot = Math.round((time - start) / settings.periodMs);
    if (slot >= 0) filled[slot] = values[i] ?? 0;
  });
  return { times: Float64Array.from(filled, (_, i) => start + i * settings.periodMs), values: filled };
}

export function peerOf(name: string, flagsOf: Flags, inARow: number): AnomalyPeer {
  return {
    name,
    alarms(series) {
      const { times, values } = counted(series);
      const first = times.findIndex((time) => time >= series.from);
      const flags = flagsOf(series, values.subarray(0, first), values.subarray(first));
      return alarmsOf(flags, times.subarray(first), inARow);
    },
  };
}

/** An alarm ends with the sixth point in a row that is not flagged, as ours does. */
const QUIET = 6;

function alarmsOf(flags: readonly boolean[], times: Float64Array, inARow: number): Alarm[] {
  const alarms: { at: number; start: number; last: number }[] = [];
  let [row, quiet, open] = [0, 0, false];
  flags.forEach((flag, i) => {
    const time = times[i] ?? 0;
    row = flag ? row + 1 : 0;
    quiet = flag ? 0 : quiet + 1;
    if (quiet >= QUIET) open = false;
    const current = alarms.at(-1);
    if (open && flag && current !== undefined) current.last = time;
    if (!open && row >= inARow) {
      open = true;
      alarms.push({ at: time, start: times[i - inARow + 1] ?? time, last: time });
    }
  });
  return alarms;
}

/** The series as a source reads it, and what we make of it. */
export function inspected(series: AnomalySeries): PointInspection {
  const { id, settings, times, values, from, until } = series;
  const { sparse, referencePoints, periodMs } = settings;
  const start = sparse ? from - referencePoints * periodMs : (times[0] ?? 0);
  const resource = { provider: 'local', account: 'bench', region: null, id } as const;
  const shared = { kind: 'points', metric: 'bench', part: {}, unit: '1', periodMs } as const;
  return inspectPoints({ ...shared, resource, window: { start, end: until }, times, values }, from, settings);
}

export function ours(): AnomalyPeer {
  return {
    name: 'Plimsoll',
    alarms(series) {
      const answer = inspected(series);
      if (answer.kind === 'insufficient') return [];
      return answer.episodes.map(({ reportedAt, start, last }) => ({ at: reportedAt, start, last }));
    },
  };
}

/** Our scores, with a rule that reports so many anomalous points in a row. */
export function ourPoints(inARow: number): AnomalyPeer {
  return {
    name: inARow === 1 ? 'each anomalous point' : `${inARow} anomalous points in a row`,
    alarms(series) {
      const answer = inspected(series);
      if (answer.kind === 'insufficient') return [];
      const flags = answer.scored.map(({ isAnomaly }) => isAnomaly);
      return alarmsOf(
        flags,
        Float64Array.from(answer.scored, ({ time }) => time),
        inARow,
      );
    },
  };
}

/** Of a fraction a level, of everything else a multiple of the greatest value of the reference. */
export function staticThreshold(level: number, factor: number): Flags {
  return ({ settings }, reference, scored) => {
    const limit =
      settings.upper === 1 ? level : factor * reference.reduce((most, value) => Math.max(most, value), -Infinity);
    return Array.from(scored, (value) => value > limit);
  };
}

/** Further from the mean of the reference than so many of its standard deviations. */
export function band(deviations: number): Flags {
  return ({ settings }, reference, scored) => {
    const mean = reference.reduce((sum, value) => sum + value, 0) / reference.length;
    const deviation = Math.sqrt(reference.reduce((sum, value) => sum + (value - mean) ** 2, 0) / reference.length);
    const counts = (difference: number) =>
      settings.direction === 'up' ? difference : settings.direction === 'down' ? -difference : Math.abs(difference);
    return Array.from(scored, (value) => counts(value - mean) > deviations * deviation);
  };
}

/** What MSTL forecasts of each scored point, and half the width of its interval of 99 %. */
interface Forecasts {
  readonly expected: Float64Array;
  readonly half: Float64Array;
}

/** A series is fitted once, whatever its intervals are widened by. */
const forecasts = new WeakMap<AnomalySeries, Forecasts>();

/**
 * augurs' MSTL with ETS for the trend: fitted anew each day on the newest reference, and outside of its forecast's interval of 99 %, which is
 * widened by a factor.
 */
export function mstl(wider: number): Flags {
  return (series, reference, scored) => {
    const { direction } = series.settings;
    const { expected, half } = forecasts.get(series) ?? forecastsOf(series, reference, scored);
    return Array.from(scored, (value, i) => {
      const [away, limit] = [value - (expected[i] ?? 0), wider * (half[i] ?? Infinity)];
      return (direction !== 'down' && away > limit) || (direction !== 'up' && away < -limit);
    });
  };
}

function forecastsOf(series: AnomalySeries, reference: Float64Array, scored: Float64Array): Forecasts {
  const { periodMs, referencePoints } = series.settings;
  const perDay = Math.max(2, Math.round(DAY_MS / periodMs));
  const all = Float64Array.from([...reference, ...scored]);
  const [expected, half] = [new Float64Array(scored.length), new Float64Array(scored.length).fill(Infinity)];
  for (let at = reference.length; at < all.length; at += perDay) {
    const ahead = Math.min(perDay, all.length - at);
    const answer = forecast(all.subarray(Math.max(0, at - referencePoints), at), perDay, ahead);
    for (let i = 0; i < ahead && answer !== undefined; i++) {
      const [low, high] = [answer.lower[i] ?? -Infinity, answer.upper[i] ?? Infinity];
      expected[at - reference.length + i] = (low + high) / 2;
      half[at - reference.length + i] = (high - low) / 2;
    }
  }
  const both = { expected, half };
  forecasts.set(series, both);
  return both;
}

function forecast(past: Float64Array, perDay: number, ahead: number) {
  try {
    const model = MSTL.ets(past.length >= 2 * perDay ? [perDay] : [], { impute: true });
    model.fit(past);
    const { intervals } = model.predict(ahead, 0.99);
    model.free();
    return intervals;
  } catch {
    // It states a sentence, the same class for every cause: too few points, or no model that converges.
    return undefined;
  }
}

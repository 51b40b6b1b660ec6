/** The growth that would have turned a verdict: it explains why a host was reported, or why it was not. */
import type { Series } from '../model/series.ts';
import type { Counterfactual, Verdict } from '../model/verdict.ts';
import { clean } from './clean.ts';
import { type DetectPolicy, detect } from './detect.ts';
import type { Knowledge } from './knowledge.ts';

const HOUR_MS = 3_600_000;

/**
 * The range of growth is searched in so many steps, because a verdict may turn more than once (growth that is too fast looks like
 * a start). The first step that turns it is bisected so many times: to a thousandth of the range.
 */
const STEPS = 32;
const HALVINGS = 5;

/**
 * The growth, nearest to the measured one, at which the verdict turns: less growth of a leak, more of a steady host. A straight line
 * is added to the samples of the hours that growth was measured over, and the same detector runs again, with what else is known of the host
 * as it is: its siblings and consumers grow as they did. Null where no line turns the verdict, or where there is none.
 *
 * @param explained The verdict that is explained, where it may rest on more than what is known here: then nothing is said of another one.
 */
export function counterfactualOf(
  series: Series,
  policy: DetectPolicy,
  knowledge: Knowledge = {},
  explained?: Verdict,
): Counterfactual | null {
  const verdict = detect(series, policy, knowledge);
  if (verdict.state === 'insufficient_data') return null;
  if (explained !== undefined && !isSameVerdict(verdict, explained)) return null;
  const isLeaking = verdict.state === 'leaking';
  const { growthHours: hours, growthPerHour } = verdict.evidence;
  const { estimate } = growthPerHour;
  const range = isLeaking ? -2 * Math.max(estimate, 0) : headroom(series, hours) / hours;
  const turned = (part: number) =>
    (detect(tilted(series, range * part, hours), policy, knowledge).state === 'leaking') !== isLeaking;
  if (range === 0) return null;
  const first = Array.from({ length: STEPS }, (_, step) => (step + 1) / STEPS).find(turned);
  if (first === undefined) return null;
  let [kept, turns] = [first - 1 / STEPS, first];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (kept + turns) / 2;
    if (turned(middle)) turns = middle;
    else kept = middle;
  }
  const turnsAt = estimate + range * turns;
  // That a shrinking host would leak if it shrank less explains nothing.
  return !isLeaking && turnsAt <= 0 ? null : { hours, growthPerHour: estimate, turnsAt };
}

/** Confidences that differ by less are the same. */
const SAME_CONFIDENCE = 1e-9;

function isSameVerdict(verdict: Verdict, other: Verdict): boolean {
  if (verdict.state === 'insufficient_data' || other.state === 'insufficient_data')
    return verdict.state === other.state;
  const apart = Math.abs(verdict.evidence.confidence - other.evidence.confidence);
  return verdict.state === other.state && apart <= SAME_CONFIDENCE;
}

/**
 * The memory above the greatest sample of the last hours, in the unit of the series; where the limit is unknown, as
 * much as that sample.
 */
export function headroom(series: Series, hours: number): number {
  const samples = clean(series);
  if (samples === undefined) return 0;
  const from = series.window.end - hours * HOUR_MS;
  const greatest = samples.values.reduce((most, value, index) => {
    return (samples.times[index] ?? from) >= from ? Math.max(most, value) : most;
  }, 0);
  const capacity = samples.limitKnown ? samples.capacity : 2 * greatest;
  return Math.max(0, capacity - greatest);
}

/** The series with a line of so much per hour added to its last hours; no value falls below 0. */
export function tilted(series: Series, perHour: number, hours: number): Series {
  const from = series.window.end - hours * HOUR_MS;
  const values = series.values.map((value, index) => {
    const since = (series.times[index] ?? from) - from;
    return since > 0 ? Math.max(0, value + (perHour * since) / HOUR_MS) : value;
  });
  return { ...series, values };
}

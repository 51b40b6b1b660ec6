/**
 * The confidence that a host's own curve gives, now and over the last hours. One unusual hour makes no leak: a suspect is evaluated
 * again as of some hours ago, and its score counts no more than the mean of these. And one calm hour ends none: what was likely a leak
 * hours ago, has given nothing back since and goes on growing is one still, even where the last hours alone would not show it.
 */
import { logit, scoreOver, sigmoid } from './confidence.ts';
import { type Evaluations, evaluationOf, type LineAgo } from './evaluate.ts';
import { featureChecks } from './features.ts';
import { CELLS_PER_HOUR, type Grid } from './floors.ts';
import { confidenceAt, type Learned } from './learned.ts';
import type { Segment } from './segment.ts';
import type { CurveEvaluation } from './subject.ts';
import { youngEvaluationOf } from './young.ts';

/**
 * Hours ago as of which a suspect is evaluated as well: one unusual hour makes no leak. The hours between added nothing, because
 * neighbouring hours agree.
 */
export const SUSPECT_HOURS_AGO = [2];
/** The mean that confirms a leak includes the scores of these hours ago: growth of one afternoon wakes nobody up. */
const CONFIRMING_HOURS_AGO = [5];
/** A leak was nearly suspected an hour before, too: half of the suspicions of healthy hosts last an hour. */
const HOUR_BEFORE = 1;
/**
 * "Nearly": its odds may have been half. The same odds lost 5 % of the leaks that a single hour finds, and came 1.4 h later; half of them
 * lose 2 %, and come .5 h later. A page is not put off, because its own mean reaches further back.
 */
const HOUR_BEFORE_ODDS = 2;
/** A confidence below this makes no suspect under any policy: the hours before are not evaluated. */
const CLEARLY_STEADY = 0.05;

/**
 * How far back an earlier finding may lie that is upheld. Leaks pause: at night, at a plateau between two steps, while their load is low.
 * Of the hours between the first hit and the end of a leak 76 % were flagged without this, and 84 % with it (66 and 78 % of slow leaks), at
 * half a false alarm more per 1,000 host-days. All hours rather than every second would give another 2 %, and take twice the time.
 */
const UPHELD_HOURS_AGO = Array.from({ length: 16 }, (_, index) => 2 * (index + 1));
/**
 * Earlier hours are looked at while they could raise a confidence by more: a plain leak needs no earlier finding. With two points instead, a leak
 * that its siblings speak against was lost at times.
 */
const LEAST_GAIN = 0.005;
/** An earlier finding is upheld while the floor has grown since by this share of what its pace then would have made of it … */
const UPHELD_GROWTH = 0.7;
/** … and counts by this weight beside the confidence now, in log-odds. */
const EARLIER_WEIGHT = 0.9;

/** @param prior Share of inspections that are of a leaking host. */
export function evaluateCurve(grid: Grid, segment: Segment, prior: number, learned: Learned): CurveEvaluation {
  const hours = hoursKnown(grid.cells);
  const evaluations = evaluationOf(grid, segment.start, learned.model);
  const { now: evaluation } = evaluations;
  const confidenceOf: Confidences = (ago, before) => {
    const scoreOf = (hoursAgo: number) => (hoursAgo === 0 ? evaluation : evaluations.ago(hoursAgo)).score;
    const earlier = before.map((more) => scoreOf(ago + more));
    return confidenceAt(learned, hours, scoreOver(scoreOf(ago), earlier), prior);
  };
  const suspicion = confidenceOf(0, []) < CLEARLY_STEADY ? confidenceOf(0, []) : confidenceOf(0, SUSPECT_HOURS_AGO);
  const present =
    suspicion < CLEARLY_STEADY ? suspicion : Math.min(suspicion, raised(confidenceOf(HOUR_BEFORE, SUSPECT_HOURS_AGO)));
  const confidence = upheld(present, evaluations, confidenceOf, confidenceAt(learned, hours, Infinity, prior));
  const lasting = () => Math.min(suspicion, confidenceOf(0, [...SUSPECT_HOURS_AGO, ...CONFIRMING_HOURS_AGO]));
  const young = youngEvaluationOf(grid, segment.start, { hours, prior, learned });
  return {
    evaluation,
    hours,
    confidence: young === null ? confidence : young.beside(confidence),
    lasting: () => (young === null ? lasting() : young.beside(lasting())),
    checks: young?.checks ?? featureChecks(evaluation.features, learned.limits),
  };
}

/** The confidence so many hours ago, with the scores of so many hours before it counted in. */
type Confidences = (ago: number, before: readonly number[]) => number;

/** The confidence now, or with an earlier one where that still holds. @param most The greatest confidence that any score gives. */
function upheld(present: number, { now, ago, linesAgo }: Evaluations, confidenceOf: Confidences, most: number): number {
  if (present < CLEARLY_STEADY) return present;
  const level = now.hourly.at(-1) ?? 0;
  const longest = now.hourly.length - LEAST_EVALUATED_HOURS - Math.max(...SUSPECT_HOURS_AGO);
  let greatest = present;
  for (const hours of UPHELD_HOURS_AGO) {
    // A leak that is plain now, or was at the last hour that was looked at, cannot become surer.
    if (hours > longest || mixed(most, present) - greatest < LEAST_GAIN) break;
    const holds = (then: LineAgo) => level >= then.level + UPHELD_GROWTH * hours * then.slope;
    // Lines cost a small part of a score, and the scores of the hours before it lower a confidence at the most.
    if (!linesAgo(hours).some(holds) || !holds(ago(hours))) continue;
    if (mixed(confidenceOf(hours, []), present) <= greatest) continue;
    greatest = Math.max(greatest, mixed(confidenceOf(hours, SUSPECT_HOURS_AGO), present));
  }
  return greatest;
}

/** Fewer hours than this have no verdict of their own. */
const LEAST_EVALUATED_HOURS = 12;

function mixed(earlier: number, present: number): number {
  return sigmoid(EARLIER_WEIGHT * logit(earlier) + (1 - EARLIER_WEIGHT) * logit(present));
}

/** An hour before, a suspect may have had this share of its odds. */
function raised(confidence: number): number {
  const odds = (HOUR_BEFORE_ODDS * confidence) / (1 - confidence);
  return odds / (1 + odds);
}

/** Hours that hold a sample: a gap is no history. */
export function hoursKnown(cells: Float64Array): number {
  let hours = 0;
  let counted = Infinity;
  for (let i = cells.length - 1; i >= 0; i--) {
    const hour = Math.floor((cells.length - 1 - i) / CELLS_PER_HOUR);
    if (hour === counted || Number.isNaN(cells[i] ?? Number.NaN)) continue;
    counted = hour;
    hours++;
  }
  return hours;
}

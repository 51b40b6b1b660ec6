/** The host that evaluators vote on, as its own curve has it. */
import type { Series } from '../model/series.ts';
import type { Check } from '../model/verdict.ts';
import type { CleanedSamples } from './clean.ts';
import type { Evaluation } from './evaluate.ts';
import type { Grid } from './floors.ts';
import type { Segment } from './segment.ts';

/** What the host's own curve suggests. */
export interface CurveEvaluation {
  readonly evaluation: Evaluation;
  /** Hours that hold a sample. */
  readonly hours: number;
  readonly confidence: number;
  /** The confidence with CONFIRMING_HOURS_AGO included, by which a page is decided. */
  lasting(): number;
  readonly checks: readonly Check[];
}

/** The host that evaluators vote on. */
export interface Subject {
  readonly series: Series;
  readonly samples: CleanedSamples;
  readonly grid: Grid;
  readonly segment: Segment;
  readonly curve: CurveEvaluation;
}

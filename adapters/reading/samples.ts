/** The samples of one metric, and checks of their times and values. */
import { OVER_FULL, type Span } from '../../core/model/series.ts';
import type { Failure } from './failure.ts';

/** Samples in order of time, as many values as times (epoch milliseconds), or why they could not be read. */
export type Samples =
  | { readonly kind: 'samples'; readonly times: Float64Array; readonly values: Float64Array }
  | { readonly kind: 'failed'; readonly failure: Failure };

export const NO_SAMPLES: Samples = { kind: 'samples', times: new Float64Array(), values: new Float64Array() };

/** Names the first sample that is not at the start of a period; undefined where all are. */
export function alignmentFault(
  times: Float64Array,
  { window, periodMs }: Pick<Span, 'window' | 'periodMs'>,
): string | undefined {
  for (const time of times) {
    if (Number.isInteger((time - window.start) / periodMs)) continue;
    return `a sample at ${new Date(time).toISOString()}, inside a period of ${periodMs / 1000} s`;
  }
  return undefined;
}

/** Names the first value that is no fraction of used memory, for example a percentage; undefined where all are. */
export function fractionFault(fractions: Float64Array): string | undefined {
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= OVER_FULL)) return `${fraction} of the memory in use`;
  }
  return undefined;
}

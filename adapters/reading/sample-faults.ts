/** What samples of a provider cannot be: inside a period of which they are to be the whole, or no fraction of a host's memory. */
import { OVER_FULL, type Span } from '../../core/model/series.ts';

/** Says which sample does not stand at the start of a period; undefined where all of them do. */
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

/** Says which value is no fraction of used memory, for example percent where a fraction is due; undefined where all are. */
export function fractionFault(fractions: Float64Array): string | undefined {
  for (const fraction of fractions) {
    if (!(fraction >= 0 && fraction <= OVER_FULL)) return `${fraction} of the memory in use`;
  }
  return undefined;
}

/** A curve among others of its kind: no axes, the same scale for all, so that heights compare. */
import { plain } from '../components/text.tsx';
import type { Range, Samples } from './model.ts';
import { curvePaths, HEIGHT, WIDTH, yOf } from './small-curve-path.ts';

interface SmallCurveProps {
  readonly samples: Samples;
  /** What all of them span. */
  readonly range: Range;
  readonly levels: readonly [low: number, high: number];
  /** A line across at this level. */
  readonly limit?: number | null;
  /** In words: it is an image to a screen reader. */
  readonly label: string;
  readonly tone?: 'own' | 'leaking' | 'plain';
}

export function SmallCurve({ samples, range, levels, limit = null, label, tone = 'plain' }: SmallCurveProps) {
  const { line, area } = curvePaths(samples, range, levels);
  const limitAt = limit === null ? null : yOf(limit, levels);
  return (
    <svg
      class={`small-curve small-curve-${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={plain(label, 300)}
    >
      {limitAt !== null && limitAt >= 0 && <path class="small-curve-limit" d={`M0 ${limitAt}H${WIDTH}`} />}
      <path class="small-curve-area" d={area} />
      <path class="small-curve-line" d={line} />
    </svg>
  );
}

/** A small line of a host's level over its last runs. */
import { sparklinePath } from '../sparkline-path.ts';

interface SparklineProps {
  /** Oldest first; null where a run has none. Undefined while it is not read: the room is kept. */
  readonly values: readonly (number | null)[] | undefined;
  /** What it shows, in words: it is an image to a screen reader. */
  readonly label: string;
}

const WIDTH = 96;
const HEIGHT = 22;

export function Sparkline({ values, label }: SparklineProps) {
  const path = values === undefined ? '' : sparklinePath(values, WIDTH, HEIGHT);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}

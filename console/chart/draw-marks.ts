/** Draws what happened, above the plot: a row of cycles, and one of marks with a shape for each kind. */
import { type Brush, dot, LANE_HEIGHT, label, line, polygon, TOP_ROOM } from './brush.ts';
import type { Mark, MarkKind } from './model.ts';
import { faded } from './palette.ts';

/** A row of spans above the plot: one growth each. */
export function drawCycles({ context, model, palette, plot, scale, x }: Brush): void {
  const top = plot.top - TOP_ROOM * scale + 2 * scale;
  const height = (LANE_HEIGHT - 6) * scale;
  const edge = plot.left + plot.width;
  for (const { from, to, cycle, ended } of model.cycles) {
    const left = Math.max(plot.left, x(from));
    const right = Math.min(edge, x(to));
    if (right <= left) continue;
    const colour = ended === null ? palette.growth : palette.muted;
    context.fillStyle = faded(colour, 0.22);
    context.fillRect(left, top, right - left - scale, height);
    context.fillStyle = colour;
    context.fillRect(left, top, 2 * scale, height);
    if (right - left < 52 * scale) continue;
    context.textAlign = 'left';
    label({ context, palette, scale }, `cycle ${cycle}`, left + 6 * scale, top + height / 2);
  }
}

/** Each kind has a shape of its own. */
const SHAPES: Readonly<Record<MarkKind, (brush: Brush, x: number, y: number) => void>> = {
  deployment: (brush, x, y) =>
    polygon(
      brush,
      x,
      y,
      [
        [0, -5],
        [5, 4],
        [-5, 4],
      ],
      brush.palette.level,
    ),
  scaling: (brush, x, y) =>
    polygon(
      brush,
      x,
      y,
      [
        [0, -5],
        [5, 0],
        [0, 5],
        [-5, 0],
      ],
      brush.palette.onset,
    ),
  restart: (brush, x, y) =>
    polygon(
      brush,
      x,
      y,
      [
        [-5, -4],
        [5, -4],
        [0, 5],
      ],
      brush.palette.recovered,
    ),
  change: (brush, x, y) => dot(brush, x, y, 4, brush.palette.growth),
  action: (brush, x, y) =>
    polygon(
      brush,
      x,
      y,
      [
        [-4, -4],
        [4, -4],
        [4, 4],
        [-4, 4],
      ],
      brush.palette.muted,
    ),
};

export function drawMarks(brush: Brush): void {
  const { context, model, palette, plot, scale, x } = brush;
  const row = plot.top - (LANE_HEIGHT / 2 + 4) * scale;
  for (const { at, kind } of model.marks) {
    const left = x(at);
    if (left < plot.left || left > plot.left + plot.width) continue;
    if (kind !== 'action') {
      context.strokeStyle = faded(palette.mark, 0.5);
      context.lineWidth = scale;
      line(context, [
        [left, row],
        [left, plot.top + plot.height],
      ]);
    }
    SHAPES[kind](brush, left, row);
  }
}

/** The marks near a moment, the nearest first. @param reach Seconds. */
export function marksNear(marks: readonly Mark[], at: number, reach: number): readonly Mark[] {
  const distance = (mark: Mark) => Math.abs(mark.at - at);
  return marks.filter((mark) => distance(mark) <= reach).sort((a, b) => distance(a) - distance(b));
}

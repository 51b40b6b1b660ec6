/** What the parts of the drawing share: the canvas with its scales, and shapes on it. */
import type uPlot from 'uplot';
import type { ChartModel } from './model.ts';
import { faded, type Palette } from './palette.ts';

/** Room above the plot: one row for cycles and one for marks. In CSS pixels. */
export const LANE_HEIGHT = 18;
const LANES = 2;
export const TOP_ROOM = LANES * LANE_HEIGHT + 10;

export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly model: ChartModel;
  readonly palette: Palette;
  readonly plot: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** Canvas pixels of a CSS pixel. */
  readonly scale: number;
  readonly x: (at: number) => number;
  readonly y: (level: number) => number;
}

export function brushOf(chart: uPlot, model: ChartModel, palette: Palette): Brush {
  return {
    context: chart.ctx,
    model,
    palette,
    plot: chart.bbox,
    scale: devicePixelRatio,
    x: (at) => chart.valToPos(at, 'x', true),
    y: (level) => chart.valToPos(level, 'y', true),
  };
}

export function line(context: CanvasRenderingContext2D, points: readonly (readonly [x: number, y: number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

export function dot(
  { context, palette, scale }: Brush,
  x: number,
  y: number,
  radius: number,
  colour = palette.forecast,
): void {
  context.fillStyle = colour;
  context.strokeStyle = palette.surface;
  context.lineWidth = scale;
  context.beginPath();
  context.arc(x, y, radius * scale, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

export function tick({ context, palette, scale }: Brush, x: number, y: number): void {
  context.strokeStyle = palette.forecast;
  context.lineWidth = 2 * scale;
  line(context, [
    [x, y - 6 * scale],
    [x, y + 6 * scale],
  ]);
}

export type Points = readonly (readonly [x: number, y: number])[];

export function polygon(
  { context, palette, scale }: Brush,
  x: number,
  y: number,
  points: Points,
  colour: string,
): void {
  context.fillStyle = colour;
  context.strokeStyle = palette.surface;
  context.lineWidth = scale;
  context.beginPath();
  for (const [right, down] of points) context.lineTo(x + right * scale, y + down * scale);
  context.closePath();
  context.fill();
  context.stroke();
}

export function label(
  { context, palette, scale }: Pick<Brush, 'context' | 'palette' | 'scale'>,
  text: string,
  x: number,
  y: number,
): void {
  context.font = `${11 * scale}px ${palette.font}`;
  context.textBaseline = 'middle';
  context.lineWidth = 3 * scale;
  context.strokeStyle = faded(palette.surface, 0.85);
  context.strokeText(text, x, y);
  context.fillStyle = palette.text;
  context.fillText(text, x, y);
}

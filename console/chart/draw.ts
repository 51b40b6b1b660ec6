/** Draws what surrounds the curve on uPlot's canvas: bands below it, lines and marks above it. */
import type uPlot from 'uplot';
import { type Brush, brushOf, dot, label, line, tick } from './brush.ts';
import { drawCycles, drawMarks } from './draw-marks.ts';
import type { ChartModel, Fit, Forecast, Range } from './model.ts';
import { faded, type Palette } from './palette.ts';

const HOUR_S = 3600;

/** What lies below the curve. */
export function drawBelow(chart: uPlot, model: ChartModel, palette: Palette): void {
  const brush = brushOf(chart, model, palette);
  clipped(brush, () => {
    if (model.evaluated !== null) fillBand(brush, model.evaluated, faded(palette.evaluated, 0.55));
    if (model.onset !== null) hatchBand(brush, model.onset, palette.onset);
    if (model.restartBy?.window) fillBand(brush, model.restartBy.window, faded(palette.recovered, 0.14));
    if (model.forecast !== null && model.limit !== null) forecastBand(brush, model.forecast, model.limit);
    if (model.fit !== null) growthBand(brush, model.fit);
  });
}

/** What lies above the curve. */
export function drawAbove(chart: uPlot, model: ChartModel, palette: Palette): void {
  const brush = brushOf(chart, model, palette);
  clipped(brush, () => {
    if (model.limit !== null) limitLine(brush, model.limit);
    if (model.fit !== null) growthLine(brush, model.fit);
    if (model.forecast !== null && model.limit !== null) forecastLine(brush, model.forecast, model.limit);
    nowLine(brush, model.history.to);
  });
  drawCycles(brush);
  drawMarks(brush);
  if (model.restartBy !== null) restartByLine(brush, model.restartBy.at);
}

function clipped({ context, plot }: Brush, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top, plot.width, plot.height);
  context.clip();
  draw();
  context.restore();
}

function fillBand({ context, plot, x }: Brush, { from, to }: Range, colour: string): void {
  context.fillStyle = colour;
  context.fillRect(x(from), plot.top, Math.max(1, x(to) - x(from)), plot.height);
}

/** Slanted lines: it is known by its shape where colours are not. */
function hatchBand({ context, plot, scale, x }: Brush, { from, to }: Range, colour: string): void {
  const [left, right] = [x(from), Math.max(x(to), x(from) + 2 * scale)];
  context.save();
  context.beginPath();
  context.rect(left, plot.top, right - left, plot.height);
  context.clip();
  context.fillStyle = faded(colour, 0.12);
  context.fillRect(left, plot.top, right - left, plot.height);
  context.strokeStyle = faded(colour, 0.55);
  context.lineWidth = scale;
  context.beginPath();
  for (let at = left - plot.height; at < right; at += 7 * scale) {
    context.moveTo(at, plot.top + plot.height);
    context.lineTo(at + plot.height, plot.top);
  }
  context.stroke();
  context.restore();
}

/** Between the slowest and the fastest growth of the interval, about the middle of what was measured. */
function growthBand({ context, palette, x, y }: Brush, fit: Fit): void {
  const middle = (fit.start + fit.end) / 2;
  const levelAt = (at: number, growth: number) =>
    fit.level + ((middle - fit.end) / HOUR_S) * fit.estimate + ((at - middle) / HOUR_S) * growth;
  context.fillStyle = faded(palette.growth, 0.2);
  context.beginPath();
  context.moveTo(x(fit.start), y(levelAt(fit.start, fit.low)));
  context.lineTo(x(middle), y(levelAt(middle, fit.estimate)));
  context.lineTo(x(fit.end), y(levelAt(fit.end, fit.high)));
  context.lineTo(x(fit.end), y(levelAt(fit.end, fit.low)));
  context.lineTo(x(middle), y(levelAt(middle, fit.estimate)));
  context.lineTo(x(fit.start), y(levelAt(fit.start, fit.high)));
  context.fill();
}

function growthLine({ context, palette, scale, x, y }: Brush, fit: Fit): void {
  const before = fit.level - ((fit.end - fit.start) / HOUR_S) * fit.estimate;
  context.strokeStyle = palette.growth;
  context.lineWidth = 2 * scale;
  line(context, [
    [x(fit.start), y(before)],
    [x(fit.end), y(fit.level)],
  ]);
}

/** From the level now to the limit, reached at the earliest and at the latest. */
function forecastBand({ context, model, palette, x, y }: Brush, { earliest, latest }: Forecast, limit: number): void {
  const from = startOf(model);
  if (from === undefined) return;
  const beyond = latest ?? earliest + 366 * 24 * HOUR_S;
  context.fillStyle = faded(palette.forecast, 0.14);
  context.beginPath();
  context.moveTo(x(from.at), y(from.level));
  context.lineTo(x(earliest), y(limit));
  context.lineTo(x(beyond), y(limit));
  context.fill();
}

function forecastLine(brush: Brush, { earliest, likely, latest }: Forecast, limit: number): void {
  const { context, model, palette, scale, x, y } = brush;
  const from = startOf(model);
  if (from === undefined) return;
  context.strokeStyle = palette.forecast;
  context.lineWidth = 1.5 * scale;
  if (likely !== null) {
    context.setLineDash([6 * scale, 4 * scale]);
    line(context, [
      [x(from.at), y(from.level)],
      [x(likely), y(limit)],
    ]);
    context.setLineDash([]);
    dot(brush, x(likely), y(limit), 4);
  }
  for (const at of [earliest, latest]) if (at !== null) tick(brush, x(at), y(limit));
}

function startOf({ fit, samples, history }: ChartModel): { at: number; level: number } | undefined {
  if (fit !== null) return { at: fit.end, level: fit.level };
  const last = samples.values.findLast((value) => value !== null);
  return last === undefined ? undefined : { at: history.to, level: last };
}

function limitLine({ context, palette, plot, scale, y }: Brush, limit: number): void {
  context.strokeStyle = palette.text;
  context.lineWidth = 1.5 * scale;
  line(context, [
    [plot.left, y(limit)],
    [plot.left + plot.width, y(limit)],
  ]);
}

function nowLine({ context, palette, plot, scale, x }: Brush, at: number): void {
  context.strokeStyle = palette.mark;
  context.lineWidth = scale;
  context.setLineDash([2 * scale, 3 * scale]);
  line(context, [
    [x(at), plot.top],
    [x(at), plot.top + plot.height],
  ]);
  context.setLineDash([]);
}

function restartByLine({ context, palette, plot, scale, x }: Brush, at: number): void {
  const left = x(at);
  if (left < plot.left || left > plot.left + plot.width) return;
  context.strokeStyle = palette.recovered;
  context.lineWidth = 2 * scale;
  line(context, [
    [left, plot.top - 4 * scale],
    [left, plot.top + plot.height],
  ]);
  const right = plot.left + plot.width - left;
  context.textAlign = right > 90 * scale ? 'left' : 'right';
  label(
    { context, palette, scale },
    'restart by',
    left + (right > 90 * scale ? 5 : -5) * scale,
    plot.top + plot.height - 10 * scale,
  );
}

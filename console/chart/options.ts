/** How uPlot is set up for the curve. */
import type uPlot from 'uplot';
import { binaryScale, formatNumber } from '../../core/messages/units.ts';
import type { Unit } from '../../core/model/series.ts';
import { TOP_ROOM } from './brush.ts';
import type { Range } from './model.ts';
import { faded, type Palette } from './palette.ts';

export interface ChartSetup {
  readonly size: { readonly width: number; readonly height: number };
  readonly palette: () => Palette;
  readonly unit: () => Unit;
  readonly below: (chart: uPlot) => void;
  readonly above: (chart: uPlot) => void;
  readonly onSelect: (range: Range) => void;
  readonly onCursor: (chart: uPlot) => void;
}

/** A shorter drag is a click. */
const LEAST_SELECTION = 6;
const AXIS_WIDTH = 56;

export function optionsOf({ size, palette, unit, below, above, onSelect, onCursor }: ChartSetup): uPlot.Options {
  return {
    ...size,
    // The last time of the axis stands half beside the plot.
    padding: [TOP_ROOM, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      axis(palette, { space: 70, values: TIMES }),
      { ...axis(palette, { space: 36 }), size: AXIS_WIDTH, values: (_, levels) => levelTexts(levels, unit()) },
    ],
    series: [
      {},
      {
        label: 'memory',
        width: 1.75,
        stroke: () => palette().level,
        fill: () => faded(palette().level, 0.08),
        points: { show: false },
      },
      { label: 'last hours', width: 1, stroke: () => faded(palette().level, 0.55), points: { show: false } },
    ],
    hooks: {
      drawClear: [below],
      draw: [above],
      setCursor: [onCursor],
      setSelect: [(chart) => selectionOf(chart, onSelect)],
    },
  };
}

/** Times of the axis: the date stands below the first time of each day. */
export const TIMES: uPlot.Axis.DynamicValues | uPlot.Axis.StaticValues | (string | number | null)[][] = [
  [3600 * 24 * 365, '{YYYY}', null, null, null, null, null, null, 1],
  [3600 * 24 * 28, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [3600 * 24, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [3600, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
];

export function axis(palette: () => Palette, own: uPlot.Axis | { space: number; values: typeof TIMES }): uPlot.Axis {
  return {
    font: `12px ${palette().font}`,
    stroke: () => palette().muted,
    grid: { stroke: () => faded(palette().line, 0.7), width: 1 },
    ticks: { stroke: () => palette().line, width: 1, size: 4 },
    ...own,
  } as uPlot.Axis;
}

export function levelTexts(levels: readonly number[], unit: Unit): string[] {
  if (unit === '1') return levels.map((level) => `${Number((level * 100).toFixed(2))} %`);
  const { factor, suffix } = binaryScale(Math.max(...levels.map(Math.abs)));
  return levels.map((level) => `${Number(formatNumber(level / factor))} ${suffix}`);
}

function selectionOf(chart: uPlot, onSelect: (range: Range) => void): void {
  const { left, width } = chart.select;
  if (width < LEAST_SELECTION) return;
  const range = { from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') };
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onSelect(range);
}

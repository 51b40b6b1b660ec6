/** The curve of one metric over the band that was expected of it, with its anomalous points. A chunk of its own, because it brings uPlot. */
import 'uplot/dist/uPlot.min.css';
import './anomaly-chart.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { decimalScale } from '../../core/messages/metric-values.ts';
import { localMinute, zoneAt } from '../components/time.tsx';
import { theme } from '../theme.ts';
import {
  type AnomalyColumns,
  anomalyColumns,
  anomalyLevels,
  anomalyReadout,
  type DrawnSeries,
} from './anomaly-model.ts';
import { followElement } from './follow-element.ts';
import type { Range } from './model.ts';
import { axis, levelTexts, TIMES } from './options.ts';
import { faded, type Palette, readPalette } from './palette.ts';

export interface AnomalyChartProps {
  readonly view: DrawnSeries;
  readonly range: Range;
  /** In words: it is an image to a screen reader. */
  readonly label: string;
}

export default function AnomalyChart({ view, range, label }: AnomalyChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const [readout, setReadout] = useState<string>();
  const columns = useMemo(() => anomalyColumns(view), [view]);
  const latest = useRef({ view, columns, range });
  latest.current = { view, columns, range };
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const { chart, stop } = createChart(element, latest, setReadout);
    drawn.current = chart;
    return stop;
    // Another theme has other colours: the chart is made anew.
  }, [theme.value]);
  useEffect(() => {
    if (drawn.current !== null) show(drawn.current, latest.current);
  }, [columns, range.from, range.to]);
  return (
    <>
      <div class="anomaly-plot" ref={host} role="img" aria-label={label} />
      <p class="anomaly-readout" aria-hidden="true">
        {readout ?? `Times in ${zoneAt(range.to * 1000)}.`}
      </p>
    </>
  );
}

interface Shown {
  readonly view: DrawnSeries;
  readonly columns: AnomalyColumns;
  readonly range: Range;
}

type Latest = { readonly current: Shown };

function createChart(element: HTMLElement, latest: Latest, onReadout: (text: string | undefined) => void) {
  let palette = readPalette(element);
  const options = optionsOf({
    size: { width: element.clientWidth, height: element.clientHeight },
    palette: () => palette,
    unit: () => latest.current.view.unit,
    onCursor: ({ cursor: { idx, left = -1 }, data }) => {
      const at = idx == null || left < 0 ? undefined : data[0][idx];
      onReadout(at === undefined ? undefined : anomalyReadout(latest.current.view, at, localMinute));
    },
  });
  const chart = new uPlot(options, dataOf(latest.current.columns), element);
  show(chart, latest.current);
  const stop = followElement(chart, element, () => {
    palette = readPalette(element);
  });
  return { chart, stop };
}

function show(chart: uPlot, { columns, range }: Pick<Shown, 'columns' | 'range'>): void {
  const [min, max] = anomalyLevels(columns);
  chart.setData(dataOf(columns), false);
  chart.batch(() => {
    chart.setScale('x', { min: range.from, max: range.to });
    chart.setScale('y', { min, max });
  });
}

/** In the order of the series below. */
function dataOf(columns: AnomalyColumns): uPlot.AlignedData {
  const { times, high, low, nextHigh, nextLow, expected, next, values, anomalies } = columns;
  return [times, high, low, nextHigh, nextLow, expected, next, values, anomalies];
}

/** `9,000 ms` beside a tick. */
const AXIS_WIDTH = 68;
const ANOMALY_SIZE = 6;

interface Setup {
  readonly size: { readonly width: number; readonly height: number };
  readonly palette: () => Palette;
  readonly unit: () => string;
  readonly onCursor: (chart: uPlot) => void;
}

function optionsOf({ size, palette, unit, onCursor }: Setup): uPlot.Options {
  const none = { show: false };
  const edge = { width: 0, stroke: 'transparent', points: none };
  const dashed = { width: 1, dash: [5, 4], stroke: () => palette().muted, points: none };
  return {
    ...size,
    padding: [10, 22, 0, 0],
    legend: none,
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      axis(palette, { space: 70, values: TIMES }),
      { ...axis(palette, { space: 34 }), size: AXIS_WIDTH, values: (_, levels) => metricTexts(levels, unit()) },
    ],
    series: [
      {},
      { label: 'upper end of the band', ...edge },
      { label: 'lower end of the band', ...edge },
      { label: 'upper end of the next band', ...edge },
      { label: 'lower end of the next band', ...edge },
      { label: 'expected', width: 1, stroke: () => faded(palette().muted, 0.8), points: none },
      { label: 'expected next', ...dashed },
      { label: 'points', width: 1.75, stroke: () => palette().level, points: none },
      {
        label: 'anomalous',
        width: 0,
        stroke: () => palette().growth,
        paths: () => null,
        points: { show: true, size: ANOMALY_SIZE, width: 0, fill: () => palette().growth },
      },
    ],
    bands: [
      { series: [1, 2], fill: () => faded(palette().muted, 0.22) },
      { series: [3, 4], fill: () => faded(palette().muted, 0.12) },
    ],
    hooks: { setCursor: [onCursor] },
  };
}

function metricTexts(levels: readonly number[], unit: string): string[] {
  if (unit === '1' || unit === 'By') return levelTexts(levels, unit);
  const { factor, prefix } = decimalScale(Math.max(...levels.map(Math.abs)));
  // What is counted has no unit beside each label: the title has the name of the metric.
  const suffix = `${prefix}${unit.startsWith('{') ? '' : ` ${unit}`}`.trim();
  return levels.map((level) => `${Number((level / factor).toPrecision(6))}${suffix === '' ? '' : ` ${suffix}`}`);
}

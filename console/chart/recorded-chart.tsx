/** The memory of a recorded process: live samples as a line, archived hours as a band. A chunk of its own, because it brings uPlot. */
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { localMinute, zoneAt } from '../components/time.tsx';
import { theme } from '../theme.ts';
import { followElement } from './follow-element.ts';
import type { Range } from './model.ts';
import { axis, levelTexts, TIMES } from './options.ts';
import { faded, type Palette, readPalette } from './palette.ts';
import { type RecordedModel, readoutOf, recordedLevels } from './recorded-model.ts';

export interface RecordedChartProps {
  readonly model: RecordedModel;
  readonly range: Range;
  /** Draws it in the colour of what leaks. */
  readonly leaks: boolean;
  /** In words: it is an image to a screen reader. */
  readonly label: string;
}

export default function RecordedChart(props: RecordedChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [readout, setReadout] = useState<string>();
  const { model, range, leaks, label } = props;
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const { chart, stop } = createChart(element, latest, setReadout);
    drawn.current = chart;
    return stop;
    // Another theme has other colours: the chart is made anew.
  }, [theme.value, leaks]);
  useEffect(() => {
    if (drawn.current !== null) show(drawn.current, { model, range });
  }, [model, range.from, range.to]);
  return (
    <>
      <div class="recorded-plot" ref={host} role="img" aria-label={label} />
      <p class="recorded-readout" aria-hidden="true">
        {readout ?? `Times in ${zoneAt(range.to * 1000)}.`}
      </p>
    </>
  );
}

type Latest = { readonly current: RecordedChartProps };

function createChart(element: HTMLElement, latest: Latest, onReadout: (text: string | undefined) => void) {
  let palette = readPalette(element);
  const options = optionsOf({
    size: { width: element.clientWidth, height: element.clientHeight },
    palette: () => palette,
    leaks: latest.current.leaks,
    onCursor: ({ cursor: { idx, left = -1 }, data }) => {
      const at = idx == null || left < 0 ? undefined : data[0][idx];
      onReadout(at === undefined ? undefined : readoutOf(latest.current.model, at, localMinute));
    },
  });
  const chart = new uPlot(options, dataOf(latest.current.model), element);
  show(chart, latest.current);
  const stop = followElement(chart, element, () => {
    palette = readPalette(element);
  });
  return { chart, stop };
}

function show(chart: uPlot, { model, range }: Pick<RecordedChartProps, 'model' | 'range'>): void {
  const [min, max] = recordedLevels(model);
  chart.setData(dataOf(model), false);
  chart.batch(() => {
    chart.setScale('x', { min: range.from, max: range.to });
    chart.setScale('y', { min, max });
  });
}

function dataOf({ live, band }: RecordedModel): uPlot.AlignedData {
  const line: uPlot.AlignedData = [[...live.times], [...live.values]];
  const hours: uPlot.AlignedData = [[...band.times], [...band.high], [...band.low]];
  return uPlot.join([line, hours]);
}

/** `1023 MiB` beside a tick. */
const AXIS_WIDTH = 72;
/** Bytes between ticks: powers of two, which are round in KiB, MiB and GiB. */
const BINARY_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);

interface Setup {
  readonly size: { readonly width: number; readonly height: number };
  readonly palette: () => Palette;
  readonly leaks: boolean;
  readonly onCursor: (chart: uPlot) => void;
}

function optionsOf({ size, palette, leaks, onCursor }: Setup): uPlot.Options {
  const colour = () => (leaks ? palette().growth : palette().level);
  const edge = { width: 1, stroke: () => faded(colour(), 0.55), points: { show: false } };
  return {
    ...size,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    // All processes of a host show the same moment.
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 }, sync: { key: 'recorded' } },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    axes: [
      axis(palette, { space: 70, values: TIMES }),
      {
        ...axis(palette, { space: 32 }),
        size: AXIS_WIDTH,
        incrs: BINARY_STEPS,
        values: (_, levels) => levelTexts(levels, 'By'),
      },
    ],
    series: [
      {},
      { label: 'live', width: 1.75, stroke: colour, points: { show: false } },
      { label: 'greatest of the hour', ...edge },
      { label: 'least of the hour', ...edge },
    ],
    bands: [{ series: [2, 3], fill: () => faded(colour(), 0.25) }],
    hooks: { setCursor: [onCursor] },
  };
}

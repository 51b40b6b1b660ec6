/** The curve of a host's memory with all that is known about it. A chunk of its own, because it brings uPlot. */
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { formatLevel } from '../../core/messages/units.ts';
import { plain } from '../components/text.tsx';
import { localMinute, zoneAt } from '../components/time.tsx';
import { announce } from '../components/toast.tsx';
import { theme } from '../theme.ts';
import { describeChart } from './describe.ts';
import { drawAbove, drawBelow } from './draw.ts';
import { marksNear } from './draw-marks.ts';
import { followElement } from './follow-element.ts';
import { type ChartModel, levelRange, type Mark, type Range } from './model.ts';
import { optionsOf } from './options.ts';
import { readPalette } from './palette.ts';

export interface ChartProps {
  readonly model: ChartModel;
  readonly range: Range;
  /** Whether the range was chosen by the person. */
  readonly isZoomed: boolean;
  readonly onRange: (range: Range | undefined) => void;
}

/** A moment of the curve under the pointer or the keys. */
interface Readout {
  readonly at: number;
  readonly value: number | null;
  readonly marks: readonly Mark[];
}

export default function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState<Readout | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const chart = useChart(host, latest, setReadout);
  const { model, range, isZoomed } = props;
  useEffect(() => chart.current?.show(), [model, range.from, range.to, isZoomed]);
  const onKeyDown = (event: KeyboardEvent) => {
    const handled = chart.current?.key(event.key);
    if (handled === undefined) return;
    event.preventDefault();
    announce(handled);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is no chart. */}
      <div
        class="chart-plot"
        ref={host}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move along the curve.
        tabIndex={0}
        aria-label={`Curve of the memory. ${plain(describeChart(model), 800)} Arrow keys move along the curve, plus and minus zoom, 0 shows all.`}
        onKeyDown={onKeyDown}
      />
      <p class="chart-readout" aria-hidden="true">
        {readout === undefined ? `Times in ${zoneAt(model.history.to * 1000)}.` : readoutText(readout, model)}
      </p>
    </>
  );
}

function readoutText({ at, value, marks }: Readout, { unit }: ChartModel): string {
  const level = value === null ? 'no sample' : formatLevel(value, unit);
  const near = marks.slice(0, 3).map(({ kind, text }) => `${kind}: ${plain(text, 60)}`);
  return [localMinute(at * 1000), level, ...near].join(' · ');
}

interface Drawn {
  show(): void;
  /** What a key did, in words; undefined where it is no key of the chart. */
  key(key: string): string | undefined;
}

type Latest = { readonly current: ChartProps };

function useChart(
  host: { current: HTMLDivElement | null },
  latest: Latest,
  onReadout: (at: Readout | undefined) => void,
) {
  const drawn = useRef<Drawn | null>(null);
  const chosen = theme.value;
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const { chart, stop } = createChart(element, latest, onReadout);
    drawn.current = chart;
    return () => {
      stop();
      drawn.current = null;
    };
    // Another theme has other colours: the chart is made anew.
  }, [chosen]);
  return drawn;
}

function createChart(element: HTMLElement, latest: Latest, onReadout: (at: Readout | undefined) => void) {
  let palette = readPalette(element);
  const model = () => latest.current.model;
  const options = optionsOf({
    size: { width: element.clientWidth, height: element.clientHeight },
    palette: () => palette,
    unit: () => model().unit,
    below: (chart) => drawBelow(chart, model(), palette),
    above: (chart) => drawAbove(chart, model(), palette),
    onSelect: (range) => latest.current.onRange(range),
    onCursor: (chart) => onReadout(readoutAt(chart, model())),
  });
  const chart = new uPlot(options, dataOf(model()), element);
  let shown = model();
  const show = () => {
    const { range, isZoomed } = latest.current;
    if (shown !== model()) chart.setData(dataOf(model()), false);
    shown = model();
    const [min, max] = levelRange(model(), range, isZoomed);
    chart.batch(() => {
      chart.setScale('x', { min: range.from, max: range.to });
      chart.setScale('y', { min, max });
    });
  };
  show();
  const stop = followElement(chart, element, () => {
    palette = readPalette(element);
  });
  return { chart: { show, key: (key: string) => act(key, chart, latest) }, stop };
}

function dataOf({ samples, recent }: ChartModel): uPlot.AlignedData {
  const level: uPlot.AlignedData = [[...samples.times], [...samples.values]];
  const finer: uPlot.AlignedData = [[...(recent?.times ?? [])], [...(recent?.values ?? [])]];
  return uPlot.join([level, finer]);
}

/** So near the pointer a mark is named, in CSS pixels. */
const REACH = 8;

function readoutAt(chart: uPlot, { marks }: ChartModel): Readout | undefined {
  const { idx, left = -1 } = chart.cursor;
  if (idx == null || left < 0) return undefined;
  const at = chart.data[0][idx];
  if (at === undefined) return undefined;
  const pointer = chart.posToVal(left, 'x');
  const reach = Math.abs(chart.posToVal(left + REACH, 'x') - pointer);
  return { at, value: chart.data[1]?.[idx] ?? chart.data[2]?.[idx] ?? null, marks: marksNear(marks, pointer, reach) };
}

const ZOOM = 0.6;
const STEP_SHARE = 0.02;

/** Moves along the curve, or zooms about where the cursor is. */
function act(key: string, chart: uPlot, { current: { model, range, onRange } }: Latest): string | undefined {
  const length = range.to - range.from;
  const left = chart.cursor.left ?? -1;
  const at = left < 0 ? model.history.to : chart.posToVal(left, 'x');
  switch (key) {
    case 'ArrowLeft':
      return moveTo(chart, at - length * STEP_SHARE, model);
    case 'ArrowRight':
      return moveTo(chart, at + length * STEP_SHARE, model);
    case '+':
    case '=':
      onRange({ from: at - (at - range.from) * ZOOM, to: at + (range.to - at) * ZOOM });
      return 'Zoomed in.';
    case '-':
      onRange({ from: at - (at - range.from) / ZOOM, to: at + (range.to - at) / ZOOM });
      return 'Zoomed out.';
    case '0':
      onRange(undefined);
      return 'All is shown.';
    default:
      return undefined;
  }
}

function moveTo(chart: uPlot, at: number, model: ChartModel): string {
  const { min = at, max = at } = chart.scales['x'] ?? {};
  const within = Math.min(max, Math.max(min, at));
  const left = chart.valToPos(within, 'x');
  chart.setCursor({ left, top: chart.height / 2 });
  const readout = readoutAt(chart, model);
  return readout === undefined ? 'No sample.' : readoutText(readout, model);
}

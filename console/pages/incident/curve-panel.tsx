/** The curve: at once from what the incident's messages kept, then from what its cloud has now. */
import { useMemo } from 'preact/hooks';
import type { HostMemoryView } from '../../../api/contract/hosts.ts';
import type { IncidentView } from '../../../api/contract/incidents.ts';
import { formatLevel } from '../../../core/messages/units.ts';
import type { ChartProps } from '../../chart/chart.tsx';
import { describeChart, rangeText, tableRows } from '../../chart/describe.ts';
import { type ChartModel, chartModel, defaultRange, type Range, rangeToLimit } from '../../chart/model.ts';
import { lazy } from '../../components/lazy.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { Text } from '../../components/text.tsx';
import { localMinute, Moment } from '../../components/time.tsx';
import { useListState } from '../../components/use-filters.ts';
import type { Read } from '../../data/use-answer.ts';
import type { LeakFacts } from '../../incident-facts.ts';
import { addressOfRange, rangeOfAddress } from '../../incident-view.ts';
import { Figures } from './figures.tsx';
import { ChartLegend } from './legend.tsx';
import { Part } from './part.tsx';
import { ReadState } from './read-state.tsx';

const Chart = lazy<ChartProps>(() => import('../../chart/chart.tsx'));

interface CurvePanelProps {
  readonly incident: IncidentView;
  readonly leak: LeakFacts | undefined;
  readonly memory: Read<HostMemoryView>;
}

const NO_FILTERS: readonly string[] = [];

export function CurvePanel({ incident, leak, memory }: CurvePanelProps) {
  const state = useListState(NO_FILTERS);
  const model = useMemo(() => chartModel(incident, leak, memory.value), [incident, leak, memory.value]);
  const chosen = rangeOfAddress(state.parameter);
  const onRange = (range: Range | undefined) => state.set(addressOfRange(range));
  return (
    <Part id="curve" title="Memory" actions={model && <Ranges model={model} chosen={chosen} onRange={onRange} />}>
      <Figures incident={incident} leak={leak} memory={memory.value} />
      <figure class="chart">
        {model === undefined ? (
          <div class="chart-plot chart-empty">
            {memory.reading ? (
              <Loading rows={6} label="Reading the curve" />
            ) : (
              <Empty title="No curve is known">
                The messages of this incident kept no samples, and its cloud could not be read.
              </Empty>
            )}
          </div>
        ) : (
          <Chart
            model={model}
            range={chosen ?? defaultRange(model)}
            isZoomed={chosen !== undefined}
            onRange={onRange}
          />
        )}
        <ReadState memory={memory} provider={incident.host.provider} hasCurve={model !== undefined} />
        {model && <ChartLegend model={model} />}
        {model && <ChartText model={model} range={chosen ?? model.history} />}
      </figure>
    </Part>
  );
}

interface RangesProps {
  readonly model: ChartModel;
  readonly chosen: Range | undefined;
  readonly onRange: (range: Range | undefined) => void;
}

const HOUR_S = 3600;

function Ranges({ model, chosen, onRange }: RangesProps) {
  const { to, from } = model.history;
  const last = (hours: number): Range => ({ from: to - hours * HOUR_S, to });
  const limit = rangeToLimit(model);
  const isPressed = (range: Range) =>
    chosen !== undefined && Math.abs(chosen.from - range.from) < 60 && Math.abs(chosen.to - range.to) < 60;
  const button = (title: string, range: Range) => (
    <button type="button" class="button button-small" aria-pressed={isPressed(range)} onClick={() => onRange(range)}>
      {title}
    </button>
  );
  return (
    <fieldset class="ranges" aria-label="Range of the curve">
      {button('6 h', last(6))}
      {to - from > 24 * HOUR_S && button('24 h', last(24))}
      <button
        type="button"
        class="button button-small"
        aria-pressed={chosen === undefined}
        onClick={() => onRange(undefined)}
      >
        All ({rangeText(model.history)})
      </button>
      {limit && button('To the limit', limit)}
    </fieldset>
  );
}

const MOST_ROWS = 48;

/** The text alternative of the curve. */
function ChartText({ model, range }: { model: ChartModel; range: Range }) {
  return (
    <figcaption>
      <details class="chart-text">
        <summary>The curve in words and figures</summary>
        <p>{describeChart(model)}</p>
        {model.marks.length > 0 && (
          <ul class="chart-marks">
            {model.marks.map(({ at, kind, text }) => (
              <li key={`${at} ${kind} ${text}`}>
                <Moment at={new Date(at * 1000).toISOString()} show="absolute" /> {kind}: <Text value={text} />
              </li>
            ))}
          </ul>
        )}
        <div class="chart-table">
          <table class="rows">
            <caption class="visually-hidden">Samples of the shown range</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col" class="number">
                  Memory
                </th>
              </tr>
            </thead>
            <tbody>
              {tableRows(model, range, MOST_ROWS).map(({ at, value }) => (
                <tr key={at}>
                  <td>{localMinute(at * 1000)}</td>
                  <td class="number">{formatLevel(value, model.unit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figcaption>
  );
}

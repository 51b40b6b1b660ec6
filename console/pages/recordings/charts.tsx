/** A chart for each process of a host, of one figure that is chosen for all of them. */
import { useMemo, useState } from 'preact/hooks';
import type { ProcessSamplesView, ProcessSummaryView } from '../../../api/contract/recordings.ts';
import { counted } from '../../../core/messages/units.ts';
import type { Range } from '../../chart/model.ts';
import type { RecordedChartProps } from '../../chart/recorded-chart.tsx';
import { describeRecorded, hasFigure, recordedModel, recordedRows, timeRange } from '../../chart/recorded-model.ts';
import { StateBadge } from '../../components/badge.tsx';
import { lazy } from '../../components/lazy.tsx';
import { Empty } from '../../components/states.tsx';
import { plain, Text } from '../../components/text.tsx';
import { localMinute } from '../../components/time.tsx';
import type { ListState } from '../../components/use-filters.ts';
import { defaultFigure, FIGURE_NAMES, FIGURES, type Figure, processKey, stateOf } from '../../recording-view.ts';

const RecordedChart = lazy<RecordedChartProps>(() => import('../../chart/recorded-chart.tsx'));

/** Drawn at first: each is a canvas of its own. */
const FIRST_CHARTS = 12;

interface ChartsProps {
  readonly samples: readonly ProcessSamplesView[];
  /** In the order in which they are shown. */
  readonly summaries: readonly ProcessSummaryView[];
  readonly state: ListState;
}

export function Charts({ samples, summaries, state }: ChartsProps) {
  const [most, setMost] = useState(FIRST_CHARTS);
  const range = useMemo(() => timeRange(samples), [samples]);
  const named = state.parameter('figure');
  const figure = FIGURES.find((one) => one === named) ?? defaultFigure(samples);
  const bySummary = new Map(summaries.map((one, index) => [processKey(one.process), { one, index }]));
  const rankOf = ({ process }: ProcessSamplesView) => bySummary.get(processKey(process))?.index ?? summaries.length;
  if (range === undefined) return <Empty title="No sample in this range">Choose a longer one.</Empty>;
  const inOrder = samples.toSorted((a, b) => rankOf(a) - rankOf(b));
  return (
    <div class="recorded">
      <FigureSwitch figure={figure} onFigure={(value) => state.set({ figure: value })} />
      <ul class="recorded-charts">
        {inOrder.slice(0, most).map((one) => (
          <li key={processKey(one.process)}>
            <ProcessChart
              samples={one}
              summary={bySummary.get(processKey(one.process))?.one}
              figure={figure}
              range={range}
            />
          </li>
        ))}
      </ul>
      {inOrder.length > most && (
        <p>
          <button type="button" class="button" onClick={() => setMost(inOrder.length)}>
            Show {counted(inOrder.length - most, 'further process', 'further processes')}
          </button>
        </p>
      )}
    </div>
  );
}

function FigureSwitch({ figure, onFigure }: { figure: Figure; onFigure: (figure: Figure) => void }) {
  return (
    <div class="recorded-head">
      <fieldset class="switches" aria-label="Figure of the charts">
        {FIGURES.map((one) => (
          <button
            type="button"
            key={one}
            class="button button-small"
            aria-pressed={one === figure}
            onClick={() => onFigure(one)}
          >
            {FIGURE_NAMES[one]}
          </button>
        ))}
      </fieldset>
      <ul class="recorded-legend">
        <li>
          <span class="legend-line" aria-hidden="true" /> live samples
        </li>
        <li>
          <span class="legend-band" aria-hidden="true" /> archived: least to greatest of each hour
        </li>
      </ul>
    </div>
  );
}

interface ProcessChartProps {
  readonly samples: ProcessSamplesView;
  readonly summary: ProcessSummaryView | undefined;
  readonly figure: Figure;
  readonly range: Range;
}

function ProcessChart({ samples, summary, figure, range }: ProcessChartProps) {
  const model = useMemo(() => recordedModel(samples, figure), [samples, figure]);
  const { name, pid } = samples.process;
  const leaks = summary?.verdict === 'leaking';
  return (
    <figure class={`recorded-chart ${leaks ? 'recorded-chart-leaking' : ''}`}>
      <div class="recorded-title">
        <h3>
          <Text value={name} length={120} /> <span class="muted">{pid}</span>
        </h3>
        {summary !== undefined && <StateBadge state={stateOf(summary)} />}
      </div>
      {hasFigure(model) ? (
        <RecordedChart
          model={model}
          range={range}
          leaks={leaks}
          label={`${plain(name, 120)} ${pid}. ${describeRecorded(model, localMinute)}`}
        />
      ) : (
        <div class="recorded-plot recorded-none muted">
          Its system does not state {FIGURE_NAMES[figure]}. Choose another figure.
        </div>
      )}
      {hasFigure(model) && (
        <figcaption>
          <ChartText model={model} />
        </figcaption>
      )}
    </figure>
  );
}

const MOST_ROWS = 24;

/** The text alternative; its rows are made when it is opened. */
function ChartText({ model }: { model: ReturnType<typeof recordedModel> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="recorded-text" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>In words and figures</summary>
      {isOpen && (
        <>
          <p>{describeRecorded(model, localMinute)}</p>
          <table class="rows">
            <caption class="visually-hidden">Archived hours and live samples</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col" class="number">
                  Memory
                </th>
              </tr>
            </thead>
            <tbody>
              {recordedRows(model, MOST_ROWS).map(({ at, text }) => (
                <tr key={`${at} ${text}`}>
                  <td>{localMinute(at * 1000)}</td>
                  <td class="number">{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </details>
  );
}

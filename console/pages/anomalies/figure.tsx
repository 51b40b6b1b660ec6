/** The picture of one inspected metric, with its legend, what lasts, and the same in words and figures. */
import './figure.css';
import { useMemo, useState } from 'preact/hooks';
import { ANOMALY_WORDS, formatMetric } from '../../../core/messages/metric-values.ts';
import { counted } from '../../../core/messages/units.ts';
import type { AnomalyView } from '../../../core/model/anomaly-view.ts';
import { scoreText } from '../../anomaly-rows.ts';
import type { AnomalyChartProps } from '../../chart/anomaly-chart.tsx';
import { anomalyRange, describeAnomalies } from '../../chart/anomaly-model.ts';
import { evenly } from '../../chart/recorded-model.ts';
import { lazy } from '../../components/lazy.tsx';
import { Empty } from '../../components/states.tsx';
import { plain, Text } from '../../components/text.tsx';
import { localMinute, Moment } from '../../components/time.tsx';

const AnomalyChart = lazy<AnomalyChartProps>(() => import('../../chart/anomaly-chart.tsx'));

export function AnomalyFigure({ view }: { view: AnomalyView }) {
  const range = useMemo(() => anomalyRange(view), [view]);
  const words = useMemo(() => plain(describeAnomalies(view, localMinute), 1200), [view]);
  if (range === undefined) {
    return (
      <div class="panel-body">
        <Empty title="No point is in this range">Choose a longer one.</Empty>
      </div>
    );
  }
  return (
    <div class="panel-body anomaly">
      <figure class="anomaly-figure">
        <AnomalyChart view={view} range={range} label={words} />
        <Legend view={view} />
        <figcaption>
          <AnomalyText view={view} words={words} />
        </figcaption>
      </figure>
      <Episodes view={view} />
    </div>
  );
}

function Legend({
  view: { forecast, points, anomalousPoints, leftOut, threshold, periodSeconds },
}: {
  view: AnomalyView;
}) {
  return (
    <>
      <ul class="anomaly-legend">
        <li>
          <span class="anomaly-key-band" aria-hidden="true" /> expected of 98 of 100 healthy points
        </li>
        <li>
          <span class="anomaly-key-dot" aria-hidden="true" /> anomalous
        </li>
        {forecast !== null && (
          <li>
            <span class="anomaly-key-next" aria-hidden="true" /> expected next
          </li>
        )}
      </ul>
      <p class="anomaly-none">
        {counted(points, 'point')} of {periodSeconds} s, {counted(anomalousPoints, 'of them', 'of them')} above a score
        of {threshold}.{leftOut > 0 && ` ${counted(leftOut, 'point')} without an anomaly are not drawn.`}
      </p>
    </>
  );
}

/** What lasts long enough to be reported, the newest first. */
function Episodes({ view: { episodes, unit } }: { view: AnomalyView }) {
  if (episodes.length === 0) return <p class="anomaly-none">No anomaly lasts: single points are not reported.</p>;
  return (
    <div class="anomaly-table">
      <table class="rows anomaly-episodes">
        <caption class="visually-hidden">Anomalies that last, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col">Until</th>
            <th scope="col">What</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Expected
            </th>
            <th scope="col" class="number">
              Score
            </th>
            <th scope="col" class="number">
              Points
            </th>
          </tr>
        </thead>
        <tbody>
          {episodes.toReversed().map((episode) => (
            <tr key={episode.start}>
              <td data-label="since">
                <Moment at={episode.start} show="absolute" />
              </td>
              <td data-label="until">{episode.goesOn ? 'goes on' : <Moment at={episode.last} show="absolute" />}</td>
              <td class="anomaly-what">
                {ANOMALY_WORDS[episode.type]}
                {episode.exhaustion !== null && (
                  <>
                    , full <Moment at={episode.exhaustion.likely} />
                  </>
                )}
              </td>
              <td class="number" data-label="value">
                {formatMetric(episode.peak.value, unit)}
              </td>
              <td class="number" data-label="expected">
                {formatMetric(episode.peak.expected, unit)}
              </td>
              <td class="number" data-label="score">
                {scoreText(episode.peak.score)}
              </td>
              <td class="number" data-label="points">
                {episode.points}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MOST_ROWS = 60;

/** The text alternative; its rows are made when it is opened. */
function AnomalyText({ view, words }: { view: AnomalyView; words: string }) {
  const [isOpen, setOpen] = useState(false);
  const { samples, unit } = view;
  const rows = isOpen ? evenly([...samples.times.keys()], MOST_ROWS) : [];
  const cell = (value: number | null | undefined) => (value == null ? '–' : formatMetric(value, unit));
  return (
    <details class="anomaly-text" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The curve in words and figures</summary>
      {isOpen && (
        <>
          <p>
            <Text value={words} length={1200} />
          </p>
          <div class="anomaly-table">
            <table class="rows">
              <caption class="visually-hidden">Points of the curve, evenly</caption>
              <thead>
                <tr>
                  <th scope="col">Time</th>
                  <th scope="col" class="number">
                    Value
                  </th>
                  <th scope="col" class="number">
                    Expected
                  </th>
                  <th scope="col" class="number anomaly-band">
                    Band
                  </th>
                  <th scope="col">Anomaly</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((index) => {
                  const type = samples.type[index] ?? null;
                  return (
                    <tr key={index}>
                      <td>{localMinute((samples.times[index] ?? 0) * 1000)}</td>
                      <td class="number">{cell(samples.values[index])}</td>
                      <td class="number">{cell(samples.expected[index])}</td>
                      <td class="number anomaly-band">
                        {cell(samples.low[index])} to {cell(samples.high[index])}
                      </td>
                      <td>{type === null ? '' : ANOMALY_WORDS[type]}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
    </details>
  );
}

/** What the parts of the chart are; only those that it shows. */
import type { ComponentChildren } from 'preact';
import { formatGrowth, formatLevel } from '../../../core/messages/units.ts';
import type { ChartModel, MarkKind } from '../../chart/model.ts';

const MARKS: Readonly<Record<MarkKind, string>> = {
  deployment: 'deployment',
  scaling: 'scaling',
  restart: 'restart',
  change: 'change of the incident',
  action: 'what people did',
};

export function ChartLegend({ model }: { model: ChartModel }) {
  const { fit, unit, onset, evaluated, forecast, limit, restartBy, marks, recent } = model;
  const kinds = new Set(marks.map(({ kind }) => kind));
  return (
    <ul class="legend" aria-label="Legend">
      <Entry swatch="level">memory</Entry>
      {recent !== null && <Entry swatch="recent">finer samples</Entry>}
      {evaluated !== null && <Entry swatch="evaluated">evaluated</Entry>}
      {onset !== null && <Entry swatch="onset">{onset.leftCensored ? 'began here or before' : 'began here'}</Entry>}
      {fit !== null && <Entry swatch="growth">growth {formatGrowth(fit.estimate, unit)}, with its interval</Entry>}
      {forecast !== null && <Entry swatch="forecast">expected: earliest, likely, latest</Entry>}
      {limit !== null && <Entry swatch="limit">limit {formatLevel(limit, unit)}</Entry>}
      {restartBy !== null && <Entry swatch="restart-by">restart by</Entry>}
      {(Object.keys(MARKS) as MarkKind[])
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <Entry swatch={`mark-${kind}`} key={kind}>
            {MARKS[kind]}
          </Entry>
        ))}
    </ul>
  );
}

function Entry({ swatch, children }: { swatch: string; children: ComponentChildren }) {
  return (
    <li>
      <span class={`swatch swatch-${swatch}`} aria-hidden="true" />
      {children}
    </li>
  );
}

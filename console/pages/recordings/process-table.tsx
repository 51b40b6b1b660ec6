/** The processes of a host: what each held at its newest sample, what is kept of it, and whether it leaks. */
import type { ProcessSummaryView } from '../../../api/contract/recordings.ts';
import { formatGrowthInterval, formatLevel, formatShare } from '../../../core/messages/units.ts';
import { StateBadge } from '../../components/badge.tsx';
import { plain, Text } from '../../components/text.tsx';
import { Moment } from '../../components/time.tsx';
import { FIGURE_NAMES, type Kept, processKey, stateOf } from '../../recording-view.ts';

interface ProcessTableProps {
  /** In the order in which they are shown. */
  readonly processes: readonly ProcessSummaryView[];
  readonly kept: ReadonlyMap<string, Kept>;
}

const COLUMNS = ['data', 'stack', 'used', 'resident'] as const;

export function ProcessTable({ processes, kept }: ProcessTableProps) {
  return (
    <table class="rows processes">
      <caption class="visually-hidden">Processes, those that leak first</caption>
      <thead>
        <tr>
          <th scope="col">Process</th>
          <th scope="col" class="number">
            Pid
          </th>
          {COLUMNS.map((column) => (
            <th key={column} scope="col" class="number" title={FIGURE_NAMES[column]}>
              {column}
            </th>
          ))}
          <th scope="col">Kept</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {processes.map((one) => (
          <ProcessRow key={processKey(one.process)} summary={one} kept={kept.get(processKey(one.process))} />
        ))}
      </tbody>
    </table>
  );
}

function ProcessRow({ summary, kept }: { summary: ProcessSummaryView; kept: Kept | undefined }) {
  const { process, newest } = summary;
  const { name, pid, startedAt, command } = process;
  return (
    <tr class={summary.verdict === 'leaking' ? 'row-leaking' : ''}>
      <td class="process-name">
        <strong title={command === null ? undefined : plain(command, 300)}>
          <Text value={name} length={120} />
        </strong>
        {startedAt !== null && (
          <span class="process-since muted">
            since <Moment at={startedAt} show="absolute" />
          </span>
        )}
      </td>
      <td class="number" data-label="Pid">
        {pid}
      </td>
      {COLUMNS.map((column) => (
        <td key={column} class="number" data-label={column}>
          {newest[column] === null ? '–' : formatLevel(newest[column], 'By')}
        </td>
      ))}
      <td class="process-kept" data-label="Kept">
        {keptText(kept)}
      </td>
      <td class="process-verdict">
        <Verdict summary={summary} />
      </td>
    </tr>
  );
}

function keptText(kept: Kept | undefined): string {
  if (kept === undefined) return '–';
  return [...(kept.live ? ['live'] : []), ...(kept.archived ? ['archived'] : [])].join(', ') || '–';
}

function Verdict({ summary }: { summary: ProcessSummaryView }) {
  const { verdict, growth, growthLow, growthHigh, confidence, since, reason, missing, evaluated } = summary;
  return (
    <>
      <StateBadge state={stateOf(summary)} />{' '}
      {verdict === 'leaking' && growth !== null && (
        <span>
          {evaluated !== null && `${evaluated} `}
          {formatGrowthInterval({ low: growthLow ?? growth, estimate: growth, high: growthHigh ?? growth }, 'By')}
          {since !== null && (
            <>
              {' since '}
              <Moment at={since} show="absolute" />
            </>
          )}
          {confidence !== null && `, confidence ${formatShare(confidence)}`}
        </span>
      )}
      {reason !== null && (
        <p class="muted">
          <Text value={reason} length={300} />
        </p>
      )}
      {verdict === 'leaking' && missing !== null && (
        <p class="muted">
          <Text value={missing} length={300} />
        </p>
      )}
    </>
  );
}

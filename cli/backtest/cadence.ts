/** What an adaptive cadence saves and costs, for people. */
import type { CadenceComparison, Kept } from '../../core/backtest/compare-cadence.ts';
import { formatDuration } from '../../core/messages/times.ts';
import { formatPercent } from '../../core/messages/units.ts';
import { renderTable, type TableOptions } from '../render/table.ts';

interface Line {
  readonly name: string;
  readonly text: string;
}

/** Pages of incidents that got critical: how many are sent, for they are not compared one by one. */
export interface WorsePages {
  readonly schedule: number;
  readonly adaptive: number;
}

export function renderCadence(
  { inspections, findings, pages, ends }: CadenceComparison,
  worse: WorsePages,
  options: TableOptions,
): string {
  const { schedule, adaptive } = inspections;
  const share = schedule === 0 ? '–' : formatPercent(adaptive / schedule);
  const lines: readonly Line[] = [
    { name: 'inspections of hosts', text: `${count(adaptive)} of ${count(schedule)}` },
    { name: '  of what every hour costs', text: share },
    ...keptLines('pages opened', pages),
    { name: 'pages of worse', text: `${worse.adaptive} instead of ${worse.schedule}` },
    ...keptLines('first reports', findings),
    { name: 'incidents that end earlier, later', text: `${ends.earlier}, ${ends.later}` },
  ];
  return renderTable(
    lines,
    [
      { title: '', text: ({ name }) => name, tone: () => 'dim' },
      { title: 'against every hour', text: ({ text }) => text, align: 'right' },
    ],
    options,
  );
}

function keptLines(name: string, { kept, lost, gained, delay }: Kept): Line[] {
  return [
    { name, text: `${kept} kept, ${lost} lost, ${gained} gained` },
    { name: '  later (median)', text: delay === null ? '–' : laterText(delay.median) },
    { name: '  later (at most)', text: delay === null ? '–' : laterText(delay.greatest) },
  ];
}

function laterText(ms: number): string {
  return ms <= 0 ? 'none' : formatDuration(ms);
}

function count(hosts: number): string {
  return hosts.toLocaleString('en');
}

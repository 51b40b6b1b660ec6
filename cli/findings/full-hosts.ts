/** The table of hosts that are full, or fill again and again, and have no leak that is found. */
import { FULL_HOST_TEXT } from '../../core/messages/finding.ts';
import { pageFaultsCell } from '../../core/messages/page-faults.ts';
import { formatHours, formatShortMinute } from '../../core/messages/times.ts';
import { formatNumber, formatPercent } from '../../core/messages/units.ts';
import { compareSeverity } from '../../core/model/finding.ts';
import { fullHostSeverity, isThrashing } from '../../core/model/full-host.ts';
import type { ExhaustedHost } from '../../core/model/inspected-host.ts';
import { cropped } from '../render/buckets.ts';
import { sparkline } from '../render/sparkline.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { locationColumns } from './location-columns.ts';
import { hostName, SEVERITY_TONE } from './wording.ts';

/** Columns of a sparkline. */
const CELLS = 20;

/** The worst first. Columns that no host fills are left out. */
export function renderFullHosts(hosts: readonly ExhaustedHost[], options: TableOptions): string {
  const start = Math.min(...hosts.map(({ series }) => cropped(series).window.start));
  const end = Math.max(...hosts.map(({ series }) => series.window.end));
  const columns: Column<ExhaustedHost>[] = [
    {
      title: 'severity',
      text: ({ full }) => fullHostSeverity(full),
      tone: ({ full }) => SEVERITY_TONE[fullHostSeverity(full)],
    },
    {
      title: 'full host',
      text: ({ series }) => hostName(series.resource),
      tone: () => 'strong',
      leastWidth: 19,
      overflow: 'below',
    },
    { title: 'group', text: ({ series }) => harmless(series.resource.group ?? ''), expendable: 4 },
    ...locationColumns(hosts, ({ series }) => series.resource, 5),
    {
      title: `last ${formatHours(end - start)}`,
      text: ({ series }) => sparkline(cropped(series, start), CELLS),
      tone: () => 'accent',
      expendable: 2,
    },
    { title: '', text: ({ full }) => FULL_HOST_TEXT[full.kind], leastWidth: 16, overflow: 'wrap' },
    { title: 'used', text: ({ full }) => formatPercent(full.level), align: 'right' },
    { title: 'highest', text: ({ full }) => formatPercent(full.highest), align: 'right', expendable: 3 },
    {
      title: 'full since (UTC)',
      text: ({ full }) => (full.since === null ? '' : formatShortMinute(full.since)),
      expendable: 6,
    },
    { title: 'fell', text: ({ full }) => fallsText(full), expendable: 7 },
    {
      title: 'pages read back',
      text: ({ full: { pageFaults } }) => (pageFaults ? pageFaultsCell(pageFaults) : ''),
      tone: ({ full }) => (isThrashing(full) ? 'strong' : undefined),
      expendable: 8,
    },
  ];
  const filled = columns.filter(({ text }) => hosts.some((host) => text(host) !== ''));
  return renderTable(hosts.toSorted(byUrgency), filled, options);
}

/** `3 times, full again after 17 h`. */
function fallsText({ falls, hoursToFull }: ExhaustedHost['full']): string {
  if (falls.length === 0) return '';
  const again = hoursToFull === null ? '' : `, full again after ${formatNumber(hoursToFull)} h`;
  return `${falls.length === 1 ? 'once' : `${falls.length} times`}${again}`;
}

/** The greater severity first, then the name. */
function byUrgency(a: ExhaustedHost, b: ExhaustedHost): number {
  const bySeverity = compareSeverity(fullHostSeverity(b.full), fullHostSeverity(a.full));
  return bySeverity || hostName(a.series.resource).localeCompare(hostName(b.series.resource));
}

/** The table of hosts that grow like a leak. */

import { byUrgency, listedFinding } from '../../core/inspection/listed-finding.ts';
import { exhaustionDelay, exhaustionRange } from '../../core/messages/exhaustion.ts';
import { formatHours, formatShortMinute } from '../../core/messages/times.ts';
import { formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { ListedFinding } from '../../core/model/inspection-result.ts';
import type { Series, Window } from '../../core/model/series.ts';
import { cropped } from '../render/buckets.ts';
import { sparkline } from '../render/sparkline.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { topConsumerText } from './attribution.ts';
import { locationColumns } from './location-columns.ts';
import { hostName, SEVERITY_TONE } from './wording.ts';

/** A finding with the series behind it. */
export interface FoundHost {
  readonly finding: Finding;
  readonly series: Series;
  /** What the author of a simulated fleet expects there. */
  readonly expected?: string;
}

/** A row of the table: what an answer lists of a finding, and the series where it is known. */
interface Row {
  readonly finding: ListedFinding;
  readonly series?: Series;
  readonly expected?: string;
}

/** Columns of a sparkline. */
const CELLS = 20;

/**
 * By rank, what somebody on call needs first: who grew, where, whether it is confirmed; how it looks comes last.
 * @param window Of all sparklines: what happened at once stands in one column.
 */
function columnsFrom({ start, end }: Window, locations: readonly Column<Row>[]): Column<Row>[] {
  return [
    {
      title: 'severity',
      text: severityText,
      tone: ({ finding }) => SEVERITY_TONE[finding.severity],
    },
    {
      title: 'grade',
      text: ({ finding }) => finding.grade,
      tone: ({ finding }) => (finding.grade === 'suspected' ? 'dim' : undefined),
      expendable: 10,
    },
    {
      title: 'host',
      text: ({ finding }) => hostName(finding.host),
      tone: () => 'strong',
      leastWidth: 19,
      overflow: 'below',
    },
    { title: 'kind', text: ({ finding }) => finding.host.kind ?? '', expendable: 8.5 },
    { title: 'group', text: ({ finding }) => harmless(finding.host.group ?? ''), expendable: 8 },
    ...locations,
    {
      title: `last ${formatHours(end - start)}`,
      text: ({ series }) => (series ? sparkline(cropped(series, start), CELLS) : ''),
      tone: () => 'accent',
      expendable: 3,
    },
    {
      title: 'used',
      text: ({ finding }) => formatLevel(finding.level, finding.unit),
      align: 'right',
      expendable: 7,
    },
    {
      title: 'growth',
      text: ({ finding }) => formatGrowth(finding.growthPerHour.estimate, finding.unit),
      align: 'right',
    },
    {
      title: 'exhausted',
      text: ({ finding }) => exhaustionDelay(finding.exhaustion, finding.asOf),
    },
    {
      title: 'between',
      text: ({ finding }) => exhaustionRange(finding.exhaustion, finding.asOf) ?? '',
      expendable: 4,
    },
    { title: 'at (UTC)', text: exhaustionMinute, expendable: 6 },
    {
      title: 'confidence',
      text: ({ finding }) => (finding.confidence === null ? '' : formatShare(finding.confidence)),
      align: 'right',
      expendable: 5,
    },
    {
      title: 'top consumer',
      text: ({ finding }) => topConsumerText(finding.topConsumer),
      tone: ({ finding }) => (finding.topConsumer?.kind === 'named' ? undefined : 'dim'),
      leastWidth: 14,
      overflow: 'wrap',
      expendable: 12,
    },
    { title: 'pattern', text: ({ finding }) => finding.pattern ?? '', expendable: 2 },
    { title: 'expected', text: ({ expected = '' }) => expected, tone: () => 'dim', leastWidth: 24, expendable: 1 },
  ];
}

/** The worst first. Columns that no finding fills are left out, and so are parts of the location that are the same for all. */
export function renderFindings(found: readonly FoundHost[], options: TableOptions): string {
  return renderRows(
    found.map(({ finding, ...row }) => ({ ...row, finding: listedFinding(finding) })),
    options,
  );
}

/** As `renderFindings`, of findings whose series are not at hand. */
export function renderListed(findings: readonly ListedFinding[], options: TableOptions): string {
  return renderRows(
    findings.map((finding) => ({ finding })),
    options,
  );
}

function renderRows(rows: readonly Row[], options: TableOptions): string {
  const series = rows.flatMap((row) => row.series ?? []);
  const start = Math.min(...series.map((one) => cropped(one).window.start));
  const end = Math.max(...series.map(({ window }) => window.end));
  const locations = locationColumns(rows, ({ finding }) => finding.host, 9);
  const columns = columnsFrom({ start, end }, locations).filter(({ text }) => rows.some((row) => text(row) !== ''));
  const table = renderTable(rows.toSorted(byUrgencyAndName), columns, options);
  const isLegendNeeded = rows.some(({ finding }) => finding.grade === 'suspected');
  return isLegendNeeded ? `${table}\n${options.paint('dim', LEGEND)}` : table;
}

/** In parentheses where it is suspected only: the column of the grade gives way on a narrow terminal, and this must not. */
function severityText({ finding: { severity, grade } }: Row): string {
  return grade === 'suspected' ? `(${severity})` : severity;
}

const LEGEND = '(severity): suspected only, and does not page';

function exhaustionMinute({ finding: { exhaustion } }: Row): string {
  return exhaustion.kind === 'expected' ? formatShortMinute(exhaustion.likely) : '';
}

function byUrgencyAndName({ finding: a }: Row, { finding: b }: Row): number {
  return byUrgency(a, b) || hostName(a.host).localeCompare(hostName(b.host));
}

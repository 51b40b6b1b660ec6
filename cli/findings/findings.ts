/** The table of hosts that grow like a leak. */
import { exhaustionDelay, exhaustionRange } from '../../core/messages/exhaustion.ts';
import { formatHours, formatShortMinute } from '../../core/messages/times.ts';
import { formatGrowth, formatLevel, formatShare } from '../../core/messages/units.ts';
import { compareSeverity, type Finding } from '../../core/model/finding.ts';
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

/** Columns of a sparkline. */
const CELLS = 20;

/**
 * By rank, what somebody on call needs first: who grew, where, whether it is confirmed; how it looks comes last.
 * @param window Of all sparklines: what happened at once stands in one column.
 */
function columnsFrom({ start, end }: Window, locations: readonly Column<FoundHost>[]): Column<FoundHost>[] {
  return [
    {
      title: 'severity',
      text: severityText,
      tone: ({ finding }) => SEVERITY_TONE[finding.severity],
    },
    {
      title: 'grade',
      text: ({ finding }) => finding.verdict.grade,
      tone: ({ finding }) => (finding.verdict.grade === 'suspected' ? 'dim' : undefined),
      expendable: 10,
    },
    {
      title: 'host',
      text: ({ finding }) => hostName(finding.resource),
      tone: () => 'strong',
      leastWidth: 19,
      overflow: 'above',
    },
    { title: 'group', text: ({ finding }) => harmless(finding.resource.group ?? ''), expendable: 8 },
    ...locations,
    {
      title: `last ${formatHours(end - start)}`,
      text: ({ series }) => sparkline(cropped(series, start), CELLS),
      tone: () => 'accent',
      expendable: 3,
    },
    {
      title: 'used',
      text: ({ finding }) => formatLevel(finding.verdict.evidence.level, finding.unit),
      align: 'right',
      expendable: 7,
    },
    {
      title: 'growth',
      text: ({ finding }) => formatGrowth(finding.verdict.evidence.growthPerHour.estimate, finding.unit),
      align: 'right',
    },
    {
      title: 'exhausted',
      text: ({ finding }) => exhaustionDelay(finding.verdict.evidence.exhaustion, finding.window.end),
    },
    {
      title: 'between',
      text: ({ finding }) => exhaustionRange(finding.verdict.evidence.exhaustion, finding.window.end) ?? '',
      expendable: 4,
    },
    { title: 'at (UTC)', text: exhaustionMinute, expendable: 6 },
    {
      title: 'confidence',
      text: ({ finding }) => formatShare(finding.verdict.evidence.confidence),
      align: 'right',
      expendable: 5,
    },
    {
      title: 'top consumer',
      text: ({ finding }) => topConsumerText(finding.attribution),
      tone: ({ finding }) => (finding.attribution?.kind === 'attributed' ? undefined : 'dim'),
      leastWidth: 14,
      overflow: 'wrap',
      expendable: 12,
    },
    { title: 'pattern', text: ({ finding }) => finding.verdict.evidence.pattern?.name ?? '', expendable: 2 },
    { title: 'expected', text: ({ expected = '' }) => expected, tone: () => 'dim', leastWidth: 24, expendable: 1 },
  ];
}

/** The worst first. Columns that no finding fills are left out, and so are parts of the location that are the same for all. */
export function renderFindings(found: readonly FoundHost[], options: TableOptions): string {
  const start = Math.min(...found.map(({ series }) => cropped(series).window.start));
  const end = Math.max(...found.map(({ series }) => series.window.end));
  const locations = locationColumns(found, ({ finding }) => finding.resource, 9);
  const columns = columnsFrom({ start, end }, locations).filter(({ text }) => found.some((row) => text(row) !== ''));
  const table = renderTable(found.toSorted(byUrgency), columns, options);
  const isLegendNeeded = found.some(({ finding }) => finding.verdict.grade === 'suspected');
  return isLegendNeeded ? `${table}\n${options.paint('dim', LEGEND)}` : table;
}

/** In parentheses where it is suspected only: the column of the grade gives way on a narrow terminal, and this must not. */
function severityText({ finding: { severity, verdict } }: FoundHost): string {
  return verdict.grade === 'suspected' ? `(${severity})` : severity;
}

const LEGEND = '(severity): suspected only, and does not page';

function exhaustionMinute({ finding }: FoundHost): string {
  const { exhaustion } = finding.verdict.evidence;
  return exhaustion.kind === 'expected' ? formatShortMinute(exhaustion.likely) : '';
}

/** Greater severity, then confirmed before suspected, then the sooner exhaustion, then the name. */
function byUrgency({ finding: a }: FoundHost, { finding: b }: FoundHost): number {
  return (
    compareSeverity(b.severity, a.severity) ||
    a.verdict.grade.localeCompare(b.verdict.grade) ||
    likelyEnd(a) - likelyEnd(b) ||
    hostName(a.resource).localeCompare(hostName(b.resource))
  );
}

/** Epoch ms; a date beyond all others where it is not known. */
function likelyEnd({ verdict }: Finding): number {
  const { exhaustion } = verdict.evidence;
  return exhaustion.kind === 'expected' ? exhaustion.likely : Number.MAX_SAFE_INTEGER;
}

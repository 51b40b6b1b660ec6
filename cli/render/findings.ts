/** The table of hosts that grow like a leak. */
import { compareSeverity, type Finding } from '../../model/finding.ts';
import type { Series } from '../../model/series.ts';
import { cropped } from './buckets.ts';
import { sparkline } from './sparkline.ts';
import { type Column, renderTable, type TableOptions } from './table.ts';
import { harmless } from './text.ts';
import { formatGrowth, formatHours, formatLevel, formatShare, formatShortMinute } from './units.ts';
import { culpritText } from './who-grew.ts';
import { exhaustionDelay, exhaustionRange, hostName, SEVERITY_TONE, scopeText } from './wording.ts';

/** A finding with the series that it was judged by. */
export interface FoundHost {
  readonly finding: Finding;
  readonly series: Series;
  /** What a simulated fleet planted there. */
  readonly planted?: string;
}

const SPARKLINE_CELLS = 20;
/** On a terminal that is narrower than this, sparklines take half the room. */
const NARROW = 100;

/** @param start The left edge of all sparklines, epoch ms: what happened at once stands in one column. */
function columnsFrom(start: number, end: number, cells: number): Column<FoundHost>[] {
  return [
    {
      title: 'severity',
      text: ({ finding }) => finding.severity,
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
      leastWidth: 21,
      overflow: 'above',
    },
    { title: 'group', text: ({ finding }) => harmless(finding.resource.group ?? ''), expendable: 1 },
    { title: 'where', text: ({ finding }) => scopeText(finding.resource), expendable: 2 },
    {
      title: `last ${formatHours(end - start)}`,
      text: ({ series }) => sparkline(cropped(series, start), cells),
      tone: () => 'accent',
      expendable: 9,
    },
    {
      title: 'used',
      text: ({ finding }) => formatLevel(finding.verdict.evidence.level, finding.unit),
      align: 'right',
      expendable: 5,
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
      expendable: 7,
    },
    { title: 'at (UTC)', text: exhaustionMinute, expendable: 6 },
    {
      title: 'sure',
      text: ({ finding }) => formatShare(finding.verdict.evidence.confidence),
      align: 'right',
      expendable: 4,
    },
    {
      title: 'culprit',
      text: ({ finding }) => culpritText(finding.attribution),
      tone: ({ finding }) => (finding.attribution?.kind === 'attributed' ? undefined : 'dim'),
      leastWidth: 14,
      expendable: 8,
    },
    { title: 'pattern', text: ({ finding }) => finding.verdict.evidence.pattern?.name ?? '', expendable: 3 },
    { title: 'planted', text: ({ planted = '' }) => planted, tone: () => 'dim', leastWidth: 24, expendable: 0 },
  ];
}

/** The worst first. Columns that no finding fills are left out, and the place where it is the same for all. */
export function renderFindings(found: readonly FoundHost[], options: TableOptions): string {
  const start = Math.min(...found.map(({ series }) => cropped(series).window.start));
  const end = Math.max(...found.map(({ series }) => series.window.end));
  const places = new Set(found.map(({ finding }) => scopeText(finding.resource)));
  const cells = options.width !== undefined && options.width < NARROW ? SPARKLINE_CELLS / 2 : SPARKLINE_CELLS;
  const columns = columnsFrom(start, end, cells)
    .filter(({ text }) => found.some((row) => text(row) !== ''))
    .filter(({ title }) => title !== 'where' || places.size > 1);
  return renderTable(found.toSorted(byUrgency), columns, options);
}

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

/** Epoch ms; a date beyond all others where it cannot be said. */
function likelyEnd({ verdict }: Finding): number {
  const { exhaustion } = verdict.evidence;
  return exhaustion.kind === 'expected' ? exhaustion.likely : Number.MAX_SAFE_INTEGER;
}

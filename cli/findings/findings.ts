/** The table of hosts that grow like a leak. */
import { compareSeverity, type Finding } from '../../core/model/finding.ts';
import type { Series, Window } from '../../core/model/series.ts';
import { cropped } from '../render/buckets.ts';
import { sparkline } from '../render/sparkline.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { formatGrowth, formatHours, formatLevel, formatShare, formatShortMinute } from '../render/units.ts';
import { topConsumerText } from './attribution.ts';
import { locationColumns } from './location-columns.ts';
import { exhaustionDelay, exhaustionRange, hostName, SEVERITY_TONE } from './wording.ts';

/** A finding with the series behind it. */
export interface FoundHost {
  readonly finding: Finding;
  readonly series: Series;
  /** What the author of a simulated fleet expects there. */
  readonly expected?: string;
}

/** On a terminal that is narrower than this, sparklines take less room. */
const NARROW = 100;

/** @param window Of all sparklines: what happened at once stands in one column. */
function columnsFrom(
  { start, end }: Window,
  { cells, prefix }: Sparkline,
  locations: readonly Column<FoundHost>[],
): Column<FoundHost>[] {
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
      leastWidth: 19,
      overflow: 'above',
    },
    { title: 'group', text: ({ finding }) => harmless(finding.resource.group ?? ''), expendable: 1 },
    ...locations,
    {
      title: `${prefix}${formatHours(end - start)}`,
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
      title: 'confidence',
      text: ({ finding }) => formatShare(finding.verdict.evidence.confidence),
      align: 'right',
      expendable: 4,
    },
    {
      title: 'top consumer',
      text: ({ finding }) => topConsumerText(finding.attribution),
      tone: ({ finding }) => (finding.attribution?.kind === 'attributed' ? undefined : 'dim'),
      leastWidth: 14,
      expendable: 8,
    },
    { title: 'pattern', text: ({ finding }) => finding.verdict.evidence.pattern?.name ?? '', expendable: 3 },
    { title: 'expected', text: ({ expected = '' }) => expected, tone: () => 'dim', leastWidth: 24, expendable: 0 },
  ];
}

/** The worst first. Columns that no finding fills are left out, and so are parts of the location that are the same for all. */
export function renderFindings(found: readonly FoundHost[], options: TableOptions): string {
  const start = Math.min(...found.map(({ series }) => cropped(series).window.start));
  const end = Math.max(...found.map(({ series }) => series.window.end));
  const locations = locationColumns(found, ({ finding }) => finding.resource, 2);
  const columns = columnsFrom({ start, end }, sparklineFor(locations, options), locations).filter(({ text }) =>
    found.some((row) => text(row) !== ''),
  );
  return renderTable(found.toSorted(byUrgency), columns, options);
}

interface Sparkline {
  readonly cells: number;
  /** Before the hours that it shows. */
  readonly prefix: string;
}

function sparklineFor(
  locations: readonly Column<FoundHost>[],
  { width = Number.POSITIVE_INFINITY }: TableOptions,
): Sparkline {
  if (width >= NARROW) return { cells: 20, prefix: 'last ' };
  // The cloud's room is taken from it, so that both stay on 80 columns.
  return locations.some(({ title }) => title === 'cloud') ? { cells: 5, prefix: '' } : { cells: 10, prefix: 'last ' };
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

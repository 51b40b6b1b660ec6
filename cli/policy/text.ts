/** The report of `plimsoll policy test` for people. */

import type { DayRow, OutcomeRow, PolicyReport } from '../../core/incidents/policy/report.ts';
import { counted } from '../../core/messages/units.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';

const MEANINGS: Readonly<Record<OutcomeRow['what'], string>> = {
  paged: 'sent, and meant to wake somebody up',
  sent: 'sent, and pages nobody',
  shadow: 'nothing is sent of a tenant in shadow',
  storm: 'part of a fleet incident',
  container: 'a node that grows by a container whose incident is open',
  maintenance: 'put off by a maintenance window',
  mute: 'muted',
  label: 'a look-alike of a false positive, a known leak or a normal period',
  silence: 'put off by the silence period',
  rule: 'held by a rule, or put off by its cool-down',
  quiet_hours: 'put off by quiet hours',
  order: 'over before it was sent, contained in a later change, or the end of what nobody was notified of',
};

const OUTCOMES: readonly Column<OutcomeRow>[] = [
  { title: 'outcome', text: ({ what }) => what, tone: ({ what }) => (what === 'paged' ? 'strong' : undefined) },
  { title: 'was', text: ({ was }) => String(was), align: 'right' },
  { title: 'would be', text: ({ wouldBe }) => String(wouldBe), align: 'right' },
  { title: 'meaning', text: ({ what }) => MEANINGS[what], leastWidth: 20, overflow: 'wrap' },
];

const DAYS: readonly Column<DayRow>[] = [
  { title: 'pages on', text: ({ day }) => day },
  { title: 'was', text: ({ was }) => String(was), align: 'right' },
  { title: 'would be', text: ({ wouldBe }) => String(wouldBe), align: 'right' },
];

/** @param policy What the changes are decided by: `the stored config` or a file. */
export function renderPolicyReport(report: PolicyReport, policy: string, days: number, options: TableOptions): string {
  const { changes, incidents, outcomes } = report;
  const what = `${counted(changes, 'change')} of ${counted(incidents, 'incident')} in ${counted(days, 'day')}`;
  if (changes === 0) return `No incident changed in ${counted(days, 'day')}: there is nothing to decide again.`;
  const tables = [renderTable(outcomes, OUTCOMES, options)];
  if (report.days.length > 0) tables.push(renderTable(report.days, DAYS, options));
  return [`${what}, decided again by ${policy}. Nothing was sent or stored.`, ...tables].join('\n\n');
}

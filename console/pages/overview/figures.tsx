/** The figures above the map: incidents, hosts, runs, cost. */
import type { ComponentChildren } from 'preact';
import type { OverviewView } from '../../../api/contract/tenants.ts';
import { formatUsd } from '../../../core/messages/units.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { useTenant } from '../../components/tenant.ts';
import { Moment, now } from '../../components/time.tsx';
import { type PageName, pagePath } from '../../paths.ts';

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly page: PageName;
  readonly query?: Readonly<Record<string, string>>;
  /** `alert`: the figure is a reason to act. */
  readonly tone?: 'alert' | 'plain';
  readonly children?: ComponentChildren;
}

function Figure({ label, value, page, query = {}, tone = 'plain', children }: FigureProps) {
  const { tenant } = useTenant();
  return (
    <li class={`figure figure-${tone}`}>
      <a href={pagePath(tenant, page, query)}>
        <span class="figure-label">{label}</span>
        <span class="figure-value">{value}</span>
      </a>
      <div class="figure-detail">{children}</div>
    </li>
  );
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export function Figures({ overview }: { overview: OverviewView }) {
  return (
    <ul class="figures">
      <OpenFigure overview={overview} />
      <Figure
        label="Unacknowledged"
        value={String(overview.incidents.unacknowledged)}
        page="incidents"
        query={{ acknowledged: 'no' }}
        tone={overview.incidents.unacknowledged > 0 ? 'alert' : 'plain'}
      >
        {overview.incidents.unacknowledged === 0 ? 'nobody is waited for' : 'nobody has taken them yet'}
      </Figure>
      <HostsFigure hosts={overview.hosts} />
      <RunsFigure overview={overview} />
      <CostFigure spend={overview.spend} />
    </ul>
  );
}

function OpenFigure({ overview: { incidents } }: { overview: OverviewView }) {
  const shown = SEVERITIES.filter((severity) => incidents.bySeverity[severity] > 0);
  return (
    <Figure label="Open incidents" value={String(incidents.open)} page="incidents">
      {shown.length === 0 && `${incidents.suspected} suspected`}
      {shown.map((severity) => (
        <span key={severity} class="figure-severity">
          <SeverityBadge severity={severity} /> {incidents.bySeverity[severity]}
        </span>
      ))}
    </Figure>
  );
}

function HostsFigure({ hosts }: { hosts: OverviewView['hosts'] }) {
  const missing = [
    hosts.notMonitored > 0 ? `${hosts.notMonitored} not monitored` : '',
    hosts.unreadable > 0 ? `${hosts.unreadable} unreadable` : '',
    hosts.stopped > 0 ? `${hosts.stopped} stopped reporting` : '',
  ].filter(Boolean);
  return (
    <Figure label="Hosts inspected" value={`${group(hosts.inspected)} of ${group(hosts.known)}`} page="hosts">
      {missing.length === 0 ? 'all that are known' : missing.join(', ')}
    </Figure>
  );
}

function RunsFigure({ overview: { accounts } }: { overview: OverviewView }) {
  const regions = accounts.flatMap((account) => account.regions);
  const troubled = regions.filter(({ state }) => ['overdue', 'failing', 'partial'].includes(state)).length;
  const last = regions
    .flatMap(({ lastRun }) => lastRun ?? [])
    .sort()
    .at(-1);
  const next = regions.flatMap(({ nextRun }) => nextRun ?? []).sort()[0];
  const value =
    regions.length === 0 ? 'none' : troubled === 0 ? 'on time' : `${troubled} of ${regions.length} in trouble`;
  return (
    <Figure label="Inspections" value={value} page="inspections" tone={troubled > 0 ? 'alert' : 'plain'}>
      {last !== undefined && (
        <span>
          last <Moment at={last} />
        </span>
      )}
      {next !== undefined && (
        <span>
          {' '}
          {Date.parse(next) < now.value ? 'was due' : 'next'} <Moment at={next} />
        </span>
      )}
    </Figure>
  );
}

function CostFigure({ spend }: { spend: OverviewView['spend'] }) {
  const isOver = spend.capUsd !== null && spend.projectedUsd > spend.capUsd;
  return (
    <Figure
      label={`Cost of ${monthName(spend.month)}`}
      value={formatUsd(spend.spentUsd)}
      page="inspections"
      tone={isOver ? 'alert' : 'plain'}
    >
      {`${formatUsd(spend.projectedUsd)} expected`}
      {spend.capUsd !== null && `, cap ${formatUsd(spend.capUsd)}`}
    </Figure>
  );
}

function group(count: number): string {
  return count.toLocaleString('en');
}

/** `November` of `2026-11`. */
function monthName(month: string): string {
  return new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`));
}

/** What the demo prints: the fleet, the findings, the runs, the events, one email, and whether all of it is as expected. */

import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { Notification } from '../../core/model/notification.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { ACCOUNT_PROVIDERS, PROVIDER_NAMES } from '../../core/model/series.ts';
import { type FoundHost, renderFindings } from '../findings/findings.ts';
import { renderRuns } from '../findings/runs.ts';
import { hostName } from '../findings/wording.ts';
import { PLIMSOLL } from '../program.ts';
import type { TableOptions } from '../render/table.ts';
import { harmless, type Paint, wrap } from '../render/text.ts';

export interface DemoTenantReport {
  readonly name: string;
  readonly found: readonly FoundHost[];
}

export interface DemoInspection {
  /** Epoch milliseconds: when it was due. */
  readonly at: number;
  /** What the tenants' topics sent. */
  readonly events: readonly Notification[];
  /** Messages that went back to the queue, and those that were put aside. */
  readonly failed: number;
  readonly rejected: number;
}

export interface DemoReport {
  readonly hosts: number;
  readonly tenants: readonly DemoTenantReport[];
  readonly inspections: readonly [DemoInspection, DemoInspection];
  /** Of the first inspection. */
  readonly runs: readonly RunSummary[];
  readonly email: { readonly subject?: string; readonly text: string } | undefined;
  readonly expected: Readonly<
    Record<'leaking' | 'steady' | 'insufficient_data' | 'not_monitored' | 'unreadable' | 'absent', number>
  >;
  /** Leaks whose expected top consumer was named first. */
  readonly topConsumers: number;
  /** One sentence each; empty: exactly what is expected was found. */
  readonly differences: readonly string[];
}

export function renderDemo(report: DemoReport, options: TableOptions): string {
  const { paint, width = Number.POSITIVE_INFINITY } = options;
  const { tenants, inspections, runs, email } = report;
  const [first] = inspections;
  return [
    wrap(introduction(report, paint), Math.min(width, INTRODUCTION_WIDTH)),
    ...tenants.map(({ name, found }) =>
      section(
        `${harmless(name)}: what grows like a leak at ${formatTime(first.at)}`,
        renderFindings(found, options),
        paint,
      ),
    ),
    section('The runs, as the functions logged them', renderRuns(runs, options), paint),
    section('What the tenants’ topics sent', inspections.map((one) => eventLines(one, width, paint)).join('\n'), paint),
    email && section('One event, as an email subscriber reads it', renderEmail(email, width, paint), paint),
    section('What to try next', nextSteps(report, paint), paint),
    `\n${wrap(conclusion(report, paint), width)}`,
    ...report.differences.map((difference) => `  ${wrap(difference, width, '    ')}`),
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

/** Columns at which running text is broken on wide terminals. */
const INTRODUCTION_WIDTH = 100;

function introduction({ hosts, tenants }: DemoReport, paint: Paint): string {
  return (
    `${paint('strong', 'A simulated fleet')}: ${counted(hosts, 'host')} of ${counted(tenants.length, 'tenant')}, ` +
    'inspected twice by the functions that run in the cloud, with the real clients of AWS, Google Cloud, Azure and Prometheus, ' +
    'against stand-ins of the services on this machine. Nothing leaves it.'
  );
}

function section(title: string, body: string, paint: Paint): string {
  return `\n${paint('strong', title)}\n${body}`;
}

/** Events of one inspection that are listed one by one. */
const EVENTS_LISTED = 4;

/** How many events of which kind; the events themselves where they are few, and those of fleets always. */
function eventLines({ at, events }: DemoInspection, width: number, paint: Paint): string {
  const ofFleets = events.filter(({ data }) => data.fleet !== undefined);
  const byKind = Map.groupBy(events, ({ data }) => data.kind);
  const kinds = [...byKind].map(([kind, { length }]) => `${length} ${kind}`).join(', ');
  const message = events.length === 0 ? 'nothing: what was reported before is not reported again' : kinds;
  const listed = (events.length > EVENTS_LISTED ? ofFleets : events).map(
    (event) => `  ${wrap(eventText(event), width, '    ')}`,
  );
  return [`${paint('dim', formatTime(at))}  ${message}`, ...listed].join('\n');
}

function eventText({ data: { kind, summary, fleet } }: Notification): string {
  const instead = fleet === undefined ? '' : `: one message instead of ${fleet.hosts}`;
  return `${kind}: ${harmless(summary)}${instead}`;
}

function renderEmail({ subject, text }: NonNullable<DemoReport['email']>, width: number, paint: Paint): string {
  const lines = [...(subject === undefined ? [] : [`Subject: ${subject}`, '']), ...text.trimEnd().split('\n')];
  const edge = `${paint('dim', '│')} `;
  return lines
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      return (edge + indent + wrap(line.trimStart(), width - 2, indent).replaceAll('\n', `\n${edge}`)).trimEnd();
    })
    .join('\n');
}

/** Commands that work at once, with hosts of this fleet. */
function nextSteps({ tenants }: DemoReport, paint: Paint): string {
  const steps = [
    ...exampleHosts(tenants).map(([cloud, host]) => [
      `why this host of ${cloud} was found, check by check`,
      `explain ${host} --demo`,
    ]),
    ['why a cache that filled was not', 'explain database-2 --demo'],
    ['which processors of the same fleet are anomalous', 'inspect --demo --metric system.cpu.utilization'],
    ['a config to start from, for your own accounts', 'tenants template'],
    ['your own account, or recorded series from files', 'inspect --help'],
  ] as const;
  return steps.map(([why, command]) => `${paint('dim', `# ${why}`)}\n${PLIMSOLL} ${command}`).join('\n');
}

/** A leak of each provider: the first one whose name no other has. */
function exampleHosts(tenants: readonly DemoTenantReport[]): [cloud: string, host: string][] {
  const resources = tenants.flatMap(({ found }) => found.map(({ finding }) => finding.resource));
  const byName = Map.groupBy(resources, hostName);
  const alone = resources.filter((resource) => byName.get(hostName(resource))?.length === 1);
  return ACCOUNT_PROVIDERS.flatMap((cloud) => {
    const first = alone.find(({ provider }) => provider === cloud);
    return first === undefined ? [] : [[PROVIDER_NAMES[cloud], hostName(first)]];
  });
}

/** The last line; the differences follow it. */
function conclusion({ expected, topConsumers, differences }: DemoReport, paint: Paint): string {
  if (differences.length > 0)
    return paint('bad', `${counted(differences.length, 'difference')} from what is expected:`);
  const { leaking, steady, insufficient_data: young, not_monitored: notMonitored, unreadable, absent } = expected;
  const unnamed = topConsumers < leaking ? `, and explained why it cannot for ${leaking - topConsumers}` : '';
  const found = paint('good', `Found exactly the ${counted(leaking, 'leak')} of the fleet, none more`);
  return (
    `${found}; named the right top consumer of ${topConsumers}${unnamed}; ${counted(steady, 'host')} refused as healthy; ${notMonitored} reported as not monitored, ` +
    `${unreadable} as unreadable, ${young} as insufficient data; left out ${absent} that are gone or no hosts.`
  );
}

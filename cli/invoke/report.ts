/** The result of a request on a terminal. */
import { formatTime, formatWindow } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import type { InspectionResult, RegionResult } from '../../core/model/inspection-result.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { renderListed } from '../findings/findings.ts';
import { renderRuns } from '../findings/runs.ts';
import { renderConclusion } from '../findings/summary.ts';
import { hostTitle, scopeText } from '../findings/wording.ts';
import type { TableOptions } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';
import { type Terminal, textWidth } from '../terminal.ts';

export function renderResult(result: InspectionResult, terminal: Terminal, wide: boolean): string {
  const { paint } = terminal;
  const table: TableOptions = { paint, width: wide ? undefined : terminal.width, widener: '--wide' };
  const findings = result.regions.flatMap((region) => region.findings);
  const runs = result.regions.flatMap(({ run }) => run ?? []);
  const unlisted = result.regions.reduce((sum, { found }) => sum + found, 0) - findings.length;
  const more =
    unlisted > 0 ? `\n${paint('dim', `and ${unlisted} more, which are recorded and not kept with the request`)}` : '';
  const parts = [
    findings.length > 0 ? renderListed(findings, table) + more : undefined,
    runs.length > 0 ? renderRuns(runs, table) : undefined,
    ...result.regions.map((region) => replayText(region)),
    ...reasonsOf(result).map((reason) => wrap(paint('warn', harmless(reason)), textWidth(terminal), '  ')),
    runs.length > 0 ? wrap(renderConclusion(runs, paint), textWidth(terminal)) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

/** Why the request, or a part of it, was not inspected completely. */
function reasonsOf({ outcome, reason, setAside, regions }: InspectionResult): string[] {
  return [
    ...(reason === null ? [] : [`The request was ${outcome}: ${reason}`]),
    ...(setAside === null ? [] : [`Set aside: ${setAside.reason}`]),
    ...regions.flatMap((region) =>
      region.reason === null ? [] : [`${scopeText(region.scope)} is ${region.outcome}: ${region.reason}`],
    ),
  ];
}

/** What would have been notified, in order of time; undefined where nothing was replayed. */
function replayText({ scope, replay }: RegionResult): string | undefined {
  if (replay === null) return undefined;
  const { window, inspections, hosts, notified, notifications } = replay;
  const lines = notified.map(
    ({ at, kind, finding, severity, host }) =>
      `  ${formatTime(at)}  ${kind}${severity === null ? '' : ` (${severity})`}${finding === 'exhausted' ? ', full' : ''}  ${hostTitle(host)}`,
  );
  const more = notifications - notified.length;
  return [
    `${scopeText(scope)}, ${formatWindow(window)}: ${counted(inspections, 'inspection')} of ${counted(hosts.replayed, 'host')} would have sent ${counted(notifications, 'notification')}.`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}

/** As of `inspect`; a replay has findings where it would have notified. */
export function resultExitCode({ outcome, regions, setAside }: InspectionResult): ExitCode {
  if (outcome === 'refused' || outcome === 'skipped') return EXIT.error;
  if (setAside !== null || regions.some((region) => region.outcome !== 'complete')) return EXIT.partial;
  const runs = regions.flatMap(({ run }) => run ?? []);
  if (runs.length > 0) return exitCodeOf(runs);
  return regions.some(({ replay }) => replay !== null && replay.notifications > 0) ? EXIT.findings : EXIT.clean;
}

/** The table of hosts without a verdict: what is not known about the fleet is shown as plainly as what is. */
import { insufficientText } from '../../core/messages/insufficient.ts';
import { NOT_COLLECTED, NOT_READ } from '../../core/messages/readings.ts';
import type { Inspected } from '../../core/model/inspected-host.ts';
import { isResource } from '../../core/model/series.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Paint, type Tone, wrap } from '../render/text.ts';
import { hostName, scopeText } from './wording.ts';

/** Rows that are listed; a fleet without any agent would bury the findings. */
const MOST_ROWS = 20;

export interface NotEvaluated {
  readonly state: 'unreadable' | 'not monitored' | 'insufficient data';
  readonly host: string;
  readonly reason: string;
  readonly detail: string;
}

/** The row of a host that got no verdict; undefined for one that did. */
export function notEvaluated(inspected: Inspected): NotEvaluated | undefined {
  switch (inspected.kind) {
    case 'unreadable': {
      const { scope, reason, detail } = inspected;
      const host = isResource(scope) ? hostName(scope) : scopeText(scope);
      return { state: 'unreadable', host, reason: NOT_READ[reason], detail: harmless(detail) };
    }
    case 'not_monitored': {
      const { resource, reason, hint } = inspected;
      return {
        state: 'not monitored',
        host: hostName(resource),
        reason: NOT_COLLECTED[reason],
        detail: harmless(hint),
      };
    }
    case 'evaluated': {
      const { verdict, series } = inspected;
      if (verdict.state !== 'insufficient_data') return undefined;
      const host = hostName(series.resource);
      return { state: 'insufficient data', host, reason: insufficientText(verdict, series), detail: '' };
    }
  }
}

const STATE_TONE: Readonly<Record<NotEvaluated['state'], Tone>> = {
  unreadable: 'warn',
  'not monitored': 'accent',
  'insufficient data': 'dim',
};

const COLUMNS: readonly Column<NotEvaluated>[] = [
  { title: 'no verdict', text: ({ state }) => state, tone: ({ state }) => STATE_TONE[state] },
  { title: 'host', text: ({ host }) => host, tone: () => 'strong', leastWidth: 19, overflow: 'below' },
  { title: 'why', text: ({ reason }) => reason, leastWidth: 30, overflow: 'wrap' },
];

/** The failure's message, or how a host that is not monitored is mended. */
const DETAIL: Column<NotEvaluated> = { title: '', text: ({ detail }) => detail, tone: () => 'dim', overflow: 'wrap' };

/**
 * What is not collected has its advice below the table, where it is not truncated; it has a column only where the output is
 * not a terminal.
 * @param detailed The states whose details are listed: an inspection lists failures with the run of their account.
 */
export function renderNotEvaluated(
  rows: readonly NotEvaluated[],
  { width, paint }: TableOptions,
  detailed: readonly NotEvaluated['state'][] = ['not monitored'],
): string {
  const columns = width === undefined ? [...COLUMNS, DETAIL] : COLUMNS;
  const table = renderTable(rows.slice(0, MOST_ROWS), columns, { width, paint });
  const more = rows.length - MOST_ROWS;
  const details = rows.filter(({ state }) => detailed.includes(state));
  return [
    table,
    ...(more > 0 ? [paint('dim', `and ${more} more; --json lists all`)] : []),
    ...(width === undefined ? [] : detailLines(details, width, paint)),
  ].join('\n');
}

/** Each of them once, with the first of its hosts. */
function detailLines(rows: readonly NotEvaluated[], width: number, paint: Paint): string[] {
  return [...Map.groupBy(rows, ({ detail }) => detail)].slice(0, MOST_ROWS).map(([detail, hosts]) => {
    const others = hosts.length === 1 ? '' : ` and ${hosts.length - 1} more`;
    return paint('dim', wrap(`${hosts[0]?.host}${others}: ${detail}`, width, '  '));
  });
}

/** The table of hosts without a verdict: what is not known about the fleet is told as plainly as what is. */
import type { Inspected } from '../../inspection/inspect.ts';
import { isResource } from '../../model/series.ts';
import { insufficientText } from './insufficient.ts';
import { type Column, renderTable, type TableOptions } from './table.ts';
import { harmless, type Tone } from './text.ts';
import { hostName, NOT_COLLECTED, NOT_READ, scopeText } from './wording.ts';

/** Rows that are listed; a fleet without any agent would bury the findings. */
const MOST_ROWS = 20;

export interface NotJudged {
  readonly state: 'unreadable' | 'uncovered' | 'insufficient data';
  readonly host: string;
  readonly reason: string;
  readonly detail: string;
}

/** The row of a host that got no verdict; undefined for one that did. */
export function notJudged(inspected: Inspected): NotJudged | undefined {
  switch (inspected.kind) {
    case 'unreadable': {
      const { scope, reason, detail } = inspected;
      const host = isResource(scope) ? hostName(scope) : scopeText(scope);
      return { state: 'unreadable', host, reason: NOT_READ[reason], detail: harmless(detail) };
    }
    case 'uncovered': {
      const { resource, reason, hint } = inspected;
      return { state: 'uncovered', host: hostName(resource), reason: NOT_COLLECTED[reason], detail: harmless(hint) };
    }
    case 'judged': {
      const { verdict, series } = inspected;
      if (verdict.state !== 'insufficient_data') return undefined;
      const host = hostName(series.resource);
      return { state: 'insufficient data', host, reason: insufficientText(verdict, series), detail: '' };
    }
  }
}

const STATE_TONE: Readonly<Record<NotJudged['state'], Tone>> = {
  unreadable: 'warn',
  uncovered: 'accent',
  'insufficient data': 'dim',
};

const COLUMNS: readonly Column<NotJudged>[] = [
  { title: 'no verdict', text: ({ state }) => state, tone: ({ state }) => STATE_TONE[state] },
  { title: 'host', text: ({ host }) => host, tone: () => 'strong', leastWidth: 21, overflow: 'above' },
  { title: 'why', text: ({ reason }) => reason, leastWidth: 30, overflow: 'wrap' },
  { title: '', text: ({ detail }) => detail, tone: () => 'dim', leastWidth: 40, expendable: 1 },
];

export function renderNotJudged(rows: readonly NotJudged[], options: TableOptions): string {
  const table = renderTable(rows.slice(0, MOST_ROWS), COLUMNS, options);
  const more = rows.length - MOST_ROWS;
  return more > 0 ? `${table}\n${options.paint('dim', `and ${more} more; --json lists all`)}` : table;
}

/** The path's figures as tables. */
import { figure, markdownTable } from './markdown.ts';
import type { Kept, Limit, Row } from './path-figures.ts';
import { falseEnds, type Replayed } from './path-score.ts';

export interface PathReport {
  readonly rows: readonly Row[];
  readonly hosts: readonly Replayed[];
  readonly before: Kept | undefined;
  readonly seed: number;
}

export function pathReport({ rows, hosts, before, seed }: PathReport): string {
  return `# The path: what subscribers receive over days

Written by \`npm run bench:path -- --data DIR --cases DIR --seed ${seed}\`: do not edit.

Each series is evaluated every hour as a run would be, and its verdicts go through the rules of incidents to what a subscriber receives.
*Before* are the rules of release 0.2 on the same series. An **end while it leaks** is a *recovered* or a *cleared* that is reported while the
leak goes on, unless a restart lies less than 12 h back. A **story** is one incident with all its events; a **page** an *opened* or a *worse*.
Leaks of weeks, hosts that are killed again and again, and leaks of days that stop are made on recorded hosts from seed ${seed}
(\`bench/made-leaks.ts\`). A time that is counted from an end is that of incidents which were running then.

${markdownTable(
  ['figure', 'before', 'now', 'bar', 'aim', 'reached', 'rests on'],
  rows.map((one) => cells(one, before)),
)}

Limits of the delays are hours over *before*. For one trade both sides stand above: ends while it leaks beside what is reported once memory
is given back or levels off.

## By set

${markdownTable(SET_HEAD, setRows(hosts))}

## Recorded hosts and cases

Events in order: the day, what was reported, and \`!\` where it pages. In brackets: an end while it leaks.

${hosts
  .filter(({ role }) => role === 'listed')
  .map(listed)
  .join('\n')}
`;
}

function cells({ name, figure: { value, of }, decimals, bar, aim }: Row, before: Kept | undefined): string[] {
  const then = before?.figures[name];
  const past = then?.value ?? Number.NaN;
  const reached = isKept(aim, value, past) ? 'aim' : isKept(bar, value, past) ? 'bar' : 'no';
  return [
    name,
    figure(past, decimals),
    figure(value, decimals),
    limitText(bar),
    limitText(aim),
    bar === undefined ? '' : reached,
    of,
  ];
}

function isKept(limit: Limit | undefined, value: number, before: number): boolean {
  if (limit === undefined) return false;
  const bound = limit.value + (limit.overBefore ? before : 0);
  // A figure is held against its limit as it is printed for a person: half a thousandth decides nothing.
  return limit.is === 'at most' ? value <= bound + 0.0005 : value >= bound - 0.0005;
}

function limitText(limit: Limit | undefined): string {
  if (limit === undefined) return '';
  return limit.overBefore ? `+${limit.value}` : String(limit.value);
}

const SET_HEAD = ['set', 'hosts', 'host-weeks', 'stories', 'suspicions', 'pages', 'ends', 'while it leaks'];

function setRows(hosts: readonly Replayed[]): string[][] {
  const sets = Map.groupBy(hosts, ({ set, series }) => `${set}, ${series.label}`);
  return [...sets].map(([name, some]) => {
    const events = some.flatMap(({ received }) => received);
    const count = (...kinds: readonly string[]) => String(events.filter(({ kind }) => kinds.includes(kind)).length);
    const weeks = some.reduce(
      (sum, { series }) => sum + (series.v.length * series.step - series.evalFrom) / 604_800,
      0,
    );
    return [
      name,
      String(some.length),
      weeks.toFixed(1),
      String(some.reduce((sum, { received }) => sum + new Set(received.map(({ story }) => story)).size, 0)),
      count('suspected'),
      String(events.filter(({ pages }) => pages).length),
      count('recovered', 'cleared'),
      String(some.reduce((sum, host) => sum + falseEnds(host).length, 0)),
    ];
  });
}

function listed(host: Replayed): string {
  const ends = new Set(falseEnds(host));
  const events = host.received.map((event) => {
    const text = `${(event.at / 86_400).toFixed(1)} ${event.kind} ${event.severity}${event.pages ? '!' : ''}`;
    return ends.has(event) ? `[${text}]` : text;
  });
  return `- ${host.set}, ${host.series.id}: ${events.join(', ') || 'nothing'}`;
}

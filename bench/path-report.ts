/** The path's figures as tables. */
import { figure, markdownTable } from './markdown.ts';
import { type Hosts, hostsOf, type Limits, ROWS, type Row } from './path-figures.ts';
import { falseEnds, type Replayed } from './path-score.ts';

export interface PathReport {
  readonly hosts: readonly Replayed[];
  /** The same hosts under the rules of before. */
  readonly before: readonly Replayed[];
  readonly seed: number;
}

export function pathReport({ hosts, before, seed }: PathReport): string {
  const [now, then] = [hostsOf(hosts), hostsOf(before)];
  const heads = ['figure', 'before', 'now', 'bar', 'aim', 'reached', 'rests on'];
  return `# The path: what subscribers receive over days

Written by \`npm run bench:path -- --data DIR --cases DIR --seed ${seed}\`: do not edit.

Each series is evaluated every hour as a run would be, and its verdicts go through the rules of incidents to what a subscriber receives.
*Before* are the rules that ended an incident after four calm inspections in a row, on the same series. An **end while it leaks** is a
*recovered* or a *cleared* that is reported while the leak goes on, unless a restart lies less than 12 h back. A **page** is an event that is
meant to wake somebody up. That **an incident runs while its leak grows** is counted over the hours from the first report of a growth until it
ends, pauses included. A time that is counted from an end is that of incidents which were running then. Leaks of weeks, hosts that are
killed again and again, and leaks of days that stop are made on recorded hosts, from seed ${seed}.

${markdownTable(
  heads,
  ROWS.map((one) => cells(one, now, then)),
)}

A limit with a plus is so much over *before*. Of a trade both sides stand above: ends while it leaks beside how soon an end is reported,
pages of leaks beside pages of healthy hosts.

## By set

${markdownTable(SET_HEAD, setRows(hosts))}

## Recorded hosts and cases

Events in order: the day, what was reported, and \`!\` where it pages. In brackets: an end while it leaks. Each case is replayed for its last
nine days, and from its first sample.

${now.in('listed').map(listed).join('\n')}
`;
}

function cells({ name, decimals, measure, limits }: Row, now: Hosts, before: Hosts): string[] {
  const past = measure(before, before).value;
  const { value, of } = measure(now, before);
  const reached = limits === undefined ? '' : reachedOf(limits, value, past);
  return [name, figure(past, decimals), figure(value, decimals), ...limitTexts(limits), reached, of];
}

function reachedOf(limits: Limits, value: number, before: number): string {
  const isKept = (limit: number) => {
    const bound = limit + (limits.overBefore ? before : 0);
    return limits.is === 'at most' ? value <= bound : value >= bound;
  };
  return isKept(limits.aim) ? 'aim' : isKept(limits.bar) ? 'bar' : 'no';
}

function limitTexts(limits: Limits | undefined): [bar: string, aim: string] {
  if (limits === undefined) return ['', ''];
  const over = limits.overBefore ? '+' : '';
  return [`${over}${limits.bar}`, `${over}${limits.aim}`];
}

const SET_HEAD = ['set', 'hosts', 'host-weeks', 'incidents', 'suspicions', 'pages', 'ends', 'while it leaks'];

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
      String(some.reduce((sum, { received }) => sum + new Set(received.map(({ incident }) => incident)).size, 0)),
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

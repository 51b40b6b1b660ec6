/**
 * `node bench/early.ts --data DIR` measures the comparison of new hosts at equal age: which share of leaking hosts it finds, and how
 * often it names a host that does not leak. It writes bench/results/early.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareAtEqualAge, EARLY_LIMITS, type EarlyLimits } from '../core/detector/early.ts';
import { readDataSet } from './data.ts';
import { flat, type GroupPlan, groupOf, growing, recorded, saturating, type WarmUp } from './early-groups.ts';
import { markdownTable, percent } from './markdown.ts';
import { randomFrom } from './random.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, groups: { type: 'string', default: '300' } } });
if (values.data === undefined) {
  console.error('usage: node bench/early.ts --data DIR [--groups N]');
  process.exit(2);
}

const AGES = [0.5, 1, 3, 9];
const GROUPS = Number(values.groups);
const processes = readDataSet(values.data, 'processes');

const WARM_UPS: readonly (readonly [name: string, warmUp: WarmUp])[] = [
  ['flat', flat],
  ['plateau after 1 h', saturating(1 / 3)],
  ['plateau after 3 h', saturating(1)],
  ['plateau after 9 h', saturating(3)],
  ['all grow alike', growing],
  ['recorded', recorded(processes.series)],
];

const BASE: GroupPlan = {
  warmUp: flat,
  size: 12,
  unusual: 0,
  behaviour: 'none',
  leakPerHour: 0,
  noise: 0.5,
  spread: 0.1,
  gone: 0,
  ageHours: 3,
};

/** Shares over many groups: of unusual hosts that were named, of other hosts, and of groups in which one of the others was. */
interface Score {
  readonly found: number;
  readonly falseHosts: number;
  readonly falseGroups: number;
}

function scoreOf(plan: GroupPlan, limits: EarlyLimits = EARLY_LIMITS): Score {
  const random = randomFrom(20261129);
  const counts = { found: 0, falseHosts: 0, falseGroups: 0 };
  for (let round = 0; round < GROUPS; round++) {
    const { series, at } = groupOf(plan, random);
    const named = compareAtEqualAge(series, at, { limits }).hosts.flatMap((host) =>
      host.kind === 'early' ? [host.resource.id] : [],
    );
    const unusual = named.filter((id) => Number(id.slice('new-'.length)) < plan.unusual).length;
    counts.found += unusual;
    counts.falseHosts += named.length - unusual;
    if (named.length > unusual) counts.falseGroups++;
  }
  return {
    found: counts.found / (GROUPS * plan.unusual),
    falseHosts: counts.falseHosts / (GROUPS * (plan.size - plan.unusual)),
    falseGroups: counts.falseGroups / GROUPS,
  };
}

/** One row: a figure for each age. */
function row(names: readonly string[], plan: Partial<GroupPlan>, figure: keyof Score): string[] {
  return [...names, ...AGES.map((ageHours) => percent(scoreOf({ ...BASE, ...plan, ageHours })[figure], 1))];
}

function table(heads: readonly string[], rows: readonly string[][]): string {
  return markdownTable([...heads, ...AGES.map((age) => `${age} h`)], rows);
}

const leaking = (leakPerHour: number, unusual = 3): Partial<GroupPlan> => ({
  behaviour: 'leaks',
  unusual,
  leakPerHour,
});
const twiceTheLoad: Partial<GroupPlan> = { behaviour: 'has twice the load', unusual: 1 };

const report = `# Early findings: new hosts compared at equal age

Written by \`node bench/early.ts --data DIR\`: do not edit. ${GROUPS} groups a figure; \`recorded\` are the first hours of ${processes.series.filter(({ label, id }) => label === 'healthy' && id.endsWith('_rss')).length} real
processes that do not leak (processes.ndjson.gz, sha256 ${processes.sha256.slice(0, 12)}), of which a group shares one. Hosts begin within eight minutes, their load differs
by 10 % (standard deviation) and their samples by half a percentage point, unless a row states another value. Columns are hours after the launch.

Limits: ${Object.entries(EARLY_LIMITS)
  .map(([name, value]) => `${name} ${value}`)
  .join(', ')}.

## Leaking hosts that are named

Three of twelve hosts leak by so many percentage points an hour beside what all of them do.

${table(
  ['warm-up', 'leak'],
  WARM_UPS.flatMap(([name, warmUp]) =>
    [1, 2, 4, 8].map((rate) => row([name, `${rate} pp/h`], { warmUp, ...leaking(rate) }, 'found')),
  ),
)}

By noise, 2 pp/h on a plateau after 1 h:

${table(
  ['noise'],
  [0.25, 0.5, 1, 2, 4].map((noise) =>
    row([`${noise} points`], { warmUp: saturating(1 / 3), noise, ...leaking(2) }, 'found'),
  ),
)}

By the size of the group, one host in four leaks by 2 pp/h:

${table(
  ['size'],
  [4, 5, 6, 8, 12, 25, 50].map((size) =>
    row([`${size}`], { warmUp: saturating(1 / 3), size, ...leaking(2, Math.max(1, Math.floor(size / 4))) }, 'found'),
  ),
)}

By the share of leaking hosts, of twelve, 2 pp/h. Where most leak, they are what is usual:

${table(
  ['leaking'],
  [1, 3, 4, 5, 6, 9, 12].map((unusual) =>
    row([`${unusual} of 12`], { warmUp: saturating(1 / 3), ...leaking(2, unusual) }, 'found'),
  ),
)}

All of the new hosts leak, and hosts that began before them and are gone did not, 2 pp/h:

${table(
  ['gone'],
  [0, 3, 4, 8, 12].map((gone) => row([`${gone}`], { warmUp: saturating(1 / 3), gone, ...leaking(2, 12) }, 'found')),
)}

## Groups in which a host is named that does not leak

${table(
  ['warm-up', 'noise'],
  WARM_UPS.flatMap(([name, warmUp]) =>
    [0.5, 1, 2, 4].map((noise) => row([name, `${noise} points`], { warmUp, noise }, 'falseGroups')),
  ),
)}

By the size of the group, recorded warm-ups, a noise of one point:

${table(
  ['size'],
  [5, 6, 8, 12, 25, 50].map((size) =>
    row([`${size}`], { warmUp: recorded(processes.series), size, noise: 1 }, 'falseGroups'),
  ),
)}

By how much the load of hosts differs:

${table(
  ['warm-up', 'spread'],
  WARM_UPS.slice(1).flatMap(([name, warmUp]) =>
    [0.2, 0.4].map((spread) => row([name, percent(spread, 0)], { warmUp, spread }, 'falseGroups')),
  ),
)}

With hosts that are gone as references too, recorded warm-ups:

${table(
  ['gone'],
  [4, 8, 12].map((gone) => row([`${gone}`], { warmUp: recorded(processes.series), gone }, 'falseGroups')),
)}

One host has twice the load of the others, and levels off when they do (while nothing levels off, it looks like a leak):

${table(
  ['warm-up'],
  WARM_UPS.slice(1).map(([name, warmUp]) => row([name], { warmUp, ...twiceTheLoad }, 'found')),
)}
`;
writeFileSync(new URL('results/early.md', import.meta.url), report);
console.log(report);

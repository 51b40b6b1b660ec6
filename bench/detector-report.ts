/** The results file of the detector's bench, as Markdown: what is the same in every run first, timings last. */
import { readFileSync } from 'node:fs';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import type { DataSet } from './data.ts';
import { calibrationSection } from './detector-calibration.ts';
import {
  breakdownTable,
  byHistory,
  byThreshold,
  delayByThreshold,
  delayTable,
  type EvaluatedSeries,
  sideBySide,
} from './detector-scores.ts';
import { AS_ADAPTERS, EVERYTHING, type Feed } from './feeds.ts';
import { markdownTable } from './markdown.ts';

export interface Measured {
  readonly sets: readonly DataSet[];
  readonly evaluated: readonly EvaluatedSeries[];
  /** One series of so many was evaluated. */
  readonly every: number;
}

/** The parts that are reported, the held-back half first. */
function partsOf(evaluated: readonly EvaluatedSeries[]): Map<string, readonly EvaluatedSeries[]> {
  return new Map([
    ['held back', evaluated.filter(({ half }) => half === 'held back')],
    ['tuning', evaluated.filter(({ half }) => half === 'tuning')],
    ['both halves', evaluated.filter(({ half }) => half !== 'mixed')],
    ['all', evaluated],
  ]);
}

const DESCRIPTIONS = new Map([
  ['held back', 'hosts that nothing was tuned on, evaluated with the table learned from the tuning half'],
  ['tuning', 'the other half, evaluated with the table learned from the held-back half'],
  ['both halves', 'the two together: no host was seen by the table that evaluates it'],
  ['all', 'and the series that were made of hosts of both, which the detector’s own table has seen'],
]);

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

export function report({ sets, evaluated, every }: Measured): string {
  const parts = partsOf(evaluated);
  const tables = (feed: Feed) =>
    [...parts].map(([part, some]) => `### ${titled(part)}: ${DESCRIPTIONS.get(part)}\n\n${sideBySide(some, feed)}`);
  const sections = [
    `# The detector and its peers`,
    `Written by \`node bench/detector.ts --data DIR\`${every > 1 ? `, every ${every}th series` : ''}: do not edit.`,
    LEGEND,
    `## Series\n\n${seriesTable(sets, evaluated, parts)}\n\n${tablesSection()}`,
    `## As the adapters feed it: ${AS_ADAPTERS.name}`,
    ...tables(AS_ADAPTERS),
    `## With ${EVERYTHING.name}`,
    ...tables(EVERYTHING),
    `## Ours at other thresholds\n\nFalse alarms against missed leaks: both grades, ${AS_ADAPTERS.name}. The policy's is ${DEFAULT_POLICY.threshold}.`,
    ...[...parts].map(([part, some]) => `${titled(part)}:\n\n${byThreshold(some, THRESHOLDS)}`),
    `## Ours by length of history\n\nMinima of 15 minutes, both grades.`,
    ...[...parts].map(([part, some]) => `${titled(part)}:\n\n${byHistory(some)}`),
    `## Leaks that ours finds\n\nInjected leaks by shape and by tier, as the adapters feed them.`,
    breakdownTable(parts, 'injected', 'recallByShape', 'shape'),
    breakdownTable(parts, 'injected', 'recallByTier', 'tier'),
    `Hours from the onset to the first hit by tier, and the share of hours that are flagged after it while memory leaks:\n\n${delayTable(parts)}`,
    `All of them at other thresholds:\n\n${delayByThreshold(evaluated, THRESHOLDS)}`,
    `## Healthy series that ours flags\n\nBy what was laid over the host; a series with two overlays counts under both.`,
    breakdownTable(parts, 'injected', 'falseByOverlay', 'overlay'),
    `## Calibration\n\n${calibrationSection(parts)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const LEGEND = `A window ends at each full hour, and a detector sees what lies before. It leaks when a leak has been active for 3 h; the
first 3 h of a leak, 3 h after a restart, 6 h after a leak was stopped and the time at the cap are not scored. sP, sR, sF1 by
series: a leak is found when any window flags it while it leaks, a healthy series that is flagged once is false. Nine of ten
draws of as many series, with replacement, have an sF1 between the two that follow it. wF1 by windows. FA: alarms, a new one
after 6 h of silence, per 1,000 healthy host-days, with the share of healthy windows that are flagged in brackets, because an
alarm that is always on has few episodes. Delay: median hours from the onset to the first hit, all tiers. slow: share of the
slow leaks that are found. Peers look at the last 6 h; Mann-Kendall and ETS at means of 5 minutes of it, the former corrected
for autocorrelation. Each figure of a part is of its series alone, those of the real hosts and of the processes too.`;

function titled(part: string): string {
  return part.charAt(0).toUpperCase() + part.slice(1);
}

function seriesTable(
  sets: readonly DataSet[],
  evaluated: readonly EvaluatedSeries[],
  parts: ReadonlyMap<string, readonly EvaluatedSeries[]>,
): string {
  const rows = sets.map(({ name, sha256 }) => {
    const count = (some: readonly EvaluatedSeries[]) => {
      const its = some.filter(({ set }) => set === name);
      const leaks = its.filter(({ series }) => series.label === 'leak').length;
      return `${leaks} + ${its.length - leaks}`;
    };
    const mixed = evaluated.filter(({ half }) => half === 'mixed');
    return [name, ...[...parts.values(), mixed].map(count), sha256.slice(0, 12)];
  });
  return markdownTable(['leaks + healthy', ...parts.keys(), 'of hosts of both', 'sha256'], rows);
}

/** The table that each part is evaluated with, described by the tables' own first comments. */
function tablesSection(): string {
  return `The features were chosen on series that were made on the tuning half's hosts; the default prior and when a leak is confirmed, with both
halves in view. The held-back half is evaluated with the table learned from the tuning half:

${quoted('./tuning-table.ts')}

Series of the tuning half are evaluated with a table that was learned in the same way without them:

${quoted('./held-back-table.ts')}

Series of hosts of both halves are evaluated with the detector's own table, which has seen them. No table has seen the processes, nor the hosts that were
recorded for 40 days:

${quoted('../core/detector/learned-table.ts')}`;
}

/** The first comment of a table. */
function quoted(path: string): string {
  const table = readFileSync(new URL(path, import.meta.url), 'utf8');
  const comment = /^\/\*\*(.*?)\*\//s.exec(table)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, '').trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => `> ${line.replace(/sha256 (\w{12})\w+/, 'sha256 $1')}`)
    .join('\n');
}

/** How many healthy points score above .99: 1 of 100 by what a score means. */

import { madeSeries } from './anomaly-made.ts';
import { inspected } from './anomaly-peers.ts';
import { realSeries } from './anomaly-real.ts';
import type { AnomalySeries } from './anomaly-series.ts';
import { markdownTable, percent } from './markdown.ts';

const PER_METRIC = 24;
const ABOVE = 0.99;
const BAR = { least: 0.007, most: 0.013 };

interface Share {
  readonly above: number;
  readonly points: number;
}

function shareOf(some: readonly AnomalySeries[]): Share {
  let [above, points] = [0, 0];
  for (const series of some) {
    const answer = inspected(series);
    if (answer.kind === 'insufficient') continue;
    above += answer.scored.filter(({ score }) => score > ABOVE).length;
    const { periodMs, sparse } = series.settings;
    points += sparse ? (series.until - series.from) / periodMs : answer.scored.length;
  }
  return { above, points };
}

function shareText({ above, points }: Share): string {
  return percent(above / points, 2);
}

/** One round for each seed; of real hosts there is one. */
export function healthyReport(seeds: readonly number[], data: string): string {
  const rounds = seeds.map((seed) =>
    madeSeries(seed + 100, PER_METRIC).filter(({ anomalies }) => anomalies.length === 0),
  );
  const groups = [...new Set(rounds.flat().map(({ group }) => group))];
  const made = groups.map((group) => {
    const shares = rounds.map((round) => shareOf(round.filter((series) => series.group === group)));
    return [group, ...shares.map(shareText), shareText(together(shares))];
  });
  const real = realSeries(data, false).filter(({ anomalies }) => anomalies.length === 0);
  const names = [...new Set(real.map(({ group }) => group))];
  const ofReal = names.map((name) => shareOf(real.filter(({ group }) => group === name)));
  const rows = [
    ...made,
    ...names.map((name, i) => [name, ...seeds.map(() => ''), shareText(ofReal[i] ?? { above: 0, points: 0 })]),
  ];
  const dense = rounds.map((round) => shareOf(round.filter(({ settings }) => !settings.sparse)));
  const all = together([...dense, ...ofReal]);
  const share = all.above / all.points;
  return `## What a score means

Share of healthy points that score above .99, ${PER_METRIC / 2} series of each generated metric a round, and all real hosts of the reported half. Bar: 1 ± .3 %.

${markdownTable(['series', ...seeds.map((_, i) => `round ${i + 1}`), 'all'], rows)}

Generated metrics but errors, by round: ${dense.map(shareText).join(', ')}. With real hosts: **${percent(share, 2)}** (${share >= BAR.least && share <= BAR.most ? 'within' : 'outside of'} the bar).
Errors are below it by what they are: where fewer than one period of 100 has any, no limit leaves 1 %. The reported half of \`alibaba\` has four days of reference, of hosts that
run batch jobs beside services.
`;
}

function together(shares: readonly Share[]): Share {
  return shares.reduce((sum, { above, points }) => ({ above: sum.above + above, points: sum.points + points }), {
    above: 0,
    points: 0,
  });
}

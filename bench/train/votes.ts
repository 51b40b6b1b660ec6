/**
 * `node bench/train/votes.ts --data DIR` learns the trees of the votes of consumers and of siblings on generated fleets, and what siblings count
 * beside consumers; it writes them to core/detector/consumer-table.ts and sibling-table.ts. Options: `--seeds N,N`; `--groups N` and `--singles N`
 * of each; `--out DIR`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Calibration, logit, logOddsOf } from '../../core/detector/confidence.ts';
import { CONSUMER_FEATURES } from '../../core/detector/consumer-features.ts';
import { SIBLING_FEATURES } from '../../core/detector/sibling-features.ts';
import { effectivePolicy } from '../../core/model/policy.ts';
import { drawFleets } from '../fleets/fleets.ts';
import { fitLogistic } from './logistic.ts';
import { type KnownConsumer, type KnownHour, knownHours } from './vote-hours.ts';
import { calibrated, learnTrees, tableText, type VoteRow, type VoteTrees } from './vote-trees.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '501,502,503,504,505,506,507,508' },
    groups: { type: 'string', default: '60' },
    singles: { type: 'string', default: '20' },
    out: { type: 'string', default: fileURLToPath(new URL('../../core/detector/', import.meta.url)) },
  },
});
const seeds = values.seeds.split(',').map(Number);
const [groups, singles] = [Number(values.groups), Number(values.singles)];
if (values.data === undefined || ![groups, singles, ...seeds].every((number) => Number.isInteger(number))) {
  console.error('usage: node bench/train/votes.ts --data DIR [--seeds N,N] [--groups N] [--singles N] [--out DIR]');
  process.exit(2);
}

interface Hour extends KnownHour {
  readonly isLeak: boolean;
}

interface Host {
  readonly group: number;
  readonly hours: readonly Hour[];
}

const { prior } = effectivePolicy();
const hosts = seeds.flatMap(groupsOf).flatMap((members, group) => members.map((hours): Host => ({ group, hours })));
const known = hosts.flatMap(({ hours }) => hours);
const share = known.filter(({ isLeak }) => isLeak).length / known.length;

const ofConsumers = learnTrees(
  rowsOf(({ consumers, youngConsumers, isLeak }) => {
    const all = [...(consumers ?? []), ...(youngConsumers ?? [])];
    return all.map(({ features, isLeaker }) => ({ features, isLeak: isLeak && isLeaker }));
  }),
  CONSUMER_FEATURES,
);
const ofSiblings = learnTrees(
  rowsOf(({ siblings, isLeak }) => siblings && [{ features: siblings.features, isLeak }]),
  SIBLING_FEATURES,
);
const consumerCalibration = calibrated(scoredBy(consumerScore), share);
const siblingCalibration = calibrated(scoredBy(siblingScore), share);
write(
  'consumer',
  `${tableText('CONSUMER', ofConsumers, CONSUMER_FEATURES, consumerCalibration)}
/** The share of their vote that siblings keep beside consumers. */
export const SIBLINGS_BESIDE_CONSUMERS: number = ${besideConsumers().toFixed(2)};
`,
);
write('sibling', tableText('SIBLING', ofSiblings, SIBLING_FEATURES, siblingCalibration));
console.log(`${values.out}: ${hosts.length} hosts, ${(100 * share).toFixed(1)} % of ${known.length} hours leak`);

function groupsOf(seed: number): Hour[][][] {
  const drawn = { directory: values.data ?? '', seed, groups, singles, half: undefined, weeks: false };
  console.log(`seed ${seed}`);
  return knownHours(drawFleets(drawn)).map((members) => members.map((hours) => hours.filter(isSure)));
}

function isSure(hour: KnownHour): hour is Hour {
  return hour.isLeak !== null;
}

/** Hours of one host resemble each other: a host with many of them counts for less than as many hosts. */
function rowsOf(of: (hour: Hour) => readonly Pick<VoteRow, 'features' | 'isLeak'>[] | null): VoteRow[] {
  return hosts.flatMap(({ group, hours }) => {
    const some = hours.map((hour) => of(hour) ?? []).filter((rows) => rows.length > 0);
    return some.flat().map((row) => ({ ...row, group, weight: 1 / Math.sqrt(some.length) }));
  });
}

type Score = (hour: Hour, group: number) => number | null;

function consumerScore({ consumers }: Hour, group: number): number | null {
  return consumers && surest(ofConsumers, consumers, group);
}

/** Null where none is weighed. */
function surest(trees: VoteTrees, consumers: readonly KnownConsumer[], group: number): number | null {
  const scores = consumers.map(({ features }) => trees.unseen(features, group));
  return scores.length === 0 ? null : Math.max(...scores);
}

function siblingScore({ siblings }: Hour, group: number): number | null {
  return siblings && ofSiblings.unseen(siblings.features, group);
}

function scoredBy(scoreOf: Score) {
  return hosts.flatMap(({ group, hours }) =>
    hours.flatMap((hour) => {
      const score = scoreOf(hour, group);
      return score === null ? [] : [{ score, leak: hour.isLeak }];
    }),
  );
}

/** By logistic regression beside the consumers; less than nothing counts as nothing. */
function besideConsumers(): number {
  const oddsOf = (score: number, calibration: Calibration) => logOddsOf(score, calibration, share);
  const examples = hosts.flatMap(({ group, hours }) =>
    hours.flatMap((hour) => {
      const [own, theirs] = [consumerScore(hour, group), siblingScore(hour, group)];
      if (own === null || theirs === null || hour.siblings === null) return [];
      const ofHost = hour.siblings.own + logit(share) - logit(prior);
      const feature = oddsOf(theirs, siblingCalibration) - ofHost;
      return [
        {
          features: [feature],
          offset: oddsOf(own, consumerCalibration),
          isLeak: hour.isLeak,
          weight: 1 / Math.sqrt(hours.length),
        },
      ];
    }),
  );
  return Math.max(0, fitLogistic(examples)[0] ?? 0);
}

function write(name: string, text: string): void {
  const head = `/** Written by bench/train/votes.ts on fleets of the seeds ${seeds.join(', ')}: do not edit. */\n`;
  writeFileSync(join(values.out, `${name}-table.ts`), head + text);
}

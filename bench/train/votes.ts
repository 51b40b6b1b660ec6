/**
 * `node bench/train/votes.ts --data DIR` fits the weights of the votes of consumers, and of siblings beside them, on generated fleets, and
 * writes them to core/detector/vote-weights.ts. Options: `--seeds 111,112,113`; `--groups N` and `--singles N` of each; `--out FILE`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { logit } from '../../core/detector/confidence.ts';
import { type ConsumerFeatures, ratioOf } from '../../core/detector/consumer-features.ts';
import { effectivePolicy } from '../../core/model/policy.ts';
import { drawFleets } from '../fleets/fleets.ts';
import { type Example, fitLogistic } from './logistic.ts';
import { type KnownHour, knownHours } from './vote-hours.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '111,112,113' },
    groups: { type: 'string', default: '60' },
    singles: { type: 'string', default: '20' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../core/detector/vote-weights.ts', import.meta.url)),
    },
  },
});
const seeds = values.seeds.split(',').map(Number);
const [groups, singles] = [Number(values.groups), Number(values.singles)];
if (values.data === undefined || ![groups, singles, ...seeds].every((number) => Number.isInteger(number))) {
  console.error('usage: node bench/train/votes.ts --data DIR [--seeds N,N] [--groups N] [--singles N] [--out FILE]');
  process.exit(2);
}

const { prior } = effectivePolicy();
const hosts = seeds.flatMap((seed) => {
  const drawn = { directory: values.data ?? '', seed, groups, singles, half: undefined, weeks: false };
  return knownHours(drawFleets(drawn));
});
const known = hosts.flat().filter(({ isLeak }) => isLeak !== null);
const share = known.filter(({ isLeak }) => isLeak === true).length / known.length;
/** From the share of leaking hours on these hosts to that of the policy. */
const shift = logit(share) - logit(prior);

const [base = 0, grower = 0, host = 0, levelled = 0, together = 0] = fitLogistic(
  examplesOf(({ consumers }) => consumers && { features: lineOf(consumers), offset: logit(prior) }),
);
const consumers = { base, grower, host, levelled, together };
const [siblingsBesideConsumers = 0] = fitLogistic(
  examplesOf((hour) => {
    if (hour.consumers === null || hour.siblings === null) return null;
    return { features: [hour.siblings], offset: logit(prior) + ratioOf(hour.consumers, consumers) };
  }),
);
const read = known.filter((hour) => hour.consumers !== null).length;
writeFileSync(values.out, weightsFile());
console.log(`${values.out}: ${hosts.length} hosts, ${read} hours with consumers, ${(100 * share).toFixed(1)} % leak`);

/** In the order in which the weights are read. */
function lineOf({ grower, host, levelled, together }: ConsumerFeatures): number[] {
  return [1, grower, host, levelled, together];
}

/** Hours of one host resemble each other: a host with many of them counts for less than as many hosts. */
function examplesOf(of: (hour: KnownHour) => Pick<Example, 'features' | 'offset'> | null): Example[] {
  return hosts.flatMap((hours) => {
    const some = hours.flatMap((hour) => {
      const one = hour.isLeak === null ? null : of(hour);
      return one === null ? [] : [{ ...one, offset: one.offset + shift, isLeak: hour.isLeak === true }];
    });
    return some.map((one) => ({ ...one, weight: 1 / Math.sqrt(some.length) }));
  });
}

function weightsFile(): string {
  const rounded = (weight: number) => Number(weight.toFixed(2));
  const line = Object.entries(consumers).map(([name, weight]) => `${name}: ${rounded(weight)}`);
  return `/** The weights of votes. Written by bench/train/votes.ts on fleets of the seeds ${seeds.join(', ')}: do not edit. */
export const VOTE_WEIGHTS = {
  consumers: { ${line.join(', ')} },
  siblingsBesideConsumers: ${rounded(siblingsBesideConsumers)},
} as const;
`;
}

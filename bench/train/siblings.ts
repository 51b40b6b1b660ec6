/**
 * `node bench/train/siblings.ts --data DIR --sets FILE,FILE [--fresh FILE,FILE]` fits the vote of siblings on generated fleets: prints the
 * weights for `core/detector/sibling-vote.ts`, and what the detector makes of the groups of both, with the weights that are there now.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { logit } from '../../core/detector/confidence.ts';
import { detect } from '../../core/detector/detect.ts';
import { type SiblingFeatures, siblingFeatures } from '../../core/detector/sibling-vote.ts';
import { compareSiblings, isCandidate } from '../../core/inspection/compare-siblings.ts';
import { DEFAULT_POLICY, effectivePolicy } from '../../core/model/policy.ts';
import type { Series } from '../../core/model/series.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { readCorpus } from '../corpus.ts';
import { type BenchSeries, isLeak, windowEnds } from '../data.ts';
import { fleetWideEpisodes, isFound } from '../evidence-scores.ts';
import { AS_ADAPTERS, feedable, windowOf } from '../feeds.ts';
import { figure, markdownTable } from '../markdown.ts';
import { learnedFor } from '../replay.ts';
import { type Flags, scoreOf } from '../score.ts';
import { type Example, fitLogistic } from './logistic.ts';

/**
 * Added to the bases that are fitted. On these sets a host's own curve is surer than it is right, whatever its siblings do; that is not for
 * siblings to correct, and with less than this leaks are found more than an hour and a half later.
 */
const LEVEL = 1.4;
/** Hours at which the bases hold. */
const BASE_HOURS = 12;

interface Hour {
  readonly now: number;
  readonly alone: Verdict;
  readonly compared: Verdict;
  readonly features: SiblingFeatures | null;
}

interface Replayed {
  readonly series: BenchSeries;
  readonly hours: readonly Hour[];
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, sets: { type: 'string', default: '' }, fresh: { type: 'string', default: '' } },
});
const [sets = [], fresh = []] = [values.sets, values.fresh].map((files) => files.split(',').filter(Boolean));
if (values.data === undefined || sets.length + fresh.length === 0) {
  console.error('usage: node bench/train/siblings.ts --data DIR [--sets FILE,FILE] [--fresh FILE,FILE]');
  process.exit(2);
}

const POLICY = effectivePolicy();
const { halfOf } = readCorpus(values.data, ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba']);

const examples: Example[] = [];
const rows: string[][] = [];
for (const file of [...sets, ...fresh]) {
  const replayed = replayFile(file);
  if (sets.includes(file)) examples.push(...examplesOf(replayed));
  const grouped = replayed.filter(({ series }) => series.group !== undefined);
  rows.push(rowOf(`${basename(file)}: alone`, grouped, ({ alone }) => alone));
  rows.push(rowOf(`${basename(file)}: with siblings`, grouped, ({ compared }) => compared));
}
if (examples.length > 0) console.log(weightsText(fitLogistic(examples)));
console.log(markdownTable(['', 'sP', 'sR', 'sF1', 'wF1', 'FA', 'delay h', 'fleet-wide', 'shared found'], rows));

/** All hosts of a file, hour by hour, as if they were one account and region. */
function replayFile(file: string): Replayed[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const hosts = lines.map((line) => {
    const { consumers: _, ...series }: BenchSeries = JSON.parse(line);
    return { series, feed: feedable(series, AS_ADAPTERS), learned: learnedFor(halfOf(series)), hours: [] as Hour[] };
  });
  const most = Math.max(...hosts.map(({ series }) => windowEnds(series).length));
  for (let hour = 0; hour < most; hour++) {
    const comparison = compareSiblings();
    const evaluated = hosts.flatMap((host) => {
      const now = windowEnds(host.series)[hour];
      if (now === undefined) return [];
      const window = inGroup(windowOf(host.feed, now, AS_ADAPTERS.hours), host.series);
      const alone = detect(window, POLICY, { learned: host.learned });
      comparison.add(window, alone);
      return [{ host, now, window, alone }];
    });
    for (const { host, now, window, alone } of evaluated) {
      const siblings = isCandidate(alone) ? comparison.of(window.resource) : undefined;
      const compared = siblings ? detect(window, POLICY, { learned: host.learned, siblings }) : alone;
      const features = siblings ? siblingFeatures(siblings.own, siblings.group) : null;
      host.hours.push({ now, alone, compared, features });
    }
  }
  return hosts.map(({ series, hours }) => ({ series, hours }));
}

function inGroup(window: Series, { group }: BenchSeries): Series {
  return group === undefined ? window : { ...window, resource: { ...window.resource, group } };
}

function confidenceOf(verdict: Verdict): number {
  return verdict.state === 'insufficient_data' ? 0 : verdict.evidence.confidence;
}

/** Of the hours that were compared, at the share of leaking hours that these hosts have. */
function examplesOf(replayed: readonly Replayed[]): Example[] {
  const grouped = replayed.filter(({ series }) => series.group !== undefined);
  const truths = grouped.flatMap(({ series, hours }) => hours.map(({ now }) => isLeak(series, now)));
  const share = truths.filter((truth) => truth === true).length / truths.filter((truth) => truth !== null).length;
  const shift = logit(share) - logit(DEFAULT_POLICY.prior);
  return grouped.flatMap(({ series, hours }) => {
    const known = hours.flatMap(({ now, alone, features }) => {
      const truth = isLeak(series, now);
      if (features === null || truth === null) return [];
      return [{ features: lineOf(features), offset: logit(confidenceOf(alone)) + shift, isLeak: truth }];
    });
    // Hours of one host resemble each other.
    return known.map((example) => ({ ...example, weight: 1 / Math.sqrt(known.length) }));
  });
}

/** In the order of `weightsText`. */
function lineOf({ common, hours, siblings, own }: SiblingFeatures): number[] {
  const logHours = Math.log(hours / BASE_HOURS);
  return [1 - common, (1 - common) * logHours, common, common * logHours, common * siblings, common * own];
}

function weightsText(weights: readonly number[]): string {
  const [alone = 0, aloneHours = 0, common = 0, commonHours = 0, siblings = 0, own = 0] = weights;
  return [
    `alone: { base: ${figure(alone + LEVEL, 2)}, perLogHours: ${figure(aloneHours, 2)} },`,
    `common: { base: ${figure(common + LEVEL, 2)}, perLogHours: ${figure(commonHours, 2)}, siblings: ${figure(siblings, 2)}, own: ${figure(own, 2)} },`,
  ].join('\n');
}

function rowOf(title: string, replayed: readonly Replayed[], verdictOf: (hour: Hour) => Verdict): string[] {
  const evaluated = replayed.map(({ series, hours }): Flags => {
    return {
      series,
      ends: hours.map(({ now }) => now),
      flags: hours.map((hour) => verdictOf(hour).state === 'leaking'),
    };
  });
  const score = scoreOf(evaluated);
  const shared = evaluated.filter(
    ({ series, ends }) => series.shared === true && ends.some((now) => isLeak(series, now) === true),
  );
  return [
    title,
    figure(score.precision, 2),
    figure(score.recall, 2),
    figure(score.f1, 3),
    figure(score.windowF1, 3),
    figure(score.falseAlarms, 1),
    figure(score.delay, 1),
    String(evaluated.reduce((sum, one) => sum + fleetWideEpisodes(one), 0)),
    `${shared.filter(isFound).length} of ${shared.length}`,
  ];
}

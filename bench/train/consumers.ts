/**
 * `node bench/train/consumers.ts --data DIR --sets FILE,FILE [--fresh FILE,FILE]` fits the vote of consumers on generated hosts: prints the
 * table for `core/detector/consumer-vote.ts`, and what the detector makes of both sets of hosts, with the table that is there now.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { logit } from '../../core/detector/confidence.ts';
import { detect, LEARNED } from '../../core/detector/detect.ts';
import { effectivePolicy } from '../../core/model/policy.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { consumerFeed } from '../consumer-feed.ts';
import { readCorpus } from '../corpus.ts';
import { type BenchSeries, isLeak, windowEnds } from '../data.ts';
import { AS_ADAPTERS, feedable, windowOf } from '../feeds.ts';
import { figure, markdownTable } from '../markdown.ts';
import { learnedFor } from '../replay.ts';
import { type Flags, scoreOf } from '../score.ts';
import { calibrate, type Scored } from './calibrate.ts';

/** One hour of one host: by its own curve, and with its consumers. */
interface Hour {
  readonly alone: number;
  readonly confidence: number;
  /** Of the consumer that is most like a leak, by its own curve; undefined where there was no vote. */
  readonly consumer: number | undefined;
}

interface Replayed {
  readonly series: BenchSeries;
  readonly hours: readonly Hour[];
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, sets: { type: 'string', default: '' }, fresh: { type: 'string', default: '' } },
});
const [sets, fresh] = [values.sets, values.fresh].map((files) => files.split(',').filter(Boolean));
if (values.data === undefined || sets === undefined || sets.length === 0) {
  console.error('usage: node bench/train/consumers.ts --data DIR --sets FILE,FILE [--fresh FILE,FILE]');
  process.exit(2);
}

const POLICY = effectivePolicy();
const { halfOf } = readCorpus(values.data, ['injected', 'real-bitbrains', 'real-bitbrains-long', 'real-alibaba']);

const fittedOn = sets.flatMap(replayFile);
console.log(JSON.stringify(calibrate(fittedOn.flatMap(scored))));
console.log(report('fitted on', fittedOn));
if (fresh !== undefined && fresh.length > 0) console.log(report('fresh', fresh.flatMap(replayFile)));

/** Only hosts whose consumers are collected. */
function replayFile(file: string): Replayed[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines
    .map((line): BenchSeries => JSON.parse(line))
    .filter(({ consumers }) => consumers !== undefined)
    .map((series) => ({ series: { ...series, consumers: [] }, hours: replay(series) }));
}

function replay(series: BenchSeries): Hour[] {
  const given = feedable(series, AS_ADAPTERS);
  const learned = learnedFor(halfOf(series)) ?? LEARNED;
  const consumersAt = consumerFeed(series);
  return windowEnds(series).map((now) => {
    const window = windowOf(given, now, AS_ADAPTERS.hours);
    const consumers = consumersAt(now, AS_ADAPTERS.hours);
    return hourOf(detect(window, POLICY, { learned, ...(consumers && { consumers }) }));
  });
}

function hourOf(verdict: Verdict): Hour {
  if (verdict.state === 'insufficient_data') return { alone: 0, confidence: 0, consumer: undefined };
  const { votes, confidence } = verdict.evidence;
  const vote = votes.find(({ evaluator }) => evaluator === 'consumers');
  return { alone: votes[0]?.confidence ?? 0, confidence, consumer: vote?.facts['ownConfidence'] };
}

function scored({ series, hours }: Replayed): Scored[] {
  return windowEnds(series).flatMap((now, index) => {
    const [leak, consumer] = [isLeak(series, now), hours[index]?.consumer];
    if (leak === null || consumer === undefined) return [];
    return { score: logit(Math.max(1e-9, consumer)) - logit(POLICY.prior), leak };
  });
}

function report(title: string, replayed: readonly Replayed[]): string {
  const { threshold } = POLICY;
  const rows: [string, (hour: Hour) => boolean][] = [
    ['host alone', ({ alone }) => alone >= threshold],
    ['any consumer', ({ consumer = 0 }) => consumer >= threshold],
    ['with consumers', ({ confidence }) => confidence >= threshold],
    ...[0.02, 0.05, 0.1, 0.2].map((from): [string, (hour: Hour) => boolean] => [
      `read from ${from} on`,
      ({ alone, confidence }) => (alone < from ? alone : confidence) >= threshold,
    ]),
  ];
  const hours = replayed.reduce((sum, one) => sum + one.hours.length, 0);
  const table = rows.map(([name, flagOf]) => {
    const score = scoreOf(
      replayed.map(({ series, hours }): Flags => ({ series, ends: windowEnds(series), flags: hours.map(flagOf) })),
    );
    return [
      name,
      figure(score.f1, 3),
      figure(score.precision, 2),
      figure(score.recall, 2),
      figure(score.windowF1, 3),
      figure(score.falseAlarms, 1),
      figure(score.delay, 1),
    ];
  });
  return `${title}: ${replayed.length} hosts, ${hours} hours\n\n${markdownTable(['', 'sF1', 'sP', 'sR', 'wF1', 'FA', 'delay h'], table)}`;
}

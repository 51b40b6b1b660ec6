/** Findings of a fleet, delivered again and again in any order to workers that are killed anywhere, over a table and a topic that fail. */
import { describe, expect, it } from 'vitest';
import type { Decide } from '../../../core/incidents/decide.ts';
import { createRecorder } from '../../../core/incidents/recorder.ts';
import { sweep, UNDECIDED_GRACE_MS } from '../../../core/incidents/sweep.ts';
import { createRunSettler } from '../../../core/inspection/settle-run.ts';
import type { Evaluated } from '../../../core/model/inspected-host.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import type { Series } from '../../../core/model/series.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { uniformAt } from '../../../sandbox/scenario/random.ts';
import {
  aDecision,
  aLeakingVerdict,
  anEvidence,
  aResource,
  aSeries,
  aSteadyVerdict,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';
import { aChaosWorld, type ChaosPorts, createTurns, Killed, NOTHING_WRONG, outcomeOf } from './chaos-world.ts';

const SCOPE = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const HOSTS = 500;
const HOURS = 20;
const SHARDS = 10;
const WORKERS = 8;
const NEVER = new AbortController().signal;
const CHANCES = { killed: 0.001, throttled: 0.01, topicDown: 0.2, lag: 0.1 };

const hostIds = Array.from({ length: HOSTS }, (_, index) => `i-${index}`);

interface Message {
  readonly hour: number;
  readonly shard: number;
}

const RISE = [
  { until: 2, grade: 'suspected', hoursLeft: 95 },
  { until: 6, grade: 'confirmed', hoursLeft: 95 },
  { until: 9, grade: 'confirmed', hoursLeft: 20 },
  { until: 12, grade: 'confirmed', hoursLeft: 4 },
] as const;

/** The hundred hours up to `age`, in which it leaks: it grows for twelve hours, and gives its memory back then. */
function seriesAt(age: number, end: number): Series {
  const levels = Array.from({ length: 400 }, (_, cell) => {
    const hour = age - (399 - cell) / 4;
    return hour < 0 || hour >= 12 ? 0.2 : 0.2 + 0.05 * hour;
  });
  return aSeries(levels, { end });
}

/** Hosts that began in the same hour have the same samples. */
const samples = new Map<string, Series>();

function samplesAt(age: number, end: number): Series {
  const key = `${age} ${end}`;
  const known = samples.get(key) ?? seriesAt(age, end);
  samples.set(key, known);
  return known;
}

/** It leaks for twelve hours, closer and closer to its limit, and is restarted then. Hosts begin in different hours. */
function findingOf(host: number, hour: number): Evaluated {
  const end = NOON + hour * HOUR;
  const age = hour - (host % 3);
  const series = { ...samplesAt(age, end), resource: aResource({ id: `i-${host}` }) };
  const now = RISE.find(({ until }) => age < until);
  if (now === undefined || age < 0) return { kind: 'evaluated', series, verdict: aSteadyVerdict({ confidence: 0.01 }) };
  const likely = end + now.hoursLeft * HOUR;
  const exhaustion = { kind: 'expected', earliest: likely, likely, latest: null } as const;
  const began = end - age * HOUR;
  const onset = { start: began, end: began + HOUR, leftCensored: false };
  const growthPerHour = { low: 0.04, estimate: 0.05, high: 0.06 };
  const verdict = aLeakingVerdict({ grade: now.grade, evidence: anEvidence({ exhaustion, onset, growthPerHour }) });
  return { kind: 'evaluated', series, verdict };
}

/** Each message one to three times, in any order within three hours. */
function deliveriesOf(random: () => number): Message[] {
  const all: { message: Message; at: number }[] = [];
  for (let hour = 0; hour < HOURS; hour++)
    for (let shard = 0; shard < SHARDS; shard++)
      for (let copy = 1 + Math.floor(random() * 3); copy > 0; copy--)
        all.push({ message: { hour, shard }, at: hour + 3 * random() });
  return all.sort((a, b) => a.at - b.at).map(({ message }) => message);
}

/** Several who decide the same change would decide otherwise: then one of them alone must count. */
function decideAtRandom(random: () => number): Decide {
  return async (_, undecided) => ({
    decisions: undecided.map((one) => {
      const isHeld = one.change.kind === 'suspected' && random() < 0.5;
      return {
        ...one,
        decision: isHeld ? aDecision({ outcome: 'held', stage: 'rule', reason: 'by chance' }) : aDecision(),
      };
    }),
    fleets: [],
  });
}

async function workThrough(seed: number) {
  let drawn = 0;
  const random = () => uniformAt(seed, drawn++);
  const world = aChaosWorld(random, CHANCES);
  const { turn, drive } = createTurns(random);
  const decide = decideAtRandom(random);
  const queue = deliveriesOf(random);
  const delivered = { messages: 0, findings: 0, failed: 0, decidedBySweep: 0 };
  let now = NOON;

  async function inspect({ hour, shard }: Message, ports: ChaosPorts): Promise<void> {
    const policyOf = () => effectivePolicy({ recoverAfter: 2 });
    const options = { tenant: 'acme', scope: SCOPE, policyOf, endsIncidents: true, asOf: now, now };
    const recorder = await createRecorder(options, ports.incidents, async () => false, NEVER);
    for (let host = shard; host < HOSTS; host += SHARDS) {
      await recorder.add(findingOf(host, hour));
      delivered.findings++;
    }
    const { failure } = await recorder.finish();
    if (failure !== undefined) throw failure;
    const deadline = { now, remainingMs: () => 300_000, abortedAt: () => NEVER };
    const settler = createRunSettler({ tenant: 'acme', scope: SCOPE }, { ...ports, decide }, deadline);
    settler.add(recorder.changed());
    await settler.settle();
  }

  async function survives(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      if (error instanceof Killed || error instanceof StoreError) return false;
      throw error;
    }
  }

  async function work(): Promise<void> {
    for (let message = queue.shift(); message !== undefined; message = queue.shift()) {
      delivered.messages++;
      now = Math.max(now, NOON + message.hour * HOUR) + MINUTE;
      if (await survives(inspect(message, world.worker(turn)))) continue;
      delivered.failed++;
      // Some messages come again, and some have come too often.
      if (random() < 0.5) queue.splice(Math.floor(random() * 20), 0, message);
    }
  }

  const decideInSweep: Decide = async (tenant, undecided, decidedAt) => {
    delivered.decidedBySweep += undecided.length;
    return decide(tenant, undecided, decidedAt);
  };

  /** Sweeps beside the workers, as if they had taken too long: both decide the same changes. */
  async function sweepNow(): Promise<void> {
    while (queue.length > 0) {
      await survives(sweep({ ...world.worker(turn), decide: decideInSweep }, { now: now + UNDECIDED_GRACE_MS }));
      for (let pause = 0; pause < 20 && queue.length > 0; pause++) await turn();
    }
  }

  await drive([...Array.from({ length: WORKERS }, work), sweepNow()]);
  world.calm();
  await sweep({ ...world.worker(async () => {}), decide: decideInSweep }, { now: now + UNDECIDED_GRACE_MS });
  return { world, delivered };
}

describe('10,000 findings of 500 hosts', () => {
  it('become one story each, in order, whoever is killed: nothing is lost, decided twice or changed once it was sent', async () => {
    const { world, delivered } = await workThrough(11);

    const { store, counts, rewritten } = world;
    const incidents = store.all().map(({ value }) => value);
    expect(outcomeOf(world)).toEqual(NOTHING_WRONG);
    expect(rewritten).toEqual([]);
    expect(incidents.map(({ key }) => key.host).toSorted()).toEqual(hostIds.toSorted());
    expect(new Set(incidents.map(({ episode }) => episode))).toEqual(new Set([1]));
    // What has recovered is watched: another growth would be its next cycle.
    expect(new Set(incidents.map(({ status }) => status))).toEqual(new Set(['watched']));
    // It was chaos.
    expect(delivered.findings).toBeGreaterThan(15_000);
    expect(delivered.failed).toBeGreaterThan(50);
    expect(delivered.decidedBySweep).toBeGreaterThan(10);
    expect(counts.killed).toBeGreaterThan(20);
    expect(counts.throttled).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
    expect(counts.conflicts).toBeGreaterThan(100);
    const held = world.entries.filter((entry) => entry.kind === 'change' && entry.decision.outcome === 'held').length;
    expect(held).toBeGreaterThan(20);
  });
});

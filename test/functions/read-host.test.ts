/** One host is read by the function that may read its cloud: over the sandbox, from the event to the answer. */
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSpendStore } from '../../adapters/dynamodb/spend-store.ts';
import { detect } from '../../core/detector/detect.ts';
import { DEFAULT_READS_USD } from '../../core/inspection/answer-host-read.ts';
import {
  type HostMemory,
  type HostReadAnswer,
  hostReadAnswerSchema,
  MOST_POINTS,
} from '../../core/model/host-memory.ts';
import { seriesOfMemory } from '../../core/model/memory-series.ts';
import type { SpendStore } from '../../core/ports/spend-store.ts';
import { inspectEvent } from '../../functions/inspect-event.ts';
import { type HostPlan, hostAt } from '../../sandbox/scenario/hosts.ts';
import { flat, linear, sum } from '../../sandbox/scenario/shapes.ts';
import { aTenantConfig, HOUR, NOON } from '../fixtures/builders.ts';
import { ACCOUNT, LEAKER, type Pipeline, REGION, startPipeline } from './pipeline.ts';

const inGroup = (name: string, plan: Partial<HostPlan> = {}): HostPlan => ({
  name,
  story: 'flat',
  memory: flat(40),
  group: 'web',
  expected: { state: 'steady' },
  ...plan,
});

/** A group of fifteen, of which two leak and one is new; others outside of it. */
const PLANS: readonly HostPlan[] = [
  { ...LEAKER, group: 'web' },
  ...Array.from({ length: 12 }, (_, index) => inGroup(`web-${index}`)),
  inGroup('other-leaker', { memory: sum(flat(30), linear({ from: -100, perHour: 0.4 })), expected: LEAKER.expected }),
  inGroup('young', { launched: -20 }),
  inGroup('lonely', { group: 'batch' }),
  inGroup('gone', { group: 'batch', terminated: -30 }),
  inGroup('secret', { group: 'batch' }),
];

let pipeline: Pipeline;
let spend: SpendStore;
let leaker: HostMemory;

beforeAll(async () => {
  pipeline = await startPipeline(PLANS);
  const { dynamodb: client, environment } = pipeline.deployment;
  spend = createSpendStore({ client, table: environment.TABLE });
  await putConfig({ hosts: { exclude: [{ id: idOf('secret') }] } });
  await pipeline.inspect({
    version: 1,
    tenant: 'acme',
    provider: 'aws',
    account: ACCOUNT,
    scheduledTime: new Date(NOON).toISOString(),
  });
  leaker = await memoryOf('leaker');
});

afterAll(() => pipeline[Symbol.asyncDispose]());

describe('a host that leaks', () => {
  it('is answered with its samples, and the detector finds the leak in them alone, too', () => {
    const memory = leaker;

    expect(memory).toMatchObject({
      verdict: 'leaking',
      grade: 'confirmed',
      unit: '1',
      window: { end: iso(NOON - 15 * 60_000) },
    });
    expect(memory.samples.times).toHaveLength(400);
    const verdict = detect(seriesOfMemory(memory), memory.policy);
    expect(verdict).toMatchObject({ state: 'leaking', grade: memory.grade });
    // Its process would have grown all the same: it would take a host that does not grow, or nothing would do.
    expect(memory.counterfactual?.turnsAt ?? Number.NEGATIVE_INFINITY).toBeLessThan(0.001);
    const weights = memory.checks.flatMap(({ weight }) => weight ?? []);
    const { value = 0, reference = 0 } = memory.score ?? {};
    expect(weights.reduce((all, one) => all + one, reference)).toBeCloseTo(value, 6);
    expect(memory.recent?.times.length).toBeGreaterThan(60);
    expect(memory.unreadable).toEqual([]);
  });

  it('has who grew, with curves of means that end where the figures end', () => {
    const { attribution } = leaker;

    if (attribution?.kind !== 'attributed') throw new Error('not attributed');
    const [first] = attribution.grown;
    expect(first).toMatchObject({ kind: 'process', name: 'node' });
    const values = first?.curve?.values ?? [];
    expect(values.length).toBeGreaterThan(20);
    expect(values.length).toBeLessThanOrEqual(MOST_POINTS);
    expect(Number(values.at(-1)) / (first?.after ?? 1)).toBeCloseTo(1, 1);
    expect(first?.curve?.start).toBe(attribution.window.start);
  });

  it('has at most twelve siblings with curves of minima, those that leak first', () => {
    const { siblings, siblingCount } = leaker;

    expect(siblingCount).toBe(14);
    expect(siblings).toHaveLength(12);
    expect(siblings[0]).toMatchObject({ host: { id: idOf('other-leaker'), group: 'web' }, verdict: 'leaking' });
    expect(siblings.every(({ curve }) => curve.values.length <= MOST_POINTS)).toBe(true);
    expect(siblings.map(({ host }) => host.id)).not.toContain(idOf('lonely'));
  });

  it('costs what is counted towards the month of its tenant', async () => {
    const before = await spend.requestsOf('acme', '2026-11');

    const { cost } = await memoryOf('lonely');

    expect(cost.metrics).toBeGreaterThan(2);
    expect(cost.usd).toBeCloseTo((cost.metrics * 0.01) / 1000, 9);
    expect(await spend.requestsOf('acme', '2026-11')).toBeCloseTo(before + cost.usd, 9);
  });
});

describe('any other host', () => {
  it('is steady, with what it uses', async () => {
    expect(await memoryOf('web-3')).toMatchObject({
      verdict: 'steady',
      grade: null,
      attribution: { kind: 'attributed', largest: [{}, {}, {}, {}, {}, {}] },
    });
  });

  it('states why it has no verdict', async () => {
    const memory = await memoryOf('lonely', { lookbackHours: 9, to: iso(NOON - 40 * 24 * HOUR) });

    expect(memory).toMatchObject({ verdict: 'not_monitored', reason: expect.any(String), confidence: null });
  });

  it('is read as it was before it ended', async () => {
    const memory = await memoryOf('gone', { to: iso(NOON - 31 * HOUR), group: 'batch' });

    expect(memory).toMatchObject({ verdict: 'steady' });
    expect(memory.samples.times.length).toBeGreaterThan(300);
  });

  it('is unreadable where its samples are, which is no health', async () => {
    pipeline.sandbox.inject({ service: 'cloudwatch', action: 'GetMetricData', kind: 'denied', times: 99 });

    const memory = await memoryOf('web-1');
    pipeline.sandbox.liftFaults();

    expect(memory).toMatchObject({ verdict: 'unreadable', reason: 'denied', samples: { times: [] } });
  });
});

describe('what is not read', () => {
  it.each([
    ['a host that the config leaves out', 'secret', {}, 'excluded', /leaves i-\w+ out/],
    ['a host that does not exist', 'i-nowhere', {}, 'not_found', /no host i-nowhere now/],
    ['a pattern', '*', {}, 'not_found', /no host \* now/],
    ['a region that the config does not have', 'leaker', { region: 'us-east-1' }, 'not_configured', /in us-east-1/],
    ['another tenant', 'leaker', { tenant: 'other' }, 'not_configured', /no tenant other/],
    ['another cloud', 'leaker', { provider: 'gcp' }, 'not_configured', /this function reads accounts of AWS/],
    ['the future', 'leaker', { to: iso(NOON + HOUR) }, 'malformed', /lies in the future/],
    ['an unknown field', 'leaker', { role: 'arn' }, 'malformed', /role: unknown field/],
    ['a window that is too long', 'leaker', { lookbackHours: 100_000 }, 'malformed', /at most 720/],
  ])('is %s', async (_, host, overrides, refusal, reason) => {
    const answer = await readHost(host, overrides);

    expect(answer).toMatchObject({ outcome: 'refused', refusal, reason: expect.stringMatching(reason) });
  });

  it('is anything above the cost cap, and the reason names the cap', async () => {
    await putConfig({ costCap: { usdPerMonth: 0.01 } });
    const scope = { provider: 'aws', account: ACCOUNT, region: REGION } as const;
    await spend.addRequest('acme', { month: '2026-11', request: 'much', scope, usd: 3 });

    const answer = await readHost('leaker');

    expect(answer).toMatchObject({
      outcome: 'refused',
      refusal: 'over_cap',
      reason: expect.stringContaining('costCap.usdPerMonth'),
    });
  });

  it('is anything above what reads may cost a tenant without a cost cap', async () => {
    await putConfig({});
    const before = await readHost('leaker');
    await spend.addRead('acme', '2026-11', DEFAULT_READS_USD);

    const after = await readHost('leaker');

    expect(before).toMatchObject({ outcome: 'read' });
    const reason = expect.stringContaining('Set costCap.usdPerMonth');
    expect(after).toMatchObject({ outcome: 'refused', refusal: 'over_cap', reason });
  });
});

const iso = (time: number) => new Date(time).toISOString();

/** The id of a host of the fleet; any other text as it is. */
function idOf(name: string): string {
  const location = { tenant: 'acme', account: ACCOUNT, region: REGION, asOf: NOON, seed: 1 };
  const plan = PLANS.find((one) => one.name === name);
  return plan === undefined ? name : hostAt(location, plan).resource.id;
}

async function putConfig(overrides: object): Promise<void> {
  const stored = await pipeline.configs.get('acme');
  await pipeline.configs.put(aTenantConfig({ ...overrides }), stored?.version ?? 0, '', NOON);
}

async function readHost(name: string, overrides: object = {}): Promise<HostReadAnswer> {
  const id = idOf(name);
  const event = {
    version: 1,
    kind: 'read_host',
    tenant: 'acme',
    provider: 'aws',
    account: ACCOUNT,
    region: REGION,
    host: id,
    to: iso(NOON),
  };
  const context = { getRemainingTimeInMillis: () => 300_000 };
  const logger = new Logger({ logLevel: 'SILENT' });
  const options = { ports: pipeline.ports, logger, context, now: NOON };
  return hostReadAnswerSchema.parse(await inspectEvent({ ...event, ...overrides }, options));
}

async function memoryOf(name: string, overrides: object = {}): Promise<HostMemory> {
  const answer = await readHost(name, overrides);
  if (answer.outcome !== 'read') throw new Error(answer.reason);
  return answer.memory;
}

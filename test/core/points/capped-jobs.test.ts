/** What a cost cap does to jobs: they are counted, slowed down, and paused, and none of it is shown as health. */
import { describe, expect, it } from 'vitest';
import type { AnomalyJob } from '../../../core/model/anomaly-job.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import type { CapState } from '../../../core/model/spend.ts';
import { createFailingJobs } from '../../../core/points/failing-jobs.ts';
import { jobStatuses } from '../../../core/points/job-status.ts';
import { type JobMessage, type RunJobPorts, runJob } from '../../../core/points/run-job.ts';
import { ItemError } from '../../../core/ports/errors.ts';
import type { SpendStore } from '../../../core/ports/spend-store.ts';
import { aCapState } from '../../contract/spend-store.ts';
import { anAccount, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJob, aPointWorld, POINT_SCOPE } from '../../fixtures/point-jobs.ts';
import { createMemorySpendStore } from '../../memory/stores.ts';
import { aMessage, aWorld } from '../inspection/world.ts';

const COST_CAP = { usdPerMonth: 50 };

async function aCapped(job: Partial<AnomalyJob> = {}, spend: SpendStore = createMemorySpendStore()) {
  const config = aTenantConfig({ costCap: COST_CAP, accounts: [anAccount({ anomalies: [aJob(job)] })] });
  const points = aPointWorld();
  const world = await aWorld({ openSource: () => points.source }, config);
  const ports: RunJobPorts = { ...world, spend };
  const message: InspectMessage & JobMessage = { ...aMessage({ trigger: 'schedule' }), job: 'resident' };
  return {
    ...{ config, points, spend, pointStates: world.pointStates },
    async at(time: number) {
      const due = { ...message, regions: ['eu-west-1'], scheduledTime: new Date(time).toISOString() };
      const outcome = await runJob(due, ports, { now: time, totalMs: 300_000, remainingMs: () => 300_000 });
      if (outcome.kind !== 'inspected') throw new Error(outcome.reason);
      return { paused: outcome.paused, run: outcome.jobs[0]?.run };
    },
    async state(now: number) {
      const cap = (await spend.getCap('acme'))?.value;
      const [status] = await jobStatuses(config, world.pointStates, { now, cap });
      return [status?.state, status?.everyMinutes];
    },
  };
}

describe('a job of a tenant with a cost cap', () => {
  it('counts what each inspection cost towards the month, and remembers what a metric costs', async () => {
    const { at, spend } = await aCapped();

    const runs = [await at(NOON), await at(NOON + MINUTE)];

    const [job, ...others] = await spend.jobsOf('acme', '2026-11');
    const usd = runs.reduce((sum, { run }) => sum + (run?.cost.perRun ?? 0), 0);
    expect(others).toEqual([]);
    expect(job).toMatchObject({ job: 'resident', usd: expect.closeTo(usd, 12) });
    expect(usd).toBeGreaterThan(0);
    // Two hosts of one metric.
    expect(job?.usdPerMetric).toBeCloseTo(2 * 0.00001, 12);
  });

  it('reads nothing between the hours that the cap allows, and then takes in every point', async () => {
    const { at, points, spend, state } = await aCapped();
    await at(NOON);
    await spend.putCap('acme', aCapState({ jobs: 1 }), 0);
    // Up to the full hour, from which on the hours of the cap are counted.
    await at(NOON + 2 * MINUTE);
    const before = points.requests.length;

    const between = await Promise.all([at(NOON + 10 * MINUTE), at(NOON + 59 * MINUTE)]);
    const reads = points.requests.length - before;
    const { run } = await at(NOON + HOUR + MINUTE);

    expect([reads, ...between.map((one) => one.run?.outcome)]).toEqual([0, 'up_to_date', 'up_to_date']);
    expect(run).toMatchObject({ outcome: 'complete', window: { start: NOON, end: NOON + HOUR }, points: 120 });
    expect(await state(NOON + 2 * HOUR)).toEqual(['slowed', 60]);
  });

  it('reads with the next hours what it could not read of all those before', async () => {
    const { at, points, spend } = await aCapped({ periodSeconds: 300 });
    const start = Math.floor(NOON / (4 * HOUR)) * 4 * HOUR;
    await at(start + 5 * MINUTE);
    await spend.putCap('acme', aCapState({ jobs: 4 }), 0);
    await at(start + 5 * MINUTE + 4 * HOUR);
    points.unreadable.add('i-1');
    await at(start + 5 * MINUTE + 8 * HOUR);
    points.unreadable.clear();

    const { run } = await at(start + 5 * MINUTE + 12 * HOUR);

    // 48 of i-2, and as many and those of the four hours before of i-1.
    expect(run).toMatchObject({ outcome: 'complete', points: 3 * 48 });
  });

  it('is as slow as its own schedule, or as what is read in one go, at the least', async () => {
    const hourly = await aCapped({ everyMinutes: 60, periodSeconds: 60 });
    await hourly.spend.putCap('acme', aCapState({ jobs: 4 }), 0);
    await hourly.at(NOON + MINUTE);

    expect(await hourly.state(NOON + HOUR)).toEqual(['ok', 60]);
  });

  it('is read by nobody while the cap pauses it, which is no health', async () => {
    const { at, points, spend, state } = await aCapped();
    await at(NOON);
    await spend.putCap('acme', aCapState({ jobs: 'paused' }), 0);
    const before = points.requests.length;

    expect(await at(NOON + HOUR)).toEqual({ paused: ['eu-west-1'], run: undefined });
    expect(points.requests).toHaveLength(before);
    expect(await state(NOON + HOUR)).toEqual(['paused', null]);
  });

  it('states which points it missed when it was paused for more than a day', async () => {
    const { at, spend } = await aCapped();
    await at(NOON);
    await spend.putCap('acme', aCapState({ jobs: 'paused' }), 0);
    await at(NOON + HOUR);
    await spend.putCap('acme', aCapState(), 1);

    const { run } = await at(NOON + 30 * HOUR);

    expect(run).toMatchObject({ outcome: 'partial', failures: [expect.stringMatching(/are left out: no inspection/)] });
  });

  it('is inspected on schedule where what the cap leads to cannot be read back', async () => {
    const getCap = async () => {
      throw new ItemError('not as Plimsoll writes it');
    };
    const { at } = await aCapped({}, { ...createMemorySpendStore(), getCap });

    expect((await at(NOON)).run?.outcome).toBe('complete');
  });
});

describe('a job that is watched over', () => {
  async function aWatched(jobs: Partial<AnomalyJob> = {}, cap?: Partial<CapState>) {
    const capped = await aCapped(jobs);
    if (cap !== undefined) await capped.spend.putCap('acme', aCapState(cap), 0);
    const tenant = { config: capped.config, version: 1, externalId: 'external', putAt: NOON };
    const find = createFailingJobs({ pointStates: capped.pointStates, spend: capped.spend });
    return { ...capped, find: async (time: number) => (await find(tenant, time)).failing, tenant, all: find };
  }

  it('fails where its newest inspection could read nothing, with the reason, and no more once one can', async () => {
    const { at, points, find } = await aWatched();

    points.isDown = true;
    await at(NOON);
    const down = await find(NOON);
    points.isDown = false;
    await at(NOON + MINUTE);

    expect(down).toEqual([
      { job: 'resident', scope: POINT_SCOPE, state: 'failing', message: expect.stringContaining('the role is denied') },
    ]);
    expect(await find(NOON + MINUTE)).toEqual([]);
  });

  it('fails where its newest inspection took nothing in because no host could be read', async () => {
    const { at, points, find } = await aWatched();
    await at(NOON);

    points.unreadable.add('i-1');
    await at(NOON + MINUTE);
    const one = await find(NOON + MINUTE);
    points.unreadable.add('i-2');
    await at(NOON + 2 * MINUTE);

    expect(one).toEqual([]);
    expect(await find(NOON + 2 * MINUTE)).toMatchObject([
      { state: 'failing', message: expect.stringContaining('too many requests') },
    ]);
  });

  it('fails where nobody inspects it, from the first inspection on', async () => {
    const { at, find } = await aWatched();

    expect(await find(NOON + HOUR)).toEqual([]);
    expect(await find(NOON + 3 * HOUR)).toMatchObject([{ state: 'overdue', message: '' }]);
    await at(NOON + 3 * HOUR);
    expect(await find(NOON + 4 * HOUR)).toMatchObject([{ state: 'overdue' }]);
  });

  it('does not fail while the cap pauses it or has it inspected seldom, or where it is disabled', async () => {
    const [paused, slowed] = [await aWatched({}, { jobs: 'paused' }), await aWatched({}, { jobs: 1 })];
    await slowed.at(NOON);
    const disabled = await aWatched({ enabled: false });

    expect(await paused.all(paused.tenant, NOON + 9 * HOUR)).toEqual({
      failing: [],
      paused: [{ job: 'resident', scope: POINT_SCOPE }],
    });
    expect(await slowed.find(NOON + HOUR)).toEqual([]);
    expect(await disabled.find(NOON + 9 * HOUR)).toEqual([]);
  });

  it('does not fail before it can have been inspected again, after a pause or where it was disabled', async () => {
    const { at, spend, tenant, all } = await aWatched();
    await at(NOON);
    await spend.putCap('acme', aCapState({ changedAt: NOON + 20 * HOUR }), 0);
    const begunAgain = async (hours: number, putAt = NOON) =>
      (await all({ ...tenant, putAt }, NOON + hours * HOUR)).failing.map(({ state }) => state);

    expect(await begunAgain(21)).toEqual([]);
    expect(await begunAgain(23)).toEqual(['overdue']);
    expect(await begunAgain(23, NOON + 22 * HOUR)).toEqual([]);
  });
});

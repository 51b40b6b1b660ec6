import { describe, expect, it } from 'vitest';
import { type ExplainPointsOptions, explainPoints } from '../../../cli/explain/points.ts';
import { run } from '../../../cli/main.ts';
import type { AnomalyJob } from '../../../core/model/anomaly-job.ts';
import { CPU, DISK, FLEET, fleetSelection, pointFleet } from '../../fixtures/point-fleet.ts';
import { aJob } from '../../fixtures/point-jobs.ts';
import { aContext } from '../a-context.ts';

async function explain(host: string, options: Partial<ExplainPointsOptions> = {}, jobs = [aJob()]) {
  const { context, out, err } = aContext({ width: 100 });
  const fleet = pointFleet({ fleet: FLEET, bare: ['bare-1'], denied: ['denied-1'] });
  const selection = fleetSelection(fleet);
  const targets = selection.targets.map((target) => ({ ...target, jobs }));
  const openDemo = async () => ({ ...selection, targets });
  const code = await explainPoints(host, { demo: true, metric: [CPU], ...options }, { ...context, openDemo });
  return { code, out: out(), err: err() };
}

const AS_INSPECTED = { period: 300, reference: 2016, cycle: 'day' } as const;

describe('plimsoll explain --metric', () => {
  it('states what lasts, and how its newest point came to its score', async () => {
    const { code, out } = await explain('web-2', AS_INSPECTED);

    expect(code).toBe(0);
    expect(out).toContain('web-2  system.cpu.utilization');
    expect(out).toMatch(/An anomaly lasts since 2026-11-20 09:05 UTC: CPU shifted up\./);
    expect(out).toMatch(/expected +\d+\.\d %; 98 % of healthy points lie from \d+\.\d % to \d+\.\d %/);
    expect(out).toMatch(
      /score +> 0\.9999: no healthy point is as far away\. From 0\.99 on a point is an anomaly: this/,
    );
    expect(out).toMatch(/level +\d+\.\d %; the cycle adds −?\d+\.\d % at that time/);
    expect(out).toMatch(/learned +from 2,016 points before the span/);
    expect(out).toMatch(/lasted +shifted up from 2026-11-20 09:05 UTC, goes on; furthest/);
  });

  it('states that nothing lasts, and how many healthy points are as far away', async () => {
    const { code, out } = await explain('web-1', AS_INSPECTED);

    expect(code).toBe(0);
    expect(out).toMatch(/The newest point is no anomaly, and nothing lasts: \d+\.\d % where \d+\.\d % was expected\./);
    expect(out).toMatch(/score +0\.\d+: \d+ of 10 healthy points are as far away/);
  });

  it('inspects as the job of the config does, and options go before it', async () => {
    const job = aJob({ referencePoints: 600, periodSeconds: 300, threshold: 0.9 });

    const { out } = await explain('web-1', { json: true, reference: 700 }, [job]);

    expect(JSON.parse(out)).toMatchObject({
      kind: 'explanation',
      host: { id: 'web-1' },
      job: { periodSeconds: 300, referencePoints: 700, threshold: 0.9, cycle: 'none' },
      usual: { learned: 700, hasCycle: false },
      point: { score: expect.any(Number) },
      evidence: { needed: expect.any(Number) },
    });
  });

  it('takes the job of the account and host, and each of several', async () => {
    const webs = aJob({ name: 'webs', referencePoints: 500, hosts: { include: [{ id: 'web-*' }] } });
    const others = aJob({ name: 'others', referencePoints: 600, hosts: { exclude: [{ id: 'web-*' }] } });
    const all = aJob({ name: 'all', referencePoints: 700 });
    const disabled = aJob({ name: 'off', enabled: false });
    const learnedBy = async (host: string, jobs: AnomalyJob[]) => {
      const { out } = await explain(host, { json: true, period: 300 }, jobs);
      return out
        .trim()
        .split('\n')
        .map((line) => [JSON.parse(line).job.name, JSON.parse(line).usual.learned]);
    };

    expect(await learnedBy('web-1', [disabled, others, webs])).toEqual([['webs', 500]]);
    expect(await learnedBy('web-1', [webs, all])).toEqual([
      ['webs', 500],
      ['all', 700],
    ]);
    expect(await learnedBy('web-1', [others])).toEqual([[undefined, 2016]]);
  });

  it('names the parts that there are where a host has not the one', async () => {
    await expect(explain('db-1', { ...AS_INSPECTED, metric: [DISK], part: 'mountpoint=/x' })).rejects.toThrow(
      /^db-1 has no mountpoint=\/x of system\.filesystem\.utilization: it has mountpoint=/,
    );
  });

  it('explains each part of a host, or one', async () => {
    const all = await explain('db-1', { ...AS_INSPECTED, metric: [DISK] });
    const one = await explain('db-1', { ...AS_INSPECTED, metric: [DISK], part: 'mountpoint=/var' });

    const titles = (text: string) => text.split('\n').filter((line) => line.startsWith('db-1  '));
    expect(titles(all.out)).toHaveLength(2);
    expect(titles(one.out)).toEqual(['db-1  system.filesystem.utilization  mountpoint=/var']);
  });

  it('ends with 4 where the series could not be read, and states why', async () => {
    const [denied, bare] = [await explain('denied-1'), await explain('bare-1')];

    expect([denied.code, bare.code]).toEqual([4, 4]);
    expect(denied.err).toContain('the role is denied');
    expect(bare.err).toContain('Install the agent.');
  });

  it('names no host that is not there', async () => {
    await expect(explain('web-9')).rejects.toThrow(/There is no system\.cpu\.utilization of a host with .* web-9/);
  });

  it.each([
    [['explain', 'web-1', '--demo', '--part', 'a=b'], '--part belongs to --metric'],
    [['explain', 'web-1', '--demo', '--metric', CPU, '--baseline'], '--baseline and --checks are of memory'],
    [['explain', 'web-1', '--demo', '--period', '60'], '--period: add --metric'],
  ])('refuses options that do not belong together: %j', async (words, message) => {
    const { context, err } = aContext();

    expect(await run(words, context)).toBe(1);
    expect(err()).toContain(message);
  });
});

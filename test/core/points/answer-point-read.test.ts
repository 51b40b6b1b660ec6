import { describe, expect, it } from 'vitest';
import type { HostReadPorts } from '../../../core/inspection/answer-host-read.ts';
import { MOST_VIEW_POINTS } from '../../../core/model/anomaly-view.ts';
import { type PointReadRequest, pointReadAnswerSchema } from '../../../core/model/point-read.ts';
import { answerPointRead } from '../../../core/points/answer-point-read.ts';
import { SourceError } from '../../../core/ports/errors.ts';
import type { MemorySource } from '../../../core/ports/memory-source.ts';
import { anAccount, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { failing } from '../../fixtures/failing.ts';
import { CPU, DISK, pointFleet } from '../../fixtures/point-fleet.ts';
import { createMemorySpendStore } from '../../memory/stores.ts';
import { aWorld, SCOPE } from '../inspection/world.ts';

const REQUEST: PointReadRequest = {
  version: 1,
  kind: 'read_points',
  tenant: 'acme',
  ...SCOPE,
  host: 'web-2',
  metric: CPU,
  to: new Date(NOON).toISOString(),
};

const DEADLINE = { now: NOON, totalMs: 300_000, remainingMs: () => 300_000 };

const JOB = { name: 'resident', metrics: [CPU], threshold: 0.999 };

async function answerTo(request: Partial<PointReadRequest> = {}, source: MemorySource = pointFleet()) {
  const config = aTenantConfig({ accounts: [anAccount({ anomalies: [JOB] })] });
  const world = await aWorld({ openSource: () => source }, config);
  const ports: HostReadPorts = { ...world, spend: createMemorySpendStore() };
  return pointReadAnswerSchema.parse(await answerPointRead({ ...REQUEST, ...request }, ports, DEADLINE));
}

describe('a read of one metric of a host', () => {
  it('answers with its points, what was expected of them, what lasts, and what is expected next', async () => {
    const answer = await answerTo();

    if (answer.outcome !== 'read') throw new Error(answer.reason);
    const { view } = answer;
    expect(view).toMatchObject({ host: { id: 'web-2' }, metric: CPU, label: 'CPU', job: 'resident', threshold: 0.999 });
    expect(view.samples.times).toHaveLength(288);
    expect(view.episodes).toMatchObject([{ type: 'shift_up', goesOn: true }]);
    expect(view.forecast?.times[0]).toBeGreaterThanOrEqual(NOON / 1000);
  });

  it('answers of the part that is named, and of a span that is', async () => {
    const from = new Date(NOON - 12 * HOUR).toISOString();
    const answer = await answerTo({ host: 'db-1', metric: DISK, part: 'mountpoint=/var', from });

    expect(answer).toMatchObject({ outcome: 'read', view: { part: 'mountpoint=/var', job: null, points: 144 } });
  });

  it('has no more points than a picture may have', async () => {
    const answer = await answerTo({ from: new Date(NOON - 13 * 24 * HOUR).toISOString() });

    if (answer.outcome !== 'read') throw new Error(answer.reason);
    expect(answer.view.samples.times).toHaveLength(MOST_VIEW_POINTS);
    expect(answer.view.leftOut).toBe(13 * 288 - MOST_VIEW_POINTS);
    const shown = answer.view.samples.is_anomaly.filter(Boolean).length;
    expect(shown).toBe(answer.view.anomalousPoints);
  });

  it.each([
    [{ host: 'i-nowhere' }, 'not_found', 'has no system.cpu.utilization of i-nowhere'],
    [{ metric: 'app.queue' }, 'not_configured', 'neither the catalogue nor a feed'],
    [{ job: 'nightly' }, 'not_configured', 'has no job nightly'],
    [{ region: 'eu-west-9' }, 'not_configured', 'has no account'],
    [{ to: new Date(NOON + HOUR).toISOString() }, 'malformed', 'lies in the future'],
    [{ from: new Date(NOON).toISOString() }, 'malformed', 'it must be before the end'],
    [{ from: new Date(NOON - 40 * 24 * HOUR).toISOString() }, 'malformed', 'at most 14 days'],
  ])('refuses %j with the reason', async (request, refusal, reason) => {
    expect(await answerTo(request)).toMatchObject({
      outcome: 'refused',
      refusal,
      reason: expect.stringContaining(reason),
    });
  });

  it('never takes what was not read or is not collected for health', async () => {
    const fleet = pointFleet({ denied: ['web-9'], bare: ['bare-1'] });
    const dead: MemorySource = {
      ...pointFleet(),
      points: () => failing(new SourceError('the role is denied', { reason: 'denied', retryable: false })),
    };

    expect(await answerTo({ host: 'web-9' }, fleet)).toMatchObject({ refusal: 'unreadable' });
    expect(await answerTo({ host: 'bare-1' }, fleet)).toMatchObject({
      refusal: 'not_monitored',
      reason: 'Install the agent.',
    });
    expect(await answerTo({}, dead)).toMatchObject({ refusal: 'unreadable', reason: 'the role is denied' });
  });
});

/** Inspections that a person requests: what they record, how they are narrowed, and how they are answered. */
import { describe, expect, it } from 'vitest';
import { answerRequest } from '../../../core/inspection/answer-request.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import { type InspectionResult, inspectionResultSchema } from '../../../core/model/inspection-result.ts';
import type { InspectionRequest, InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { encoded } from '../../../core/model/notation.ts';
import type { ReadRequest } from '../../../core/ports/memory-source.ts';
import {
  anAccount,
  anAlmostEndedStory,
  anIncident,
  anIncidentKey,
  aResource,
  aTenantConfig,
  HOUR,
  MINUTE,
  NOON,
} from '../../fixtures/builders.ts';
import { aPast } from '../backtest/replays.ts';
import { aMessage, aSource, aWorld, eventsOf, FLAT, inTime, LEAK, ON_DEMAND, REQUEST, SCOPE } from './world.ts';

const run = (ports: InspectionPorts, message: Partial<InspectMessage> = ON_DEMAND, deadline = inTime) =>
  runInspection({ message: aMessage(message), metric: LEAK_METRIC }, ports, deadline);

/** A world that keeps what its source was read for. */
async function aReadWorld() {
  const reads: ReadRequest[] = [];
  const openSource: InspectionPorts['openSource'] = (_tenant, _account, region) => {
    const source = aSource(region, FLAT);
    return {
      ...source,
      read(request, ...rest) {
        reads.push(request);
        return source.read(request, ...rest);
      },
    };
  };
  return { world: await aWorld({ openSource }), reads };
}

describe('an inspection on demand', () => {
  it('records and publishes its leaks, and is no run of the schedule', async () => {
    const world = await aWorld();

    await run(world);

    expect(eventsOf(world)).toEqual(['opened']);
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('ends no incident, and takes no part in the end of one', async () => {
    const world = await aWorld();
    const almostClosed = anIncident({
      key: anIncidentKey({ host: 'i-flat' }),
      asOf: NOON - HOUR,
      story: anAlmostEndedStory(),
    });
    await world.incidents.put(almostClosed, 0);

    await run(world);

    expect(await world.incidents.get(almostClosed.key)).toEqual({ value: almostClosed, version: 1 });
  });

  it('keeps its result for whoever requested it', async () => {
    const world = await aWorld();

    await run(world);

    expect(await world.requests.read(REQUEST)).toMatchObject({
      results: [
        {
          scope: SCOPE,
          outcome: 'complete',
          run: { hosts: { inspected: 2 } },
          findings: [{ host: { id: 'i-leak' }, grade: 'confirmed', unit: '1', asOf: NOON }],
          found: 1,
        },
      ],
    });
  });

  it('gives the stored result to a request that comes again, and reads nothing', async () => {
    const { world, reads } = await aReadWorld();
    await run(world);
    const before = reads.length;

    const again = await run(world);

    expect(again).toMatchObject({ kind: 'inspected', regions: [], results: [{ run: { hosts: { inspected: 1 } } }] });
    expect(reads).toHaveLength(before);
  });

  it('explains to whoever waits why nothing is inspected', async () => {
    const world = await aWorld({}, aTenantConfig({ enabled: false }));

    await run(world, { ...ON_DEMAND, regions: ['eu-west-1'] });

    expect(await world.requests.read(REQUEST)).toMatchObject({
      results: [{ scope: SCOPE, outcome: 'refused', reason: 'tenant acme is disabled', run: null }],
    });
  });

  it.each<[string, Partial<InspectMessage>, object]>([
    ['hosts', { hosts: ['i-0a*', 'i-7'] }, { include: [{ id: 'i-0a*' }, { id: 'i-7' }] }],
    ['a group', { group: 'web-*' }, { include: [{ group: 'web-*' }] }],
    ['hosts of a group', { hosts: ['i-7'], group: 'web' }, { include: [{ id: 'i-7', group: 'web' }] }],
  ])('reads %s alone where these are named', async (_, filter, expected) => {
    const { world, reads } = await aReadWorld();

    await run(world, { ...ON_DEMAND, ...filter });

    expect(reads.map(({ filters }) => filters)).toEqual([[expected]]);
  });

  it('reads the hours that it names instead of those of the policy', async () => {
    const { world, reads } = await aReadWorld();

    await run(world, { ...ON_DEMAND, lookBackHours: 48 });

    expect(reads.map(({ span }) => span.window)).toEqual([{ start: NOON - 48 * HOUR, end: NOON }]);
  });
});

describe('the replay of a past window', () => {
  const FROM = new Date(NOON - 6 * HOUR).toISOString();
  const TO = new Date(NOON).toISOString();
  const REPLAY: Partial<InspectMessage> = { ...ON_DEMAND, from: FROM, to: TO };

  it('lists what would have been notified, and records and publishes nothing', async () => {
    const world = await aWorld();

    await run(world, REPLAY);

    const logged = await world.requests.read(REQUEST);
    expect(logged?.results).toMatchObject([
      {
        outcome: 'complete',
        run: null,
        replay: {
          window: { start: NOON - 6 * HOUR, end: NOON },
          inspections: 7,
          hosts: { replayed: 2 },
          notified: [{ kind: expect.stringMatching(/suspected|opened/), host: { id: 'i-leak' } }],
          notifications: 1,
        },
      },
    ]);
    expect(eventsOf(world)).toEqual([]);
    expect(await Array.fromAsync(world.incidents.open('acme', SCOPE))).toEqual([]);
    expect(await world.runs.newest('acme', SCOPE, 1)).toEqual([]);
  });

  it('lists a host that would have been reported as full, as such', async () => {
    const resource = aResource({ id: 'i-full' });
    const past = aPast(148, (hour) => (hour < -60 || hour > -20 ? 0.6 : 0.94), { resource });
    const world = await aWorld({ openSource: (_tenant, _account, region) => aSource(region, past) });

    await run(world, { ...REPLAY, from: new Date(NOON - 48 * HOUR).toISOString() });

    const about = { finding: 'exhausted', host: { id: 'i-full' } };
    expect((await world.requests.read(REQUEST))?.results).toMatchObject([
      {
        replay: {
          notified: [
            { kind: 'opened', ...about },
            { kind: 'recovered', ...about },
          ],
        },
      },
    ]);
  });

  it('inspects when the schedule was due', async () => {
    const accounts = [anAccount({ schedule: { cron: '0 8,20 * * *', timezone: 'UTC' } })];
    const world = await aWorld({}, aTenantConfig({ accounts }));

    await run(world, REPLAY);

    expect((await world.requests.read(REQUEST))?.results).toMatchObject([{ replay: { inspections: 1 } }]);
  });

  it.each([
    ['no inspection was due', '0 4 * * *', 6, /no inspection of the schedule 0 4 .* was due in this window/],
    ['too many were due', '*/15 * * * *', 24 * 20, /has more than 744 inspections in this window; give a shorter one/],
  ])('is refused where %s', async (_, cron, hours, reason) => {
    const world = await aWorld({}, aTenantConfig({ accounts: [anAccount({ schedule: { cron, timezone: 'UTC' } })] }));

    await run(world, { ...REPLAY, from: new Date(NOON - hours * HOUR).toISOString() });

    expect((await world.requests.read(REQUEST))?.results).toMatchObject([
      { outcome: 'refused', reason: expect.stringMatching(reason), replay: null },
    ]);
  });

  it('ends in time, and states how far it came', async () => {
    const world = await aWorld();

    await run(world, REPLAY, { now: NOON, remainingMs: () => 15_000 });

    expect((await world.requests.read(REQUEST))?.results).toMatchObject([
      { outcome: 'partial', reason: expect.stringMatching(/^time was up: .* Replayed were 1 hosts/) },
    ]);
  });
});

describe('answerRequest', () => {
  const answer = (
    ports: InspectionPorts,
    request: Partial<InspectionRequest> = {},
    deadline = inTime,
  ): Promise<InspectionResult> =>
    answerRequest(
      { request: { version: 1, tenant: 'acme', ...request }, metric: LEAK_METRIC, invocationId: 'invocation-1' },
      ports,
      deadline,
    ).then(({ result }) => result);

  it('inspects all accounts and regions at once, and returns what was found', async () => {
    const result = await answer(await aWorld());

    expect(result).toMatchObject({
      id: 'invocation-1',
      tenant: 'acme',
      outcome: 'complete',
      regions: [{ scope: SCOPE, found: 1, findings: [{ host: { id: 'i-leak' } }] }],
    });
  });

  it('refuses more regions than an answer can hold, and reads none of them', async () => {
    const regions = Array.from({ length: 40 }, (_, index) => `eu-west-${index}`);
    const accounts = Array.from({ length: 100 }, (_, index) => {
      const account = String(100_000_000_000 + index);
      return anAccount({ account, role: `arn:aws:iam::${account}:role/plimsoll-reader`, regions });
    });
    const openSource = () => expect.fail('a region was opened');
    const world = await aWorld({ openSource }, aTenantConfig({ accounts }));

    const result = await answer(world);

    expect(result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/4000 regions of 100 accounts; 3000 are inspected at once/),
    });
  });

  it('returns what reads back as it was, with ISO times', async () => {
    const result = await answer(await aWorld());

    const written = JSON.parse(JSON.stringify(encoded(inspectionResultSchema, result)));

    expect(written.regions[0].findings[0].asOf).toBe('2026-11-20T12:00:00.000Z');
    expect(inspectionResultSchema.parse(written)).toMatchObject({ outcome: 'complete', regions: [{ found: 1 }] });
  });

  it('keeps the result under the id, and gives it back to the same request', async () => {
    const { world, reads } = await aReadWorld();
    const first = await answer(world, { id: 'r-7' });
    const before = reads.length;

    expect(await answer(world, { id: 'r-7' })).toEqual(first);

    expect(reads).toHaveLength(before);
  });

  it.each<[string, Partial<InspectionRequest>, RegExp]>([
    ['an unknown tenant', { tenant: 'nobody' }, /there is no tenant nobody/],
    ['an account of another provider’s function', { provider: 'gcp' }, /^provider: this function inspects .* of aws/],
    ['an unknown region', { regions: ['eu-wst-1'] }, /no account of tenant acme has eu-wst-1/],
  ])('refuses %s with the reason', async (_, request, reason) => {
    expect(await answer(await aWorld(), request)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(reason),
      regions: [],
    });
  });

  it('is partial where a part of the request is unknown, and names that part', async () => {
    const result = await answer(await aWorld(), { regions: ['eu-west-1', 'eu-wst-1'] });

    expect(result).toMatchObject({
      outcome: 'partial',
      setAside: { regions: ['eu-wst-1'] },
      regions: [{ scope: SCOPE }],
    });
  });

  it('leaves regions to a continuation when time is short, and states how to get their results', async () => {
    const regions = ['eu-west-1', 'eu-west-2'];
    const world = await aWorld({}, aTenantConfig({ accounts: [anAccount({ regions })] }));

    const result = await answer(world, { id: 'r-8' }, { now: NOON, remainingMs: () => 1.4 * MINUTE });

    expect(result).toMatchObject({
      outcome: 'partial',
      regions: [
        { outcome: 'complete' },
        { outcome: 'partial', reason: expect.stringMatching(/a continuation inspects it. Request it with the id r-8/) },
      ],
    });
    expect(world.queue.sent).toMatchObject([{ id: 'r-8', regions: ['eu-west-2'], trigger: 'on_demand' }]);
  });

  it('lists no more findings than an answer has room for, and counts them all', async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      ...LEAK,
      resource: { ...LEAK.resource, id: `i-${index}` },
    }));
    const regions = ['eu-west-1', 'eu-west-2'];
    const openSource: InspectionPorts['openSource'] = (_tenant, _account, region) => aSource(region, ...many);
    const world = await aWorld({ openSource }, aTenantConfig({ accounts: [anAccount({ regions })] }));

    const result = await answer(world);

    expect(result.regions.map(({ findings, found }) => [findings.length, found])).toEqual([
      [400, 400],
      [100, 400],
    ]);
    const stored = await world.requests.read({ tenant: 'acme', id: 'invocation-1' });
    expect(stored?.results.map(({ findings, found }) => [findings.length, found])).toEqual([
      [50, 400],
      [50, 400],
    ]);
  });
});

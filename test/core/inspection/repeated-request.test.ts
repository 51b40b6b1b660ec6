/** Requests that are sent again while their inspection is under way, and inspections of the schedule beside them. */
import { describe, expect, it } from 'vitest';
import { answerRequest } from '../../../core/inspection/answer-request.ts';
import type { InspectionPorts } from '../../../core/inspection/inspect-regions.ts';
import { runInspection } from '../../../core/inspection/run-inspection.ts';
import type { InspectMessage } from '../../../core/model/message.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import type { Window } from '../../../core/model/series.ts';
import { UnderWayError } from '../../../core/ports/errors.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aLargeRegion, invocation, type LargeRegion } from './large-region.ts';
import { aMessage, aWorld, SCOPE } from './world.ts';

const FIVE_MINUTES = 300_000;
const HOSTS = 12_096;
const SECONDS = 1000;

/** A region that takes two invocations, and a person who requests it by the same id again and again. */
async function aScene() {
  const clock = { now: NOON };
  const region = aLargeRegion({ clock, hosts: HOSTS, requestMs: 10 * SECONDS });
  const world = await aWorld({ openSource: region.openSource });
  const request = { version: 1, tenant: 'acme', account: SCOPE.account, id: 'my-request' } as const;
  const inspect = (message: InspectMessage) =>
    runInspection({ message, metric: LEAK_METRIC }, world, invocation(clock, FIVE_MINUTES)).catch((error) => {
      // What is under way for others comes again later, when they have finished.
      if (!(error instanceof UnderWayError)) throw error;
    });
  let taken = 0;
  return {
    world,
    region,
    clock,
    inspect,
    async ask() {
      const requested = { request, metric: LEAK_METRIC, invocationId: 'invocation' };
      const { result } = await answerRequest(requested, world, invocation(clock, FIVE_MINUTES));
      return result.regions[0];
    },
    async workThrough() {
      for (let sent = world.queue.sent[taken]; sent !== undefined; sent = world.queue.sent[taken]) {
        taken++;
        await inspect(sent);
      }
    },
  };
}

describe('a request that is sent again while its inspection is under way', () => {
  it.each([
    ['a few seconds', 5 * SECONDS],
    ['an hour', HOUR],
  ])('goes on with the inspection that it began, after %s', async (_, laterMs) => {
    const { region, clock, ask, workThrough } = await aScene();

    const first = await ask();
    clock.now += laterMs;
    await ask();
    await workThrough();
    const last = await ask();

    expect(first).toMatchObject({ outcome: 'partial', reason: expect.stringContaining('6 of 12 shards') });
    expect(last).toMatchObject({
      outcome: 'complete',
      run: { scheduledTime: NOON, hosts: { known: HOSTS, inspected: HOSTS } },
    });
    expect(region.requests()).toBe(48);
  });

  it('leaves one record, which is closed', async () => {
    const { world, clock, ask, workThrough } = await aScene();

    await ask();
    clock.now += 46 * MINUTE;
    await ask();
    await workThrough();

    expect(await Array.fromAsync(world.openRuns.list())).toEqual([]);
  });

  it('changes nothing in the health of the account, which is that of its schedule', async () => {
    const { world, clock, ask, workThrough } = await aScene();

    await ask();
    clock.now += 5 * SECONDS;
    await ask();
    await workThrough();

    expect(await world.health.get('acme', SCOPE)).toBeUndefined();
  });
});

describe('an inspection of the schedule and one on demand', () => {
  it('are complete both, whichever of them is under way when the other begins', async () => {
    const { world, clock, inspect, ask, workThrough } = await aScene();

    await ask();
    clock.now += SECONDS;
    await inspect(aMessage());
    await ask();
    await workThrough();

    expect(await ask()).toMatchObject({ outcome: 'complete' });
    expect(await world.runs.newest('acme', SCOPE, 2)).toMatchObject([{ outcome: 'complete', scheduledTime: NOON }]);
    expect(await world.health.get('acme', SCOPE)).toMatchObject({ value: { slot: NOON, outcome: 'complete' } });
  });
});

describe('a config that changes while an inspection is under way', () => {
  it('leaves the inspection its window', async () => {
    const { world, region, clock, inspect } = await aScene();
    await inspect(aMessage());
    const stored = await world.configs.get('acme');
    if (stored === undefined) throw new Error('there is no tenant');
    const shorter = { ...stored, config: { ...stored.config, policy: { lookBackHours: 20 } } };
    const windows: Window[] = [];
    const later = { ...world, configs: { get: async () => shorter }, openSource: watched(region, windows) };

    await runInspection({ message: aMessage(), metric: LEAK_METRIC }, later, invocation(clock, FIVE_MINUTES));

    expect(windows).toHaveLength(6);
    expect(new Set(windows.map(({ start }) => start))).toEqual(new Set([NOON - 100 * HOUR]));
  });
});

/** The region, and what windows its hosts are read for. */
function watched({ openSource }: LargeRegion, windows: Window[]): InspectionPorts['openSource'] {
  return (...opened) => {
    const source = openSource(...opened);
    const { listing } = source;
    if (listing === undefined) throw new Error('the source lists its hosts');
    return {
      ...source,
      listing: {
        ...listing,
        sourceOf(...hosts) {
          const read = listing.sourceOf(...hosts);
          return {
            ...read,
            read(request, ...rest) {
              windows.push(request.span.window);
              return read.read(request, ...rest);
            },
          };
        },
      },
    };
  };
}

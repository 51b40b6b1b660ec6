/** The adapter and Debian's Prometheus: it keeps its promises there, and each of its requests gets what it gets from the sandbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unauthorised } from '../../../adapters/promql/authorise/none.ts';
import { promqlHttp } from '../../../adapters/promql/http.ts';
import type { PromqlSource } from '../../../adapters/promql/source.ts';
import { promqlSource } from '../../../adapters/promql/source.ts';
import type { Statistic, Window } from '../../../core/model/series.ts';
import { FLEET, HOSTS, readAll, SIX_HOURS, truth } from '../../adapters/promql/worlds.ts';
import { itKeeps } from '../../contract/check.ts';
import { memorySourceChecks } from '../../contract/memory-source.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { ask } from './answers.ts';
import { recordingConnection, startBoth, type TwoServers } from './two-servers.ts';

/** As far back as containers are looked for. */
const WINDOW: Window = { start: NOON - 101 * HOUR, end: NOON + 5 * MINUTE };

let servers: TwoServers;

beforeAll(async () => {
  const empty = { account: 'prom', machines: [], nodes: [], containers: [], kubeStateMetrics: true };
  servers = await startBoth({ ...empty, ...FLEET }, WINDOW);
});
afterAll(() => servers?.[Symbol.asyncDispose]());

function openReal(): PromqlSource {
  const connection = { url: new URL(servers.real), authorise: unauthorised, http: promqlHttp() };
  return promqlSource({ account: 'prom', connection, now: () => NOON });
}

describe('Debian’s Prometheus as a memory source', () => {
  itKeeps(memorySourceChecks, async () => ({
    open: openReal,
    span: SIX_HOURS,
    hosts: HOSTS,
    inventoryCalls: ['query'],
    billed: 0,
    known: { id: '10.0.0.1:9100', truth },
  }));
});

describe('a request of the adapter', () => {
  it('gets the same answer from both servers', async () => {
    const { connection, requests } = recordingConnection(servers.sandbox);
    await useAll(promqlSource({ account: 'prom', connection, now: () => NOON }));

    expect(requests().length).toBeGreaterThan(20);
    for (const request of requests()) {
      const [ours, theirs] = await Promise.all([servers.sandbox, servers.real].map((url) => ask(url, request)));
      expect(ours, `${request.path} ${decodeURIComponent(request.form)}`).toEqual(theirs);
    }
  });
});

const STATISTICS: readonly Statistic[] = ['minimum', 'average', 'maximum'];
const SOME = [{ include: [{ id: '10.0.0.1:9100' }, { id: 'shop/checkout/api' }] }];

/** All that the adapter offers. */
async function useAll(source: PromqlSource): Promise<void> {
  const meter = { count: () => undefined };
  await source.facts(meter);
  await source.countHosts([], meter);
  for (const statistic of STATISTICS) {
    const span = { ...SIX_HOURS, statistic };
    const { readings } = await readAll(source, { span, includeGone: true });
    await readAll(source, { span, filters: SOME });
    for (const reading of readings) {
      if (reading.kind !== 'series') continue;
      const consumers = {
        window: { start: NOON - 6 * HOUR, end: NOON },
        periodMs: 15 * MINUTE,
        statistic: 'average',
      } as const;
      await Array.fromAsync(source.consumers(reading.resource, consumers, meter));
    }
  }
}

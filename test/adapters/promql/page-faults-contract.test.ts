/** Page faults in Prometheus held to the promises of page faults, over the real client and the sandbox. */
import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import type { Resource } from '../../../core/model/series.ts';
import type { Publication } from '../../../sandbox/prometheus/world.ts';
import { describePageFaults } from '../../contract/page-faults.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries } from '../../sandbox/prometheus/servers.ts';
import { FOREVER } from '../../sandbox/small-fleets.ts';
import { ALWAYS, aMachine, readAll, type Server, sourceOf, startServer } from './worlds.ts';

const SPAN = { window: { start: NOON - 24 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;
const GAP = { start: NOON - 5 * HOUR, end: NOON - 4 * HOUR };

async function hostsOf(server: Server): Promise<Resource[]> {
  const { readings } = await readAll(sourceOf(server));
  return readings.flatMap((one) => (one.kind === 'series' ? [one.resource] : []));
}

async function aWorld(publishes: Publication) {
  const reports = [
    { ...ALWAYS, end: GAP.start },
    { start: GAP.end, end: FOREVER },
  ];
  const thrashing = aMachine({ publishes, reports, majorFaults: () => 120 });
  const server = await startServer({
    machines: [thrashing, aMachine({ publishes, name: 'bare', address: '10.0.0.2' })],
  });
  const hosts = await hostsOf(server);
  const isBare = ({ id }: Resource) => id === 'bare' || id.startsWith('10.0.0.2:');
  const [host, bare] = [hosts.find((one) => !isBare(one)), hosts.find(isBare)];
  if (host === undefined || bare === undefined) throw new Error('the server lacks a host');
  return { open: () => sourceOf(server), span: SPAN, host, truth: 120, gap: GAP, bare };
}

describePageFaults('a machine with node_exporter', () => aWorld('node_exporter'));

describe('the page faults of a machine', () => {
  async function read(server: Server, change: Partial<Resource> = {}) {
    const [host] = await hostsOf(server);
    if (host === undefined) throw new Error('the server has no host');
    return await sourceOf(server).pageFaults?.({ ...host, ...change }, SPAN, createMeter());
  }

  it.each(['opentelemetry', 'opentelemetry_utf8'] as const)(
    'are counted by the collector too (%s)',
    async (publishes) => {
      const { open, host, truth } = await aWorld(publishes);

      const reading = await open().pageFaults?.(host, SPAN, createMeter());

      expect(reading?.kind === 'points' && reading.values[0]).toBeCloseTo(truth, 0);
    },
  );

  it('are not counted of windows_exporter, whose memory is another one, and of a container', async () => {
    const windows = await startServer({ machines: [aMachine({ publishes: 'windows_exporter' })] });
    const linux = await startServer({ machines: [aMachine({ majorFaults: () => 5 })] });

    expect(await read(windows)).toMatchObject({ kind: 'not_monitored', reason: 'not_reported' });
    expect(await read(linux, { kind: 'container' })).toMatchObject({ hint: expect.stringContaining('the node') });
  });

  it('are none where a series does not state their type', async () => {
    const untyped = aSeries('system_paging_faults_total{instance="10.0.0.1:9100"}', (time) => time);
    const server = await startServer({ machines: [aMachine()], series: [untyped] });

    expect(await read(server)).toMatchObject({ kind: 'not_monitored' });
  });

  it('are unreadable where there are more than a machine can have, and where the server fails', async () => {
    const wrong = await startServer({ machines: [aMachine({ majorFaults: () => 1e9 })] });
    const server = await startServer({ machines: [aMachine({ majorFaults: () => 5 })] });
    const [host] = await hostsOf(server);
    server.inject({ service: 'prometheus', action: 'query_range', kind: 'denied' });

    expect(await read(wrong)).toMatchObject({ kind: 'unreadable', reason: 'malformed' });
    expect(host && (await sourceOf(server).pageFaults?.(host, SPAN, createMeter()))).toMatchObject({
      kind: 'unreadable',
      reason: 'denied',
    });
  });
});

/** Swap in Prometheus held to the promises of swap, over the real client and the sandbox. */
import type { Resource } from '../../../core/model/series.ts';
import { describeSwap } from '../../contract/swap.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aMachine, GIB, readAll, sourceOf, startServer } from './worlds.ts';

const SPAN = { window: { start: NOON - 24 * HOUR, end: NOON }, periodMs: 15 * MINUTE, statistic: 'average' } as const;

describeSwap('a machine with node_exporter', async () => {
  const swapping = aMachine({ swap: { bytes: 4 * GIB, used: () => 0.25 } });
  const server = await startServer({ machines: [swapping, aMachine({ name: 'bare', address: '10.0.0.2' })] });
  const { readings } = await readAll(sourceOf(server));
  const of = (id: string): Resource => {
    const found = readings.find((one) => one.kind === 'series' && one.resource.id === id);
    if (found?.kind !== 'series') throw new Error(`the server has no ${id}`);
    return found.resource;
  };
  const [host, bare] = [of('10.0.0.1:9100'), of('10.0.0.2:9100')];
  return { open: () => sourceOf(server), span: SPAN, host, bare, truth: GIB, unit: 'By', capacity: 8 * GIB };
});

/** Page faults of hosts that send held to the promises of page faults. */
import { describe, expect, it } from 'vitest';
import { otlpSource } from '../../../adapters/otlp/source.ts';
import { NO_REGION, PAGING_FAULTS, type Resource } from '../../../core/model/series.ts';
import { describePageFaults } from '../../contract/page-faults.ts';
import { createMemorySampleStore } from '../../memory/sample-store.ts';
import { END, HOUR, MINUTE, minutesTo, OF, send, seriesOf } from './worlds.ts';

const SPAN = { window: { start: END - 12 * HOUR, end: END }, periodMs: 15 * MINUTE, statistic: 'average' } as const;
const hostOf = (id: string): Resource => ({ provider: 'otlp', account: OF.account, region: NO_REGION, id });

/** Minutes before the end; the host is not seen for an hour, and started again in it. */
const SEEN = [...minutesTo(750, 300), ...minutesTo(240)];
const countedAt = (minute: number) => 120 * 60 * (minute > 240 ? 800 - minute : 245 - minute);

describePageFaults('a host that sends', async () => {
  const store = createMemorySampleStore();
  const series = [
    seriesOf('web-1', SEEN, countedAt, { metric: PAGING_FAULTS }),
    seriesOf('web-1', SEEN, () => 1e9),
    seriesOf('bare', SEEN, () => 1e9),
  ];
  await send(store, [{ id: 'web-1' }, { id: 'bare' }], series);
  const gap = { start: END - 300 * MINUTE, end: END - 240 * MINUTE };
  const open = () => otlpSource({ ...OF, store });
  return { open, span: SPAN, host: hostOf('web-1'), truth: 120, gap, bare: hostOf('bare') };
});

describe('the page faults and the swap of hosts that send', () => {
  it('are read once for all of them', async () => {
    const store = createMemorySampleStore();
    await send(store, [{ id: 'web-1' }], [seriesOf('web-1', [20, 16], () => 7, { metric: PAGING_FAULTS })]);
    let calls = 0;
    const meter = { count: () => calls++ };
    const source = otlpSource({ ...OF, store });

    const reads = [
      await source.swap(hostOf('web-1'), SPAN, meter),
      await source.pageFaults(hostOf('web-1'), SPAN, meter),
      await source.pageFaults(hostOf('web-2'), SPAN, meter),
    ];

    expect(reads.map(({ kind }) => kind)).toEqual(['not_monitored', 'points', 'not_monitored']);
    expect(calls).toBe(1);
  });
});

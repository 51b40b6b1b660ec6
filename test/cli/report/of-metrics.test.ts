import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../cli/exit-code.ts';
import { run } from '../../../cli/main.ts';
import { composeReport } from '../../../cli/report/compose.ts';
import { reportOfMetrics } from '../../../cli/report/of-metrics.ts';
import { anomalyViewSchema } from '../../../core/model/anomaly-view.ts';
import { CPU, DISK, FLEET, fleetSelection, pointFleet } from '../../fixtures/point-fleet.ts';
import { aContext } from '../a-context.ts';

function reported(fleet: Parameters<typeof pointFleet>[0] = {}) {
  const openDemo = async () => fleetSelection(pointFleet(fleet));
  return reportOfMetrics({ demo: true, metric: [CPU, DISK] }, { ...aContext().context, openDemo });
}

describe('the report about metrics', () => {
  it('has the picture of each host and part with an anomaly, and what is not known', async () => {
    const { metrics, gaps, code } = await reported({ bare: ['bare-1'] });

    expect(metrics.map((view) => `${view.host.id} ${view.part}`).toSorted()).toEqual([
      'db-1 mountpoint=/var',
      'web-2 ',
    ]);
    for (const view of metrics) expect(anomalyViewSchema.safeParse(view).error).toBeUndefined();
    expect(gaps).toContain('bare-1 CPU: not monitored, it has never been reported (Install the agent.)');
    expect(code).toBe(EXIT.findings);
  });

  it('is partial where something could not be read, and clean where nothing is anomalous', async () => {
    const healthy = { fleet: { 'web-1': FLEET['web-1'] ?? {} } };

    expect(await reported({ ...healthy, denied: ['web-9'] })).toMatchObject({ code: EXIT.partial, metrics: [] });
    expect(await reported(healthy)).toMatchObject({ code: EXIT.clean, metrics: [], gaps: [] });
  });

  it('has no character of a part that begins a tag', async () => {
    const { code, ...data } = await reported({
      fleet: { '<b>': { [DISK]: { '</script>': FLEET['db-1']?.[DISK]?.['/var'] ?? (() => 0) } } },
    });
    const stamps = { madeAt: '2026-11-20T12:00:00.000Z', asOf: '2026-11-20T12:00:00.000Z', version: '1.0.0' };

    const html = composeReport('<body></body>', { ...data, ...stamps });

    expect(code).toBe(EXIT.findings);
    expect(html.match(/<\/?script/g)).toEqual(['<script', '</script']);
  });

  it.each([
    [['checkout-1', '--metric', CPU], 'no incident or run'],
    [['--demo', '--from', '2026-11-19'], 'add --metric NAME'],
  ])('refuses %j', async (options, message) => {
    const { context, err } = aContext();

    const code = await run(['report', '-o', '/dev/null', ...options], context);

    expect(code).toBe(1);
    expect(err()).toContain(message);
  });
});

/** The sandbox's Azure keeps the limits of the real one, as its real clients meet them. */
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { LogsQueryClient, MetricsClient } from '@azure/monitor-query';
import { describe, expect, it } from 'vitest';
import { ORIGINAL_HOST } from '../../../adapters/azure/loopback.ts';
import { listResources } from '../../../sandbox/azure/resource-graph.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Host } from '../../../sandbox/scenario/fleet.ts';
import {
  aMachine,
  aNode,
  idOf,
  machines,
  REGION,
  SIX_HOURS,
  SUBSCRIPTION,
  startFleet,
  WORKSPACE,
} from '../../adapters/azure-monitor/worlds.ts';
import { NOON } from '../../fixtures/builders.ts';
import { aFleet } from '../small-fleets.ts';

const MACHINES = 'Microsoft.Compute/virtualMachines';
const PERCENTAGE = ['Available Memory Percentage'];

const OPTIONS = {
  startTime: new Date(SIX_HOURS.window.start),
  endTime: new Date(SIX_HOURS.window.end),
  interval: 'PT15M',
  aggregation: 'maximum',
};

function metricsOf({ azure }: Sandbox, region = REGION): MetricsClient {
  const { credential, httpClient } = azure.connection;
  return new MetricsClient(`https://${region}.metrics.monitor.azure.com`, credential, {
    ...(httpClient && { httpClient }),
    retryOptions: { maxRetries: 0 },
  });
}

describe('metrics:getBatch of the sandbox', () => {
  it('takes fifty resources and no more', async () => {
    const sandbox = await startFleet(...machines(51));
    const ids = Array.from({ length: 51 }, (_, index) => idOf(`vm-${index}`));
    const metrics = metricsOf(sandbox);

    const fifty = await metrics.queryResources(ids.slice(1), PERCENTAGE, MACHINES, OPTIONS);

    expect(fifty).toHaveLength(50);
    await expect(metrics.queryResources(ids, PERCENTAGE, MACHINES, OPTIONS)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('gives a time for every period, and a value where there are samples', async () => {
    const sandbox = await startFleet(aMachine({ name: 'vm', reports: [{ start: NOON - 3_600_000, end: NOON }] }));

    const [result] = await metricsOf(sandbox).queryResources([idOf('vm')], PERCENTAGE, MACHINES, OPTIONS);

    const data = result?.metrics[0]?.timeseries[0]?.data ?? [];
    expect(data).toHaveLength(24);
    expect(data.filter(({ maximum }) => maximum !== undefined)).toHaveLength(4);
    expect(data.every(({ minimum, average }) => minimum === undefined && average === undefined)).toBe(true);
  });

  it.each([
    ['of another region', { region: 'northeurope' }, {}],
    ['of another kind', { kind: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines' }, {}],
    ['by a filter, which would limit the answer', {}, { filter: "VMName eq '*'" }],
    ['in a grain that there is none of', {}, { interval: 'PT7M' }],
  ])(
    'refuses a request for a machine %s',
    async (_, { region, kind = MACHINES }: { region?: string; kind?: string }, options) => {
      const sandbox = await startFleet(aMachine({ name: 'vm' }));

      const requested = metricsOf(sandbox, region).queryResources([idOf('vm')], PERCENTAGE, kind, {
        ...OPTIONS,
        ...options,
      });

      await expect(requested).rejects.toMatchObject({ name: 'RestError', statusCode: expect.toBeOneOf([400, 404]) });
    },
  );

  it('does not have a metric that Azure has not', async () => {
    const sandbox = await startFleet(aMachine({ name: 'vm' }));

    const requested = metricsOf(sandbox).queryResources([idOf('vm')], ['Used Memory'], MACHINES, OPTIONS);

    await expect(requested).rejects.toThrow('Failed to find metric configuration');
  });
});

describe('Resource Graph of the sandbox', () => {
  it('gives a thousand rows at once, and a token for the rest', () => {
    const context = { fleet: aFleet(...machines(1_001)), now: NOON, fault: undefined };
    const ask = (token?: string) => {
      const options = { $top: 1_000, resultFormat: 'objectArray', ...(token && { $skipToken: token }) };
      const query = 'resources | where location =~ "westeurope" | project id';
      const body = JSON.stringify({ subscriptions: [SUBSCRIPTION], query, options });
      const url = new URL('https://management.azure.com');
      return Object(listResources({ action: 'resources', subscription: SUBSCRIPTION, region: '', url, body }, context));
    };

    const first = ask();
    const second = ask(first.$skipToken);

    expect(first).toMatchObject({ totalRecords: 1_001, count: 1_000 });
    expect(second).toMatchObject({ totalRecords: 1_001, count: 1 });
    expect(second.$skipToken).toBeUndefined();
  });
});

describe('the logs of the sandbox', () => {
  function logsOf({ azure }: Sandbox): LogsQueryClient {
    const { credential, httpClient } = azure.connection;
    return new LogsQueryClient(credential, { ...(httpClient && { httpClient }), retryOptions: { maxRetries: 0 } });
  }
  const span = { startTime: OPTIONS.startTime, endTime: OPTIONS.endTime };

  it.each([
    ['a string that is not ended', 'Perf | where Computer == "a'],
    ['a table that it does not have', 'Heartbeat | project Computer'],
    ['a sign that nobody knows', 'Perf | where Computer == #a'],
    ['an operator that it does not compute', 'Perf | sample 5'],
  ])('refuse a query with %s', async (_, query) => {
    const sandbox = await startFleet(aNode(1));

    await expect(logsOf(sandbox).queryWorkspace(WORKSPACE, query, span)).rejects.toMatchObject({ statusCode: 400 });
  });

  async function rowsOf(query: string, ...hosts: readonly Host[]): Promise<unknown[][]> {
    const result = await logsOf(await startFleet(...hosts)).queryWorkspace(WORKSPACE, query, span);
    if (result.status !== 'Success') throw new Error(result.partialError.message);
    return result.tables[0]?.rows ?? [];
  }

  it('keep the records that pass every condition', async () => {
    const query =
      'Perf | where Computer =~ "A" or (Computer == "c" and ObjectName == "x") ' +
      '| where CounterName == "Used Memory kBytes" and InstanceName !in ("sshd", "app", "total") ' +
      '| summarize n = count_distinct(TimeGenerated) by Computer, InstanceName | order by InstanceName asc';

    const rows = await rowsOf(query, aMachine({ name: 'a' }), aMachine({ name: 'b' }));

    expect(rows.map(([computer, instance]) => `${computer} ${instance}`)).toEqual(
      ['containerd', 'dockerd', 'redis-server', 'systemd-journald'].map((name) => `a ${name}`),
    );
  });

  it('hold kilobytes on Linux, and on Windows bytes, numbered processes and a total', async () => {
    const query = (more: string) =>
      `Perf | where ObjectName == "Process" and ${more} | summarize n = countif(CounterValue > 0) by Computer, InstanceName`;
    const hosts = [aMachine({ name: 'w', naming: 'windows' }), aMachine({ name: 'l' })] as const;

    const linux = await rowsOf(query('CounterName == "Used Memory kBytes"'), ...hosts);
    const windows = await rowsOf(query('CounterName == "Working Set"'), ...hosts);

    expect(new Set(linux.map(([computer]) => computer))).toEqual(new Set(['l']));
    expect(new Set(windows.map(([computer]) => computer))).toEqual(new Set(['w']));
    expect(windows.map(([, instance]) => instance)).toEqual(expect.arrayContaining(['_Total', 'Idle', 'redis-server']));
    expect(windows.filter(([, instance]) => String(instance).includes('#'))).not.toEqual([]);
  });
});

describe('any other address of the sandbox’s Azure', () => {
  it('does not exist', async () => {
    const { azure } = await startFleet();
    const request = createPipelineRequest({
      url: `${azure.endpoint}/subscriptions`,
      allowInsecureConnection: true,
      headers: createHttpHeaders({ [ORIGINAL_HOST]: 'management.azure.com' }),
    });

    const { status } = await createDefaultHttpClient().sendRequest(request);

    expect(status).toBe(404);
  });
});

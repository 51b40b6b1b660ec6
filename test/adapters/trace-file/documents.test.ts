/** JSON documents of other tools, read as they are. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { surveyTraces } from '../../../adapters/trace-file/survey.ts';
import type { Reading } from '../../../core/model/series.ts';
import { iso, LAST_HOUR, readText, readWith, samplesOf, write } from './files.ts';

const { start } = LAST_HOUR.window;

function hostsOf(readings: readonly Reading[]): unknown[] {
  return readings.map((reading) =>
    reading.kind === 'series'
      ? [reading.resource.id, samplesOf(reading)]
      : reading.kind === 'unreadable' && reading.detail,
  );
}

const percents = (label: string, id: string, values: readonly number[]) => ({
  Id: id,
  Label: label,
  Timestamps: values.map((_, index) => iso(index * 5).replace('.000Z', '+00:00')),
  Values: values,
  StatusCode: 'Complete',
});

const METRIC_DATA = { MetricDataResults: [percents('mem_used_percent', 'm1', [30, 40])], Messages: [] };

const STATISTICS = {
  Label: 'mem_used_percent',
  Datapoints: [
    { Timestamp: iso(5), Average: 40, Unit: 'Percent' },
    { Timestamp: iso(0), Average: 30, Unit: 'Percent' },
  ],
};

const azure = (name: string, unit: string, values: readonly (number | null)[]) => ({
  cost: 59,
  interval: '0:05:00',
  namespace: 'Microsoft.Compute/virtualMachines',
  timespan: `${iso(0)}/${iso(60)}`,
  value: [
    {
      id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web-1/providers/Microsoft.Insights/metrics/${name}`,
      name: { value: name, localizedValue: name },
      unit,
      timeseries: [
        {
          data: values.map((average, index) => ({ timeStamp: iso(index * 5), average, maximum: null })),
          metadatavalues: [],
        },
      ],
    },
  ],
});

const prometheus = (result: readonly { metric: Record<string, string>; values: readonly string[] }[]) => ({
  status: 'success',
  data: {
    resultType: 'matrix',
    result: result.map(({ metric, values }) => ({
      metric,
      values: values.map((value, index) => [start / 1000 + index * 300, value]),
    })),
  },
});

const sadf = (memory: readonly object[], timestamp: object = { utc: 1 }) => ({
  sysstat: {
    hosts: [
      {
        nodename: 'web-1',
        statistics: memory.map((one, index) => ({
          timestamp: { date: '2026-11-20', time: `11:0${index * 5}:00`, ...timestamp, interval: 300 },
          memory: one,
        })),
      },
    ],
  },
});

const GIB_IN_KIB = 1024 * 1024;

describe('documents', () => {
  it.each<[string, object, readonly unknown[]]>([
    [
      'aws cloudwatch get-metric-data',
      METRIC_DATA,
      [
        'file',
        [
          [0, 0.3],
          [5, 0.4],
        ],
      ],
    ],
    [
      'get-metric-data with a query for its results',
      METRIC_DATA.MetricDataResults,
      [
        'file',
        [
          [0, 0.3],
          [5, 0.4],
        ],
      ],
    ],
    [
      'one result of get-metric-data',
      percents('mem_used_percent', 'm1', [30, 40]),
      [
        'file',
        [
          [0, 0.3],
          [5, 0.4],
        ],
      ],
    ],
    [
      'aws cloudwatch get-metric-statistics',
      STATISTICS,
      [
        'file',
        [
          [0, 0.3],
          [5, 0.4],
        ],
      ],
    ],
    [
      'az monitor metrics list, of which available memory is turned into used',
      azure('Available Memory Percentage', 'Percent', [75, null, 50]),
      [
        'web-1',
        [
          [0, 0.25],
          [10, 0.5],
        ],
      ],
    ],
    [
      'Prometheus, whose shares are fractions',
      prometheus([{ metric: { instance: 'web-1:9100', job: 'node' }, values: ['0.25', 'NaN', '0.5'] }]),
      [
        'web-1:9100',
        [
          [0, 0.25],
          [10, 0.5],
        ],
      ],
    ],
    [
      'sadf -j, without the page cache',
      sadf([
        {
          memfree: GIB_IN_KIB,
          avail: 3 * GIB_IN_KIB,
          memused: 3 * GIB_IN_KIB,
          'memused-percent': 75,
          buffers: 0,
          cached: 2 * GIB_IN_KIB,
        },
      ]),
      ['web-1', [[0, 0.25]]],
    ],
    [
      'sadf -j of a sysstat that knows no available memory',
      sadf([
        { memfree: GIB_IN_KIB, memused: 3 * GIB_IN_KIB, 'memused-percent': 75, buffers: 0, cached: 2 * GIB_IN_KIB },
      ]),
      ['web-1', [[0, 0.25]]],
    ],
    [
      'sadf -j of a new sysstat, whose used memory is what is not available',
      sadf([{ memfree: 1, avail: 3 * GIB_IN_KIB, memused: GIB_IN_KIB, 'memused-percent': 25 }], { tz: 'UTC' }),
      ['web-1', [[0, 0.25]]],
    ],
  ])('of %s are read on one line, on many and gzipped', async (_, json, host) => {
    expect(hostsOf(await readText('file.json', JSON.stringify(json)))).toEqual([host]);
    expect(hostsOf(await readText('file.json', JSON.stringify(json, null, 4)))).toEqual([host]);
    expect(hostsOf(await readText('file.json.gz', gzipSync(JSON.stringify(json, null, 4))))).toEqual([host]);
  });

  it('may stand one a line in one file', async () => {
    const lines = ['web-1', 'web-2'].map((host) =>
      JSON.stringify(prometheus([{ metric: { instance: host }, values: ['0.25'] }])),
    );

    expect(hostsOf(await readText('x.json', lines.join('\n')))).toEqual([
      ['web-1', [[0, 0.25]]],
      ['web-2', [[0, 0.25]]],
    ]);
  });

  it('name hosts by the labels of CloudWatch where these are distinct, else by ids', async () => {
    const byLabel = [percents('i-1', 'a', [30]), percents('i-2', 'b', [40])];
    const byId = [percents('mem_used_percent', 'a', [30]), percents('mem_used_percent', 'b', [40])];

    expect(hostsOf(await readText('x.json', JSON.stringify({ MetricDataResults: byLabel })))).toEqual([
      ['i-1', [[0, 0.3]]],
      ['i-2', [[0, 0.4]]],
    ]);
    expect(hostsOf(await readText('x.json', JSON.stringify({ MetricDataResults: byId })))).toEqual([
      ['a', [[0, 0.3]]],
      ['b', [[0, 0.4]]],
    ]);
  });

  it('that CloudWatch has not completed are read, and reported as incomplete', async () => {
    const partial = { MetricDataResults: [{ ...percents('i-1', 'a', [30]), StatusCode: 'PartialData' }] };

    expect(hostsOf(await readText('x.json', JSON.stringify(partial)))).toEqual([
      expect.stringMatching(/its StatusCode is not Complete: some of its samples are missing \(PartialData\)/),
      ['i-1', [[0, 0.3]]],
    ]);
  });

  it('of available bytes need the memory of the machine, and a remark states how they are read', async () => {
    const text = JSON.stringify(azure('Available Memory Bytes', 'Bytes', [2 ** 30]));

    const [refused] = await readText('x.json', text);
    const [read] = await readWith({ capacity: 4 * 2 ** 30 }, 'y.json', text);
    const { remarks } = await surveyTraces(await write({ 'y.json': text }));

    expect(refused).toMatchObject({ kind: 'unreadable', detail: expect.stringMatching(/add --capacity/) });
    expect(read).toMatchObject({ limit: 4 * 2 ** 30 });
    expect(samplesOf(read)).toEqual([[0, 3 * 2 ** 30]]);
    expect(remarks).toEqual(['y.json: Available Memory Bytes is read as available memory: what is used is the rest.']);
  });

  it('of Prometheus take the size of a host from its series of totals', async () => {
    const metric = (name: string) => ({ __name__: name, instance: 'web-1' });
    const result = [
      { metric: metric('node_memory_MemTotal_bytes'), values: ['4000000000'] },
      { metric: metric('node_memory_MemAvailable_bytes'), values: ['1000000000'] },
    ];

    const [reading] = await readText('x.json', JSON.stringify(prometheus(result)));

    expect(reading).toMatchObject({ unit: 'By', limit: 4e9 });
    expect(samplesOf(reading)).toEqual([[0, 3e9]]);
  });

  it('of Prometheus name series of one host by all their labels', async () => {
    const result = ['a', 'b'].map((pod) => ({ metric: { instance: 'web-1', pod }, values: ['0.5'] }));

    expect(hostsOf(await readText('x.json', JSON.stringify(prometheus(result))))).toMatchObject([
      ['instance=web-1,pod=a', [[0, 0.5]]],
      ['instance=web-1,pod=b', [[0, 0.5]]],
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'of another kind',
      { Metrics: [], Next: 1 },
      /one JSON document with the fields Metrics, Next; it is none of those that are read .*--provider/,
    ],
    ['in a list', [{ a: 1 }], /a list: NDJSON has one object a line/],
    [
      'of an instant query',
      { status: 'success', data: { resultType: 'vector', result: [] } },
      /a vector and not a matrix: query a range/,
    ],
    ['of a query that failed', { status: 'error', error: 'out of bounds' }, /the query failed: out of bounds/],
    ['of other metrics', azure('Percentage CPU', 'Percent', [1]), /it holds no memory \(Percentage CPU\)/],
    ['of sadf without memory', { sysstat: { hosts: [{ nodename: 'a', statistics: [{}] }] } }, /sadf -j FILE -- -r/],
    ['of a form that changed', { MetricDataResults: 5 }, /aws cloudwatch get-metric-data, and cannot be read/],
  ])('%s are refused in one sentence, on one line or many', async (_, json, sentence) => {
    await expect(readText('x.json', JSON.stringify(json, null, 2))).rejects.toThrow(sentence);
    await expect(readText('x.json', JSON.stringify(json))).rejects.toThrow(sentence);
  });

  it('that end too early are reported as such', async () => {
    const text = JSON.stringify(METRIC_DATA, null, 4).slice(0, -20);

    await expect(readText('x.json', text)).rejects.toThrow(/it begins like a JSON document and is none/);
  });
});

describe('documents of CloudWatch', () => {
  it.each<[string, object]>([
    ['CPUUtilization', { MetricDataResults: [percents('CPUUtilization', 'm1', [30, 40])] }],
    ['i-0a CPUUtilization', percents('i-0a CPUUtilization', 'm1', [30, 40])],
    ['disk_used_percent', percents('disk_used_percent', 'm1', [30, 40])],
    ['NetworkPacketsOut', percents('NetworkPacketsOut', 'm1', [30, 40])],
    ['swap_used_percent', { ...STATISTICS, Label: 'swap_used_percent' }],
    ['i-0b', percents('i-0b', 'cpu1', [30, 40])],
  ])('are refused where they hold another metric than memory, as %s', async (name, document) => {
    await expect(readText('file.json', JSON.stringify(document, null, 1))).rejects.toThrow(
      `it holds no memory (${name}); query the metric mem_used_percent`,
    );
  });

  it('are read for the results of memory beside others, and for hosts with names like disk-server-1', async () => {
    const MetricDataResults = [
      percents('CPUUtilization', 'c1', [30]),
      percents('disk-server-1', 'm1', [30]),
      percents('cache-2', 'm2', [40]),
    ];

    expect(hostsOf(await readText('file.json', JSON.stringify({ MetricDataResults }, null, 1)))).toEqual([
      ['disk-server-1', [[0, 0.3]]],
      ['cache-2', [[0, 0.4]]],
    ]);
  });

  it('have no use for a result whose times and values differ in number', async () => {
    const MetricDataResults = [
      { ...percents('web-1', 'm1', [30, 40, 50]), Values: [30, 40] },
      percents('web-2', 'm2', [30]),
    ];

    const readings = await readText('file.json', JSON.stringify({ MetricDataResults }, null, 1));

    expect(readings).toMatchObject([{ kind: 'unreadable', scope: { id: 'web-1' } }, { resource: { id: 'web-2' } }]);
    expect(hostsOf(readings)[0]).toBe('its Timestamps and Values differ in number (3 and 2)');
  });
});

describe('a document of Prometheus', () => {
  it('has a doubtful unit where nearly all of its values are fractions', async () => {
    const values = [...Array<string>(30).fill('0.4'), '1.2'];

    const readings = await readText('file.json', JSON.stringify(prometheus([{ metric: { host: 'web-1' }, values }])));

    expect(hostsOf(readings)).toEqual([expect.stringContaining('30 of its 31 values are from 0.4 to 0.4: add --unit')]);
  });
});

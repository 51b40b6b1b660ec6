/** The memory of any host of the bench's fleet, as its cloud would hold it: a leak with its processes and its group, evaluated when it is read. */

import { attribute } from '../core/detector/attribute.ts';
import { detect } from '../core/detector/detect.ts';
import { composeHostMemory } from '../core/inspection/compose-host-memory.ts';
import type { HostReadRequest } from '../core/model/host-memory.ts';
import type { Evaluated } from '../core/model/inspected-host.ts';
import { refusedPoints } from '../core/model/point-read.ts';
import { DEFAULT_POLICY } from '../core/model/policy.ts';
import { MEMORY_UTILIZATION, PROCESS_MEMORY, type Resource, type Series } from '../core/model/series.ts';
import type { HostReader } from '../core/ports/host-reader.ts';

const HOUR = 3_600_000;
const PERIOD = HOUR / 4;
const HOURS = 100;
const CAPACITY = 16 * 2 ** 30;

/** As many as an inspect function reads beside the host. */
const SIBLINGS = 12;
const PROCESSES = 40;

const BEGAN_HOURS = 34;
const GROWTH_PER_HOUR = 0.0105;

export const madeHosts: HostReader = {
  async read(request) {
    return { version: 1, outcome: 'read', memory: memoryOf(request) };
  },
  readPoints: async () => refusedPoints('not_monitored', 'made hosts have a memory and nothing else.'),
};

function memoryOf({ provider, account, region, host: id, group = 'made', to, lookbackHours = HOURS }: HostReadRequest) {
  const end = Math.floor(Date.parse(to) / PERIOD) * PERIOD;
  const window = { start: end - lookbackHours * HOUR, end };
  const resource: Resource = { provider, account, region, id, group };
  const series = seriesOf(resource, window, { base: 0.43, growth: GROWTH_PER_HOUR });
  const inspected = evaluated(series);
  const consumers = Array.from({ length: PROCESSES }, (_, index) => processOf(series, index));
  const { verdict } = inspected;
  const whoGrew = verdict.state === 'leaking' && {
    attribution: attribute(series, verdict.evidence, consumers),
    unread: undefined,
    consumers,
  };
  const siblings = Array.from({ length: SIBLINGS }, (_, index) =>
    evaluated(seriesOf({ ...resource, id: `${id}-${index}` }, window, { base: 0.3 + 0.02 * index, growth: 0 })),
  );
  const span = { window, periodMs: PERIOD, statistic: 'minimum' } as const;
  return composeHostMemory(
    {
      kind: 'read',
      resource,
      inspected,
      whoGrew: whoGrew || undefined,
      siblings,
      siblingCount: siblings.length,
      failures: [],
    },
    {
      policy: DEFAULT_POLICY,
      metric: MEMORY_UTILIZATION,
      spans: { evaluated: span, shown: span },
      readAt: Date.parse(to),
      spent: { calls: { GetMetricData: 4 }, metricsBilled: 4 },
      price: undefined,
    },
  );
}

interface Course {
  readonly base: number;
  /** Share of the memory an hour, from `BEGAN_HOURS` before the end on. */
  readonly growth: number;
}

function seriesOf(resource: Resource, window: Series['window'], { base, growth }: Course): Series {
  const length = (window.end - window.start) / PERIOD;
  const times = Float64Array.from({ length }, (_, index) => window.start + index * PERIOD);
  const began = window.end - BEGAN_HOURS * HOUR;
  const values = times.map((at) => {
    const grown = Math.max(0, (at - began) / HOUR) * growth;
    return base + grown + 0.012 * Math.sin((2 * Math.PI * at) / (24 * HOUR)) + 0.003 * Math.sin(at / PERIOD);
  });
  return {
    kind: 'series',
    resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic: 'minimum',
    window,
    periodMs: PERIOD,
    times,
    values,
  };
}

function evaluated(series: Series): Evaluated {
  return { kind: 'evaluated', series, verdict: detect(series, DEFAULT_POLICY) };
}

/** The first one has most of the growth. */
function processOf(host: Series, index: number): Series {
  const share = index === 0 ? 0.86 : 0;
  const [base = 0] = host.values;
  const values = host.values.map((level) => (0.01 + (level - base) * share) * CAPACITY);
  return {
    ...host,
    consumer: { kind: 'process', name: `process-${index}` },
    metric: PROCESS_MEMORY,
    unit: 'By',
    limit: CAPACITY,
    statistic: 'average',
    values,
  };
}

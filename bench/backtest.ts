/**
 * `node --expose-gc bench/backtest.ts [hosts]` replays a week of made-up hosts and reports what a host-week takes, and what
 * memory is still held at the end: as much for many hosts as for few. One host in fifty leaks, so that some of them cost
 * what a finding costs.
 */
import { sweptThresholds } from '../core/backtest/alert-budget.ts';
import { backtestHosts } from '../core/backtest/hosts.ts';
import { effectivePolicy, type Policy, uniformPolicy } from '../core/model/policy.ts';
import { MEMORY_UTILIZATION, type Series, type Span } from '../core/model/series.ts';
import type { MemorySource } from '../core/ports/memory-source.ts';
import { daily, flat, linear, noise, sum } from '../sandbox/scenario/shapes.ts';

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const END = Date.UTC(2026, 10, 20, 12);
const INSPECTIONS = 168;
const ONE_LEAKS_IN = 50;
const SCOPE = { provider: 'local', account: 'bench', region: 'here' } as const;

function madeUp(host: number, { window, periodMs, statistic }: Span): Series {
  const leak = host % ONE_LEAKS_IN === 0 ? linear({ from: -100, perHour: 0.4 }) : flat(0);
  const percent = sum(flat(30), daily({ peak: 14, height: (host % 7) * 2 }), noise(host, 1.5), leak);
  const times = Float64Array.from(
    { length: (window.end - window.start) / periodMs },
    (_, period) => window.start + period * periodMs,
  );
  const values = times.map((time) => Math.min(0.99, percent((time - END) / HOUR) / 100));
  const resource = { ...SCOPE, id: `host-${host}` };
  return {
    kind: 'series',
    resource,
    metric: MEMORY_UTILIZATION,
    unit: '1',
    statistic,
    window,
    periodMs,
    times,
    values,
  };
}

function sourceOf(hosts: number): MemorySource {
  return {
    scope: SCOPE,
    ingestionDelayMs: 0,
    async *read({ span }) {
      for (let host = 0; host < hosts; host++) yield madeUp(host, span);
    },
  };
}

async function measure(name: string, hosts: number, policies: readonly Policy[]): Promise<void> {
  const before = process.cpuUsage();
  const plan = { tenant: 'bench', from: END - WEEK, to: END, everyMs: HOUR, policies: policies.map(uniformPolicy) };
  const replayed = backtestHosts({
    ...plan,
    metric: MEMORY_UTILIZATION,
    source: sourceOf(hosts),
    filters: [],
    meter: { count() {} },
  });
  let held = 0;
  let count = 0;
  for await (const _ of replayed) {
    if (++count < hosts) continue;
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    held = heapUsed + arrayBuffers;
  }
  // Of the processor, so that other work on the machine does not count.
  const { user, system } = process.cpuUsage(before);
  const perHost = (user + system) / 1000 / hosts;
  console.log(
    `${name.padEnd(28)} ${String(hosts).padStart(6)} host-weeks: ${perHost.toFixed(1)} ms each ` +
      `(${(perHost / INSPECTIONS).toFixed(3)} ms an inspection), ${((perHost * 1000) / 60_000).toFixed(1)} min per 1,000, ` +
      `${Math.round(held / 1e6)} MB held`,
  );
}

const hosts = Number(process.argv[2] ?? 1_000);
const sweep = sweptThresholds().map((threshold) => effectivePolicy({ threshold }));
await measure('one policy', Math.ceil(hosts / 10), [effectivePolicy()]);
await measure('one policy', hosts, [effectivePolicy()]);
await measure('and a sweep of thresholds', Math.ceil(hosts / 10), [effectivePolicy(), ...sweep]);

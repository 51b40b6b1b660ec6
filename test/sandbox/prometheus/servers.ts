/** Prometheus servers for the tests of the sandbox, over series that a test states. */
import { onTestFinished } from 'vitest';
import { type StoredSeries, sampled } from '../../../sandbox/prometheus/series.ts';
import { createPrometheusServer, type PrometheusParts } from '../../../sandbox/prometheus/server.ts';
import type { PrometheusWorld } from '../../../sandbox/prometheus/world.ts';
import { createCallLog } from '../../../sandbox/wire/call-log.ts';
import { createFaults } from '../../../sandbox/wire/faults.ts';
import { close, listen } from '../../../sandbox/wire/listen.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { FOREVER } from '../small-fleets.ts';

const EMPTY_WORLD: PrometheusWorld = {
  account: 'prom',
  machines: [],
  nodes: [],
  containers: [],
  kubeStateMetrics: false,
  scrapedEvery: MINUTE,
};

/** A series with a sample each minute of the last 30 days. */
export function aSeries(
  text: string,
  value: (time: number) => number = () => 1,
  written: readonly (readonly [from: number, to: number])[] = [[-720 * HOUR, FOREVER]],
): StoredSeries {
  const [, name = '', inner = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(text) ?? [];
  const labels = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', content = '']) => [label, content]);
  return sampled({
    labels: { __name__: name, ...Object.fromEntries(labels) },
    written: written.map(([from, to]) => ({ start: NOON + from, end: NOON + to })),
    every: MINUTE,
    phase: 0,
    value,
  });
}

export async function startServer(world: Partial<PrometheusWorld>, parts: Partial<PrometheusParts> = {}) {
  const faults = createFaults();
  const calls = createCallLog();
  const worlds = [{ ...EMPTY_WORLD, ...world }];
  const server = createPrometheusServer({ worlds, faults, log: calls.add, now: () => NOON, ...parts });
  const url = `http://127.0.0.1:${await listen(server)}/prom`;
  onTestFinished(() => close(server));

  async function request(path: string, parameters: Record<string, string> | [string, string][], method = 'POST') {
    const form = new URLSearchParams(parameters);
    const response =
      method === 'POST'
        ? await fetch(`${url}/api/v1/${path}`, { method, body: form, redirect: 'manual' })
        : await fetch(`${url}/api/v1/${path}?${form}`, { redirect: 'manual' });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Values of an instant query at noon, by their labels. */
  async function query(expression: string, time = NOON): Promise<Record<string, number>> {
    const { body } = await request('query', { query: expression, time: String(time / 1_000) });
    if (body.status !== 'success') throw new Error(`${body.errorType}: ${body.error}`);
    return Object.fromEntries(
      body.data.result.map(({ metric, value }: { metric: object; value: [number, string] }) => [
        Object.entries(metric)
          .sort()
          .map(([label, text]) => `${label}=${text}`)
          .join(','),
        Number(value[1]),
      ]),
    );
  }
  return { url, faults, calls, request, query };
}

/** The sandbox's Prometheus and Debian's over the same samples: every part of the language that the sandbox has gives the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { ask } from './answers.ts';
import { startBoth, type TwoServers } from './two-servers.ts';
import { SMALL_WORLD } from './worlds.ts';

/** Some hours, of which the first have been written already. */
const WINDOW = { start: NOON - 5 * HOUR, end: NOON };

let servers: TwoServers;

beforeAll(async () => {
  servers = await startBoth(SMALL_WORLD, WINDOW);
});
afterAll(() => servers?.[Symbol.asyncDispose]());

const WORKING_SET = 'container_memory_working_set_bytes';

const EXPRESSIONS = [
  'up',
  'up == 0',
  'up{job!~"node|kubelet",instance!=""}',
  '{__name__=~"node_memory_.+",instance=~".*:9100"}',
  `${WORKING_SET}{container!="",container!="POD"}`,
  `${WORKING_SET} offset 1h`,
  `${WORKING_SET}{id="/"} or ${WORKING_SET}{container="api"} offset 1h or up`,
  'up offset -10m',
  'timestamp(up)',
  'time() - timestamp(node_memory_MemTotal_bytes)',
  'max_over_time(node_memory_MemAvailable_bytes[15m])',
  'min_over_time(node_memory_MemAvailable_bytes[15m] offset 20m)',
  'avg_over_time(node_memory_MemAvailable_bytes[899999ms])',
  'max_over_time(node_memory_MemAvailable_bytes[15m] offset 1ms)',
  'sum_over_time(up[15m])',
  'count_over_time({__name__=~".+",job="node"}[14m59s999ms])',
  'count_over_time(up[1h])',
  'last_over_time(up[15m])',
  'present_over_time(up[15m])',
  'last_over_time((up or node_memory_MemTotal_bytes)[3h:20m])',
  'max_over_time((max by (job) (timestamp(up)))[2h:15m])',
  'changes(node_memory_MemAvailable_bytes[30m])',
  'resets(node_memory_MemAvailable_bytes[30m])',
  'rate(node_memory_MemAvailable_bytes[15m])',
  'increase(node_memory_MemAvailable_bytes[17m])',
  'delta(node_memory_MemAvailable_bytes[17m])',
  'sum by (job) (up)',
  'avg without (instance) (up)',
  'min(up) by (job, nothing)',
  'max(node_memory_MemTotal_bytes)',
  'count by (namespace, pod) (container_spec_memory_limit_bytes)',
  'group by (instance) ({__name__=~"node_.*|windows_.*"})',
  'topk(2, node_memory_MemAvailable_bytes)',
  'bottomk(1, node_memory_MemAvailable_bytes) by (job)',
  '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
  '1 - max by (instance) (max_over_time(node_memory_MemAvailable_bytes[15m])) / max by (instance) (max_over_time(node_memory_MemTotal_bytes[15m]))',
  'node_memory_MemAvailable_bytes * on (instance) group_left (nodename, nothing) node_uname_info',
  'node_uname_info * on (instance) group_right (nodename) node_memory_MemAvailable_bytes',
  `${WORKING_SET} / on (namespace, pod, container) group_left () kube_pod_container_resource_limits`,
  `${WORKING_SET} / ignoring (id) ${WORKING_SET}`,
  `${WORKING_SET}{container!=""} > 0.5 * container_spec_memory_limit_bytes > 0`,
  `${WORKING_SET}{container!=""} >= bool 300000000`,
  '5 < bool 7',
  'up and on (instance) node_uname_info',
  'up unless on (instance) node_uname_info',
  'up and on (job) group by (job) (node_memory_MemTotal_bytes)',
  'node_memory_MemTotal_bytes or on (instance) up',
  'label_replace(up, "address", "$1", "instance", "(.*):(\\\\d+)")',
  'label_replace(up, "job", "", "job", ".*")',
  'label_join(up, "where", "/", "job", "instance", "nothing")',
  'sum by (groupname) (namedprocess_namegroup_memory_bytes{memtype="resident"}) / on () group_left () max(count_over_time(up[15m]))',
  'abs(-up) + ceil(up * 0.4) + floor(up * 1.6) + round(up * 1.26, 0.5) + clamp(up, 2, 3) + clamp_min(up, 3) + clamp_max(up, 0)',
  '-up ^ 2 ^ 3 % 5',
  '2 * 3 + vector(1) - vector(4) / 3',
  'vector(NaN) or on (a) vector(1)',
  'vector(1) / 0',
  '1e-7 * up + 1.5e21 * up',
  // Errors.
  'max_over_time({job="node"}[5m])',
  'up / on () up',
  'node_memory_MemTotal_bytes / on (job) vector(1)',
  'node_uname_info * on (job) up',
  'up{',
  '1 > 2',
  'up or 1',
  'sum(1)',
  '{job=~".*"}',
  'up{job=~"(?=x)"}',
  'up{job="\\."}',
  'no_such_function(up)',
];

async function bothAnswer(path: string, parameters: Readonly<Record<string, string>>) {
  const form = new URLSearchParams(parameters).toString();
  const [ours, theirs] = await Promise.all([servers.sandbox, servers.real].map((url) => ask(url, { path, form })));
  return { ours, theirs };
}

const seconds = (time: number) => String(time / 1_000);

describe('an expression gives the same at both servers', () => {
  it.each(EXPRESSIONS)('at a time: %s', async (query) => {
    for (const time of [NOON, NOON - 1, NOON - 50 * MINUTE, NOON - 3 * HOUR - 123]) {
      const { ours, theirs } = await bothAnswer('query', { query, time: seconds(time) });

      expect(ours).toEqual(theirs);
    }
  });

  it.each(EXPRESSIONS)('at the ends of periods: %s', async (query) => {
    const [start, end] = [NOON - 4 * HOUR + 15 * MINUTE - 1, NOON - 1];

    const { ours, theirs } = await bothAnswer('query_range', {
      query,
      start: seconds(start),
      end: seconds(end),
      step: '900',
    });

    expect(ours).toEqual(theirs);
  });
});

describe('a request gives the same at both servers', () => {
  it.each([
    ['query', { query: 'up[2m]', time: seconds(NOON) }],
    ['query_range', { query: 'up', start: seconds(NOON - 11_000_000), end: seconds(NOON), step: '1' }],
    ['query_range', { query: 'up', start: seconds(NOON - 11_001_000), end: seconds(NOON), step: '1' }],
    ['query_range', { query: 'up', start: seconds(NOON), end: seconds(NOON - 1), step: '1' }],
    ['query_range', { query: 'up', start: seconds(NOON), end: seconds(NOON), step: '0' }],
    ['query_range', { query: 'up', start: new Date(NOON - HOUR).toISOString(), end: seconds(NOON), step: '15m' }],
    ['query_range', { query: 'up[5m]', start: seconds(NOON), end: seconds(NOON), step: '1' }],
    ['query', { query: 'up', time: 'noon' }],
    ['series', { 'match[]': 'up', start: seconds(NOON - HOUR), end: seconds(NOON) }],
    ['series', { 'match[]': '{job="kubelet"}', start: seconds(NOON - HOUR), end: seconds(NOON) }],
    ['series', { 'match[]': 'up + up' }],
    ['series', {}],
    ['labels', { 'match[]': 'up', start: seconds(NOON - HOUR), end: seconds(NOON) }],
  ])('%s %o', async (path, parameters) => {
    const { ours, theirs } = await bothAnswer(path, parameters);

    expect(ours).toEqual(theirs);
  });
});

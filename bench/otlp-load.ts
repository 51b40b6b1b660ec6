/** What a thousand collectors send: bodies of POST /v1/metrics in OTLP's JSON, packed, as the OpenTelemetry collector's host metrics receiver makes them. */
import { gzipSync } from 'node:zlib';
import { type Random, randomFrom } from './random.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const GIB = 2 ** 30;

export interface Load {
  readonly hosts: number;
  readonly processes: number;
  /** Minutes between two requests of a host, and collections in each. */
  readonly everyMinutes: number;
  readonly collections: number;
}

export function hostId(host: number): string {
  return `i-${String(host).padStart(17, '0')}`;
}

/** @param end Epoch milliseconds of the last collection. */
export function bodyOf({ processes, everyMinutes, collections }: Load, host: number, end: number): Uint8Array {
  const step = (everyMinutes * MINUTE) / collections;
  const times = Array.from({ length: collections }, (_, index) => end - (collections - 1 - index) * step);
  const random = randomFrom(host + end / MINUTE);
  const attributes = [
    text('host.id', hostId(host)),
    text('host.name', `web-${host}`),
    text('os.type', 'linux'),
    text('service.name', `service-${host % 20}`),
  ];
  const resources = times.flatMap((time) => [
    { resource: { attributes }, scopeMetrics: [{ metrics: ofHost(time, random) }] },
    ...Array.from({ length: processes }, (_, pid) => ({
      resource: { attributes: [...attributes, ...ofProcess(pid)] },
      scopeMetrics: [{ metrics: [sum('process.memory.usage', [point(time, Math.floor(random() * GIB) / 64)])] }],
    })),
  ]);
  return gzipSync(JSON.stringify({ resourceMetrics: resources }));
}

function ofHost(time: number, random: Random) {
  const used = Math.floor(GIB * (2 + random()));
  const states = { used, free: 3 * GIB, cached: 2 * GIB, buffered: GIB / 8, slab_reclaimable: GIB / 16 };
  return [
    sum(
      'system.memory.usage',
      Object.entries(states).map(([state, bytes]) => point(time, bytes, [text('state', state)])),
    ),
    sum('system.memory.limit', [point(time, 8 * GIB)]),
    sum('system.linux.memory.available', [point(time, 8 * GIB - used)]),
    sum('system.paging.usage', [point(time, GIB / 4, [text('state', 'used'), text('device', '/dev/dm-1')])]),
  ];
}

function ofProcess(pid: number) {
  return [
    { key: 'process.pid', value: { intValue: String(100 + pid) } },
    { key: 'process.parent_pid', value: { intValue: '1' } },
    text('process.executable.name', `program-${pid % 20}`),
    text('process.executable.path', `/usr/bin/program-${pid % 20}`),
    text('process.command_line', `/usr/bin/program-${pid % 20} --password=hunter2 --number=${pid}`),
    text('process.owner', 'app'),
  ];
}

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

function sum(name: string, dataPoints: readonly object[]) {
  return { name, unit: 'By', sum: { aggregationTemporality: 2, dataPoints } };
}

function point(time: number, bytes: number, attributes: readonly object[] = []) {
  const nanoseconds = `${time}000000`;
  return {
    startTimeUnixNano: '1000000000000',
    timeUnixNano: nanoseconds,
    asInt: String(Math.floor(bytes)),
    attributes,
  };
}

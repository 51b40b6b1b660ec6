/** What the Ops Agent writes of a machine beside its memory and its processes. https://cloud.google.com/monitoring/api/metrics_opsagent */
import type { Host } from '../scenario/fleet.ts';
import { type GcpSeries, instance } from './described.ts';

/** File systems by the device, in two states that add up to 100 %. */
export function diskSeries(host: Host): GcpSeries[] {
  return (host.activity?.fileSystems ?? []).flatMap(({ device, used }) =>
    ['used', 'free'].map((state) => ({
      ...instance(host, 'agent.googleapis.com/disk/percent_used', { device, state }),
      written: host.reports,
      value: (time: number) => 100 * (state === 'used' ? used(time) : 1 - used(time)),
    })),
  );
}

/** Two interfaces, of which one has no errors. */
export function errorSeries(host: Host): GcpSeries[] {
  if (host.activity === undefined) return [];
  const { received, sent } = host.activity.errors;
  const counters = { rx: received, tx: sent };
  return Object.entries(counters).flatMap(([direction, added]) =>
    ['ens4', 'lo'].map((device) => ({
      ...instance(host, 'agent.googleapis.com/interface/errors', { device, direction }),
      written: host.reports,
      value: device === 'lo' ? () => 0 : added,
    })),
  );
}

export function loadSeries(host: Host): GcpSeries[] {
  if (host.activity === undefined) return [];
  const own = instance(host, 'agent.googleapis.com/cpu/load_1m', {});
  return [{ ...own, written: host.reports, value: host.activity.load }];
}

/** The parts of the used swap on two devices, each of which has half of the size. */
const ON_DEVICES = { '/dev/sda2': 0.75, '/dev/sdb2': 0.25 };

/** Swap by device and state, in the unit that the host publishes. */
export function swapSeries(host: Host, unit: 'bytes' | 'percent'): GcpSeries[] {
  const { swap } = host;
  if (swap === undefined || swap.publishes !== unit) return [];
  const size = swap.bytes / 2;
  return Object.entries(ON_DEVICES).flatMap(([device, part]) =>
    ['used', 'free', 'cached'].map((state) => {
      const metricType =
        unit === 'bytes' ? 'agent.googleapis.com/swap/bytes_used' : 'agent.googleapis.com/swap/percent_used';
      const bytesAt = (time: number) => {
        const used = swap.used(time) * part;
        return state === 'used' ? used : state === 'free' ? size - used : 0;
      };
      return {
        ...instance(host, metricType, { device, state }),
        written: host.reports,
        value: (time: number) => (unit === 'bytes' ? bytesAt(time) : (100 * bytesAt(time)) / size),
      };
    }),
  );
}

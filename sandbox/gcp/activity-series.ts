/** What the Ops Agent writes of a machine beside its memory and its processes. */
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

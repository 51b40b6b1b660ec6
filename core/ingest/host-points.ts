/** What jobs inspect of one host beside its memory, of what a request states about it. */
import type { Rejection } from '../model/ingest-outcome.ts';
import { partText } from '../model/points.ts';
import type { PointSampleMetric } from '../model/sample.ts';
import type { SentAttributes, SentPoint } from '../model/sent-metrics.ts';
import { LIMITS } from './limits.ts';

/** File systems that are no disks. */
const PSEUDO = new Set(
  'tmpfs devtmpfs ramfs rootfs overlay aufs squashfs erofs iso9660 udf autofs nsfs proc sysfs cgroup cgroup2 efivarfs'.split(
    ' ',
  ),
);

export interface PointsOfHost {
  readonly metric: PointSampleMetric;
  readonly part?: string;
  readonly points: ReadonlyMap<number, number>;
}

/** Of one moment: idle shares of processors, or one share that is in use. */
interface Processors {
  idle: number;
  count: number;
  used: number | undefined;
}

export class HostPoints {
  readonly #processors = new Map<number, Processors>();
  /** Of every other metric by its part; empty of the entire host. */
  readonly #series = new Map<PointSampleMetric, Map<string, Map<number, number>>>();
  #size = 0;

  /** How many series there are but for that of the processors. */
  get size(): number {
    return this.#size;
  }

  /** @param hasRoom Whether there may be a further series. */
  add(metric: PointSampleMetric, point: SentPoint, hasRoom: boolean): Rejection | undefined {
    const { attributes, time, value } = point;
    switch (metric) {
      case 'system.cpu.utilization':
        return this.#addProcessor(point);
      case 'system.cpu.load_average.1m':
        return this.#addTo(metric, '', { time, value, hasRoom });
      case 'system.filesystem.utilization': {
        const part = diskOf(attributes);
        return part === undefined ? undefined : this.#addTo(metric, part, { time, value, hasRoom });
      }
      case 'system.network.errors': {
        const part = interfaceOf(attributes);
        return part === undefined ? undefined : this.#addTo(metric, part, { time, value, hasRoom });
      }
    }
  }

  /** The collector has a share for each processor and state. Without a state it is what is in use. */
  #addProcessor({ attributes, time, value }: SentPoint): Rejection | undefined {
    const known = this.#processors.get(time);
    if (known === undefined && this.#processors.size >= LIMITS.samples) return 'samples';
    const moment = known ?? { idle: 0, count: 0, used: undefined };
    this.#processors.set(time, moment);
    const state = attributes.get('cpu.mode') ?? attributes.get('system.cpu.state') ?? attributes.get('state');
    if (state === undefined) moment.used = Math.max(value, moment.used ?? 0);
    else if (state === 'idle') {
      moment.idle += value;
      moment.count++;
    }
    return undefined;
  }

  #addTo(
    metric: PointSampleMetric,
    part: string,
    { time, value, hasRoom }: { readonly time: number; readonly value: number; readonly hasRoom: boolean },
  ): Rejection | undefined {
    if (part.length > LIMITS.characters) return 'text';
    const parts = this.#series.get(metric) ?? new Map<string, Map<number, number>>();
    this.#series.set(metric, parts);
    const known = parts.get(part);
    if (known === undefined && (!hasRoom || parts.size >= LIMITS.parts)) return 'series';
    if (known !== undefined && known.size >= LIMITS.samples) return 'samples';
    const points = known ?? new Map<number, number>();
    if (known === undefined) this.#size++;
    parts.set(part, points);
    points.set(time, Math.max(value, points.get(time) ?? 0));
    return undefined;
  }

  series(): PointsOfHost[] {
    const busy = [...this.#processors].flatMap(([time, { idle, count, used }]): [number, number][] => {
      if (count > 0) return [[time, 1 - idle / count]];
      return used === undefined ? [] : [[time, used]];
    });
    const others = [...this.#series].flatMap(([metric, parts]) =>
      [...parts].map(([part, points]) => ({ metric, ...(part !== '' && { part }), points })),
    );
    const all = [{ metric: 'system.cpu.utilization' as const, points: new Map(busy) }, ...others];
    return all.filter(({ points }) => points.size > 0);
  }
}

/** Undefined of a file system that is no disk, or never written to. */
function diskOf(attributes: SentAttributes): string | undefined {
  const of = (name: string) => attributes.get(`system.filesystem.${name}`) ?? attributes.get(name);
  const mountpoint = of('mountpoint');
  if (mountpoint === undefined || of('mode') === 'ro' || PSEUDO.has(of('type') ?? '')) return undefined;
  return partText({ mountpoint });
}

/**
 * Interfaces without a cable, of which a node has one or two for each of its pods: what goes wrong there is counted at the real one, or not
 * at all.
 */
const VIRTUAL = /^(lo|(veth|cali|lxc).*)$/;

/** Undefined of an interface without a cable. */
function interfaceOf(attributes: SentAttributes): string | undefined {
  const device = attributes.get('network.interface.name') ?? attributes.get('device') ?? '';
  if (VIRTUAL.test(device)) return undefined;
  const direction = attributes.get('network.io.direction') ?? attributes.get('direction') ?? '';
  return partText({ device, direction });
}

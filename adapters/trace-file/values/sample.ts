/** Makes a sample of used memory from a number and what the file states of it, or names what is missing. */
import type { BaseUnit, Entry, Fault } from '../entry.ts';
import type { TraceOptions } from '../options.ts';
import type { MemoryKind } from './names.ts';
import { FULL, rangeFault } from './range.ts';
import { type Scale, scaleOf, unitOfSuffix } from './unit.ts';

/** A number with what the file states of it: `scale` by the name of its column or metric, `suffix` behind the number itself. */
export interface StatedValue {
  readonly kind: MemoryKind;
  readonly scale: Scale | undefined;
  readonly number: number;
  readonly suffix?: string;
  /** Bytes. */
  readonly limit?: number | undefined;
}

/** Characters of a host's name: no cloud allows more than a few hundred. */
const MOST_OF_NAME = 1024;

const NO_UNIT = 'its values have no unit: add --unit with percent, fraction, bytes, MiB or the like';
const NO_CAPACITY =
  'available memory in bytes needs the size of the host: add --capacity with the memory of the host, for example 16GiB';
const FREE =
  'free memory counts the page cache as used, and a host gives that back: record used or available memory instead';

/** The sample of a host at a time; `stated` is null where the file states that there is none at this time. */
export function sampleOf(host: string, time: number, stated: StatedValue | null, options: TraceOptions): Entry {
  if (host.length > MOST_OF_NAME) return { kind: 'malformed', why: 'the host’s name is too long', example: host };
  if (stated === null) return { kind: 'sample', host, time, baseUnit: 'percent', value: null };
  const used = usedOf(stated, options);
  return 'why' in used ? { kind: 'malformed', host, ...used } : { kind: 'sample', host, time, ...used };
}

interface UsedMemory {
  readonly baseUnit: BaseUnit;
  readonly value: number;
  readonly limit?: number;
  readonly isUnitCertain?: boolean;
}

function usedOf(stated: StatedValue, { unit, capacity }: TraceOptions): UsedMemory | Fault {
  const { kind, number, suffix = '' } = stated;
  const example = `${number}${suffix}`;
  if (kind === 'free') return { why: FREE, example };
  const own = suffix === '' ? undefined : unitOfSuffix(suffix);
  if (suffix !== '' && own === undefined) return { why: 'a value has a unit that is not known', example };
  const scale = own ?? scaleOf(unit) ?? stated.scale;
  if (scale === undefined) return { why: NO_UNIT, example };
  const { baseUnit, factor } = scale;
  const isUnitCertain = own !== undefined || unit !== undefined;
  const limit = baseUnit === 'bytes' ? (stated.limit ?? capacity) : undefined;
  const used = {
    baseUnit,
    value: number * factor,
    ...(limit !== undefined && { limit }),
    ...(isUnitCertain && { isUnitCertain }),
  };
  return kind === 'available' ? fromAvailable(used) : used;
}

/** Used memory as the remainder of available memory. */
function fromAvailable(available: UsedMemory): UsedMemory | Fault {
  const { baseUnit, value, limit = FULL[baseUnit] } = available;
  if (!Number.isFinite(limit)) return { why: NO_CAPACITY, example: String(value) };
  const fault = rangeFault({ baseUnit, value, limit });
  if (fault) return fault;
  if (value > limit) return { why: 'more memory is available than the host has', example: String(value) };
  return { ...available, value: limit - value };
}

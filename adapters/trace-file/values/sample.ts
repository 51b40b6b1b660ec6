/** From a number and what is known of it to a sample of used memory, or to what is missing for that. */
import type { Entry, Fault, Measure } from './entry.ts';
import type { Kind } from './meaning.ts';
import type { TraceOptions } from './options.ts';
import { FULL, rangeFault } from './range.ts';
import { type Scale, scaleOf, unitOfSuffix } from './unit.ts';

/** What the file states of a number: `scale` by its column or metric, `suffix` behind the number itself. */
export interface Stated {
  readonly kind: Kind;
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

/** A sample; `number` in `stated` is null where the file states that there is none at this time. */
export function sampleOf(host: string, time: number, stated: Stated | null, options: TraceOptions): Entry {
  if (host.length > MOST_OF_NAME) return { kind: 'malformed', why: 'the host’s name is too long', example: host };
  if (stated === null) return { kind: 'sample', host, time, measure: 'percent', value: null };
  const used = usedOf(stated, options);
  return 'why' in used ? { kind: 'malformed', host, ...used } : { kind: 'sample', host, time, ...used };
}

interface Used {
  readonly measure: Measure;
  readonly value: number;
  readonly limit?: number;
  readonly isUnitCertain?: boolean;
}

function usedOf(stated: Stated, { unit, capacity }: TraceOptions): Used | Fault {
  const { kind, number, suffix = '' } = stated;
  const example = `${number}${suffix}`;
  if (kind === 'free') return { why: FREE, example };
  const own = suffix === '' ? undefined : unitOfSuffix(suffix);
  if (suffix !== '' && own === undefined) return { why: 'a value has a unit that is not known', example };
  const scale = own ?? scaleOf(unit) ?? stated.scale;
  if (scale === undefined) return { why: NO_UNIT, example };
  const { measure, factor } = scale;
  const isUnitCertain = own !== undefined || unit !== undefined;
  const limit = measure === 'bytes' ? (stated.limit ?? capacity) : undefined;
  const used = {
    measure,
    value: number * factor,
    ...(limit !== undefined && { limit }),
    ...(isUnitCertain && { isUnitCertain }),
  };
  return kind === 'available' ? fromAvailable(used) : used;
}

/** What is used of a host of which so much is available. */
function fromAvailable(available: Used): Used | Fault {
  const { measure, value, limit = FULL[measure] } = available;
  if (!Number.isFinite(limit)) return { why: NO_CAPACITY, example: String(value) };
  const fault = rangeFault({ measure, value, limit });
  if (fault) return fault;
  if (value > limit) return { why: 'more memory is available than the host has', example: String(value) };
  return { ...available, value: limit - value };
}

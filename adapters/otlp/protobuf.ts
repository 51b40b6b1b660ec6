/**
 * Reads an ExportMetricsServiceRequest from protobuf into the form of its JSON. The wire format is protobufjs's; which fields are read, and how many
 * values at most, is decided here: a generated decoder makes an object of each two bytes, so that a body within its bounds fills the memory.
 */
import protobuf from 'protobufjs/minimal.js';

type Reader = protobuf.Reader;

/** Fields are read where the wire type is the expected one, and skipped otherwise. */
const WIRE_TYPES = { double: 1, fixed64: 1, sfixed64: 1, int64: 0, uint32: 0, bool: 0, string: 2, message: 2 } as const;

type Scalar = Exclude<keyof typeof WIRE_TYPES, 'message'>;

interface Field {
  readonly name: string;
  readonly type: Scalar | Message;
  readonly repeated?: true;
}

/** Fields by number. */
type Message = ReadonlyMap<number, Field>;

const ANY_VALUE: Message = new Map<number, Field>([
  [1, { name: 'stringValue', type: 'string' }],
  [2, { name: 'boolValue', type: 'bool' }],
  [3, { name: 'intValue', type: 'int64' }],
  [4, { name: 'doubleValue', type: 'double' }],
]);
const KEY_VALUE: Message = new Map<number, Field>([
  [1, { name: 'key', type: 'string' }],
  [2, { name: 'value', type: ANY_VALUE }],
]);
const POINT: Message = new Map<number, Field>([
  [2, { name: 'startTimeUnixNano', type: 'fixed64' }],
  [3, { name: 'timeUnixNano', type: 'fixed64' }],
  [4, { name: 'asDouble', type: 'double' }],
  [6, { name: 'asInt', type: 'sfixed64' }],
  [7, { name: 'attributes', type: KEY_VALUE, repeated: true }],
  [8, { name: 'flags', type: 'uint32' }],
]);
const GAUGE: Message = new Map<number, Field>([[1, { name: 'dataPoints', type: POINT, repeated: true }]]);
const SUM: Message = new Map<number, Field>([...GAUGE, [2, { name: 'aggregationTemporality', type: 'uint32' }]]);
const OTHER: Message = new Map<number, Field>([[1, { name: 'dataPoints', type: new Map(), repeated: true }]]);
const METRIC: Message = new Map<number, Field>([
  [1, { name: 'name', type: 'string' }],
  [5, { name: 'gauge', type: GAUGE }],
  [7, { name: 'sum', type: SUM }],
  [9, { name: 'histogram', type: OTHER }],
  [10, { name: 'exponentialHistogram', type: OTHER }],
  [11, { name: 'summary', type: OTHER }],
]);
const SCOPE: Message = new Map<number, Field>([[2, { name: 'metrics', type: METRIC, repeated: true }]]);
const RESOURCE: Message = new Map<number, Field>([[1, { name: 'attributes', type: KEY_VALUE, repeated: true }]]);
const RESOURCE_METRICS: Message = new Map<number, Field>([
  [1, { name: 'resource', type: RESOURCE }],
  [2, { name: 'scopeMetrics', type: SCOPE, repeated: true }],
]);
const REQUEST: Message = new Map<number, Field>([
  [1, { name: 'resourceMetrics', type: RESOURCE_METRICS, repeated: true }],
]);

/** Throws an `Error` where it is truncated, is no protobuf, or has more than so many values. */
export function readProtobuf(body: Uint8Array, mostValues: number): unknown {
  const reader = protobuf.Reader.create(body);
  return readMessage(REQUEST, reader, reader.len, { values: mostValues });
}

function readMessage(message: Message, reader: Reader, end: number, left: { values: number }): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = message.get(tag >>> 3);
    left.values -= 1;
    if (left.values < 0) throw new Error('it has too many values');
    if (field === undefined || (tag & 7) !== wireTypeOf(field)) {
      reader.skipType(tag & 7);
      continue;
    }
    const value = readField(field, reader, end, left);
    const list = fields[field.name];
    if (field.repeated !== true) fields[field.name] = value;
    else if (Array.isArray(list)) list.push(value);
    else fields[field.name] = [value];
  }
  if (reader.pos !== end) throw new Error(`a field ends after its message, at byte ${end}`);
  return fields;
}

function wireTypeOf({ type }: Field): number {
  return WIRE_TYPES[typeof type === 'string' ? type : 'message'];
}

function readField({ type }: Field, reader: Reader, end: number, left: { values: number }): unknown {
  if (typeof type === 'string') return readScalar(type, reader);
  const length = reader.uint32();
  if (reader.pos + length > end) throw new Error(`a message ends after the one that it is in, at byte ${end}`);
  return readMessage(type, reader, reader.pos + length, left);
}

/** Integers of 64 bits as numbers: times need milliseconds, and no host has 2^53 bytes. */
function readScalar(type: Scalar, reader: Reader): unknown {
  const value = reader[type]();
  return typeof value === 'object' ? Number(value) : value;
}

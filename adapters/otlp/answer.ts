/**
 * The answer to a request with metrics, in the encoding in which it came: an ExportMetricsServiceResponse, or a google.rpc.Status for what is
 * refused. https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
import protobuf from 'protobufjs/minimal.js';
import type { IngestOutcome } from '../../core/model/ingest-outcome.ts';
import { encodingOf, MEDIA_TYPES } from './encoding.ts';

export interface OtlpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Of a request in neither encoding the answer is in JSON, which a person can read. */
export function otlpAnswer(outcome: IngestOutcome, contentType: string | undefined): OtlpAnswer {
  const encoding = encodingOf(contentType) ?? 'json';
  const isJson = encoding === 'json';
  const headers = { 'content-type': MEDIA_TYPES[encoding] };
  if (outcome.kind === 'accepted') {
    const { message = '' } = outcome;
    const rejected = Object.values(outcome.rejectedPoints).reduce((sum, points) => sum + points, 0);
    const body = isJson ? jsonResponse(rejected, message) : protobufResponse(rejected, message);
    return { status: 200, headers, body };
  }
  const { status, message, retryAfterS, refusal } = outcome;
  return {
    status,
    headers: {
      ...headers,
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
      ...(status === 401 && { 'www-authenticate': refusal === 'no_token' ? 'Bearer' : 'Bearer error="invalid_token"' }),
    },
    body: isJson ? Buffer.from(JSON.stringify({ message })) : protobufStatus(message),
  };
}

/** In JSON an integer of 64 bits is a text. */
function jsonResponse(rejected: number, errorMessage: string): Uint8Array {
  return Buffer.from(
    JSON.stringify(rejected === 0 ? {} : { partialSuccess: { rejectedDataPoints: String(rejected), errorMessage } }),
  );
}

/** Field 1 of the response is its partial success, with field 1 for the number and field 2 for the message. */
function protobufResponse(rejected: number, errorMessage: string): Uint8Array {
  const writer = protobuf.Writer.create();
  if (rejected === 0) return writer.finish();
  writer.uint32((1 << 3) | 2).fork();
  writer.uint32(1 << 3).int64(rejected);
  writer.uint32((2 << 3) | 2).string(errorMessage);
  return writer.ldelim().finish();
}

/** Field 2 of a status is its message. */
function protobufStatus(message: string): Uint8Array {
  return protobuf.Writer.create()
    .uint32((2 << 3) | 2)
    .string(message)
    .finish();
}

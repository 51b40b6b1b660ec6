/** The body of a request with metrics over OTLP/HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { RefusedRequest } from '../../core/model/ingest-outcome.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import type { MetricsBody, MetricsReader } from '../../core/ports/metrics-reader.ts';
import { decodeMetrics, MOST_VALUES } from './decode.ts';
import { encodingOf } from './encoding.ts';

const unpack = promisify(gunzip);

export interface BodyLimits {
  /** Bytes of a body as it is sent. */
  readonly sentBytes: number;
  /** Bytes of it unpacked. Nothing is unpacked beyond. */
  readonly unpackedBytes: number;
  /** Objects, lists and values in it. */
  readonly values: number;
}

/** API Gateway hands at most 6 MB to a function, and packed bodies in base64. */
export const BODY_LIMITS: BodyLimits = { sentBytes: 4_000_000, unpackedBytes: 32_000_000, values: MOST_VALUES };

export function createMetricsReader(limits = BODY_LIMITS): MetricsReader {
  return {
    async read({ contentType, contentEncoding, body }, names) {
      const encoding = encodingOf(contentType);
      if (encoding === undefined) return refused(415, 'content_type', CONTENT_TYPE);
      if (body.length > limits.sentBytes)
        return refused(413, 'too_large', tooLarge(`The body has ${body.length} bytes`, limits.sentBytes));
      const unpacked = await unpackBody({ contentEncoding, body }, limits.unpackedBytes);
      if ('kind' in unpacked) return unpacked;
      try {
        return decodeMetrics(unpacked, encoding, names, limits.values);
      } catch (error) {
        if (error instanceof InvalidInputError) return refused(400, 'malformed', error.message);
        throw error;
      }
    },
  };
}

async function unpackBody(
  { contentEncoding = '', body }: Pick<MetricsBody, 'contentEncoding' | 'body'>,
  mostBytes: number,
): Promise<Uint8Array | RefusedRequest> {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding !== 'gzip' && coding !== 'identity' && coding !== '')
    return refused(415, 'content_type', CONTENT_ENCODING);
  if (coding !== 'gzip') return body;
  try {
    return await unpack(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if (error instanceof RangeError)
      return refused(413, 'too_large', tooLarge('The body is larger unpacked', mostBytes));
    if (PACKED_AS_TEXT.equals(body.subarray(0, PACKED_AS_TEXT.length))) return refused(415, 'content_type', NOT_PACKED);
    return refused(
      400,
      'malformed',
      'The body is not gzip, or is truncated. Send what the header content-encoding states.',
    );
  }
}

const CONTENT_TYPE =
  'Send the content-type application/x-protobuf or application/json, with an ExportMetricsServiceRequest in it.';

/**
 * How gzip begins that was taken for text: API Gateway hands on a body as text where its type is JSON, whatever its encoding, and bytes that are no UTF-8 are
 * lost. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const PACKED_AS_TEXT = Buffer.from('\u001f\ufffd');

const NOT_PACKED =
  'JSON that is packed does not arrive here as it was sent. Send application/x-protobuf packed, or application/json without a content-encoding.';

const CONTENT_ENCODING = 'Send the content-encoding gzip, or none.';

function tooLarge(fact: string, most: number): string {
  return `${fact}; ${most} are allowed. Set send_batch_max_size of the batch processor lower.`;
}

function refused(
  status: RefusedRequest['status'],
  refusal: RefusedRequest['refusal'],
  message: string,
): RefusedRequest {
  return { kind: 'refused', status, refusal, message };
}

/** The encodings of OTLP over HTTP, by their media types. */
import type { Encoding } from './decode.ts';

export const MEDIA_TYPES: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

/** Undefined where it is neither. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === MEDIA_TYPES.json) return 'json';
  return mediaType === MEDIA_TYPES.protobuf ? 'protobuf' : undefined;
}

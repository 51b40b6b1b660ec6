/** Keys out of parts: encoded, and within the bytes that a key may have. */
import { createHash } from 'node:crypto';
import { MAX_SORT_KEY_BYTES } from './item-size.ts';

/** Bytes of a part that is not shortened in a key that is too long: five such parts and two kinds are below the limit. */
const PART_BYTES = 180;

/** Bytes of a shortened part that people can read; the 65 bytes of the hash follow. */
const READABLE_BYTES = 100;

/** Stands before the hash of a shortened part. No other part has one, because it is encoded there. */
export const HASH_MARK = '$';

/** A part that there is none of, as the region of a source without regions, is empty. */
export function join(...parts: readonly (string | null)[]): string {
  return joinWithin(MAX_SORT_KEY_BYTES, parts);
}

/**
 * The parts in at most so many bytes. Where they are longer, long parts are replaced by what fits of them and a hash of the
 * entire part: the same for the same part, and another for any other.
 */
export function joinWithin(maxBytes: number, parts: readonly (string | null)[]): string {
  const texts = parts.map((part) => part ?? '');
  const complete = texts.map((text) => (text.isWellFormed() ? encodeURIComponent(text) : shortened(text)));
  const joined = complete.join('#');
  if (joined.length <= maxBytes) return joined;
  return complete
    .map((encoded, index) => (encoded.length > PART_BYTES ? shortened(texts[index] ?? '') : encoded))
    .join('#');
}

/** Of a text with half a surrogate pair, which has no encoding, the hash holds what the readable part cannot. */
function shortened(text: string): string {
  let readable = '';
  for (const character of text.toWellFormed()) {
    const encoded = encodeURIComponent(character);
    if (readable.length + encoded.length > READABLE_BYTES) break;
    readable += encoded;
  }
  return `${readable}${HASH_MARK}${createHash('sha256').update(text, 'utf16le').digest('hex')}`;
}

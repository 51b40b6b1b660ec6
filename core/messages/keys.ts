/** Ids as receivers take them that allow fewer characters than an id may have. */

/** Characters of the digest: 16 of base 16. */
const DIGEST_LENGTH = 16;

/**
 * The id where it is short enough and has the characters of ours, which are encoded as in a URI; else its beginning and a digest of it,
 * so that two ids stay two and one stays one.
 */
export function boundedKey(id: string, length: number): string {
  const key = id.replace(/[^\w.!~*'()%/-]/gu, (character) => `%${character.codePointAt(0)?.toString(16)}`);
  if (key === id && id.length <= length) return id;
  return `${key.slice(0, length - DIGEST_LENGTH - 1)}.${digest(id)}`;
}

/** FNV-1a with 64 bits: enough for the incidents of one tenant, whose ids nobody chooses so that they collide. */
function digest(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(DIGEST_LENGTH, '0');
}

/**
 * Randomness without state: a number is a pure function of a seed and a position, so that any sample can be made
 * without those before it.
 */

/** A seed from a text (FNV-1a, 32 bits): hosts with different names have independent noise. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Uniform in [0, 1) for an integer position (the finaliser of MurmurHash3, which mixes every bit into every other). */
export function uniformAt(seed: number, position: number): number {
  let x = seed ^ Math.imul(position, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth noise in [-1, 1): uniform at integers, eased between them. */
export function smoothNoiseAt(seed: number, position: number): number {
  const left = Math.floor(position);
  const part = position - left;
  const eased = part * part * (3 - 2 * part);
  const from = uniformAt(seed, left);
  return 2 * (from + (uniformAt(seed, left + 1) - from) * eased) - 1;
}

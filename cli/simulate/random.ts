/** Randomness without state: a number is a pure function of a seed and a position, so that lines can be written as they come. */

/** A seed from a text (FNV-1a, 32 bits). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Uniform in [0, 1) at an integer position (the finaliser of MurmurHash3). */
export function uniformAt(seed: number, position: number): number {
  let bits = seed ^ Math.imul(position, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth noise in [-1, 1): uniform at integers, eased between them. */
export function smoothAt(seed: number, position: number): number {
  const left = Math.floor(position);
  const part = position - left;
  const eased = part * part * (3 - 2 * part);
  const from = uniformAt(seed, left);
  return 2 * (from + (uniformAt(seed, left + 1) - from) * eased) - 1;
}

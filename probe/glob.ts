/** Patterns of names: `*` stands for any text and `?` for one character. */

/** In at most pattern × text steps: a pattern that comes from elsewhere cannot stop the probe. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, p] = [0, 0];
  // Where the last star is, and what it has matched so far ends: from there the rest is tried again, one character later.
  let [star, retry] = [-1, 0];
  while (at < text.length) {
    if (pattern[p] === '*') {
      [star, retry] = [p, at];
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[at])) {
      [at, p] = [at + 1, p + 1];
    } else if (star >= 0) {
      retry += 1;
      [at, p] = [retry, star + 1];
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

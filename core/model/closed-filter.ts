/** Filters of Cloud Monitoring, as owners write them: https://cloud.google.com/monitoring/api/v3/filters */

const TEXT = /"(?:[^"\\]|\\.)*"/gs;

/**
 * Whether a filter ends where it ends: its texts are closed, and no parenthesis of it closes one that it has not opened. What stands beside it in
 * a request, as the project and the region, then holds too. Texts in single quotes are refused: not every reader takes them for texts.
 */
export function isClosedFilter(filter: string): boolean {
  const bare = filter.replaceAll(TEXT, '');
  if (/["']/.test(bare)) return false;
  let open = 0;
  for (const character of bare) {
    if (character === '(') open++;
    if (character === ')' && --open < 0) return false;
  }
  return open === 0;
}

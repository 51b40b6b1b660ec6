import { describe, expect, it } from 'vitest';
import { diffOf, linesOfPatch, onTopOf } from '../../console/config/text-diff.ts';

const BASE = 'a: 1\nb: 2\nc: 3\nd: 4\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\n';

describe('a diff', () => {
  it('numbers the lines of both texts', () => {
    expect(diffOf('a: 1\nb: 2\n', 'a: 1\nb: 3\n')).toEqual([
      { kind: 'same', text: 'a: 1', before: 1, after: 1 },
      { kind: 'removed', text: 'b: 2', before: 2, after: null },
      { kind: 'added', text: 'b: 3', before: null, after: 2 },
    ]);
  });

  it('leaves out what is far from a change', () => {
    const lines = diffOf(BASE, BASE.replace('a: 1', 'a: 0').replace('i: 9', 'i: 0'));

    expect(lines.filter(({ kind }) => kind === 'gap')).toHaveLength(1);
    expect(lines.some(({ text }) => text === 'e: 5')).toBe(false);
  });

  it('of equal texts is empty', () => {
    expect(diffOf(BASE, BASE)).toEqual([]);
    expect(linesOfPatch('')).toEqual([]);
  });

  it('is read from a patch', () => {
    const patch = '--- version 3\n+++ proposed\n@@ -1,1 +1,1 @@\n-a: 1\n+a: 2\n\\ No newline at end of file\n';

    expect(linesOfPatch(patch).map(({ kind, text }) => `${kind} ${text}`)).toEqual(['removed a: 1', 'added a: 2']);
  });
});

describe('my changes on top of a newer text', () => {
  it('hold both changes where they are of different lines', () => {
    const merged = onTopOf(BASE.replace('i: 9', 'i: 0'), BASE, BASE.replace('a: 1', 'a: 0'));

    expect(merged).toBe(BASE.replace('a: 1', 'a: 0').replace('i: 9', 'i: 0'));
  });

  it('are none where both changed the same line', () => {
    expect(onTopOf(BASE.replace('a: 1', 'a: 5'), BASE, BASE.replace('a: 1', 'a: 0'))).toBeNull();
  });
});

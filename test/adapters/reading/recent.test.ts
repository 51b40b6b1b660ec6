import { describe, expect, it } from 'vitest';
import { createRecent } from '../../../adapters/reading/recent.ts';

describe('what is kept of late', () => {
  it('is made once, and again where it had to make room', () => {
    const made: string[] = [];
    const recent = createRecent<string, string>(2);
    const use = (key: string) =>
      recent.get(key, () => {
        made.push(key);
        return key;
      });

    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) use(key);

    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('stays when it is full and what is asked for is there', () => {
    const dropped: string[] = [];
    const recent = createRecent<string, string>(2, (value) => dropped.push(value));

    for (const key of ['a', 'b', 'a', 'b']) recent.get(key, () => key);
    const before = [...dropped];
    recent.get('c', () => 'c');

    expect([before, dropped]).toEqual([[], ['a']]);
  });
});

/** Texts that are read without the square of what they have. */
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseYaml } from '../../api/yaml-text.ts';

const filled = (one: (index: number) => string, times: number) =>
  Array.from({ length: times }, (_, index) => one(index)).join('');

describe('a text', () => {
  it('of 1,000 accounts fits', () => {
    const accounts = Array.from({ length: 1000 }, (_, index) => ({
      account: String(100_000_000_000 + index),
      name: `Account ${index}`,
      regions: ['eu-central-1', 'us-east-1'],
      role: `arn:aws:iam::${100_000_000_000 + index}:role/plimsoll-read`,
    }));
    const text = stringify({ tenant: 'acme', accounts });

    expect(parseYaml(text, 'The config')).toEqual({ tenant: 'acme', accounts });
    expect(text.length).toBeLessThan(300_000);
  });

  it('of 12,000 different fields is read in time that grows with it alone', () => {
    const begun = performance.now();

    expect(
      Object.keys(
        Object(
          parseYaml(
            filled((index) => `k${index}: 1\n`, 12_000),
            'The config',
          ),
        ),
      ),
    ).toHaveLength(12_000);
    // The parser's own check of keys takes more than half a minute.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it.each([
    ['a second time in a list', '- a: 1\n- b: 1\n  b: 2\n', 'line 3: names a field a second time'],
    ['by a number and its text', '1: a\n"1": b\n', 'line 2: names a field a second time'],
    ['by a list', '[a]: 1\n', 'names a field by what is no text'],
    [
      'more often than fits',
      filled((index) => `k${index}: 1\n`, 30_000),
      'has too many fields and values for a config',
    ],
    ['by more aliases than fit', `- &a x\n${'- *a\n'.repeat(1001)}`, 'has 1001 aliases (*name): at most 1000 are read'],
    [
      'after a bracket too many',
      `${']'.repeat(90_000)}`,
      'line 1: Unexpected flow-seq-end token in YAML document: "]"',
    ],
  ])('that names a field %s is refused', (_, text, issue) => {
    expect(() => parseYaml(text, 'The config')).toThrow(issue);
  });
});

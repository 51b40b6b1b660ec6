/** The size of an item as we count it, against what DynamoDB takes. */
import { describe, expect, it } from 'vitest';
import { itemBytes } from '../../../adapters/dynamodb/item-size.ts';

describe('the size of an item', () => {
  it.each([
    ['a text in UTF-8', 'größe', 7],
    ['true, false and null', [true, false, null], 3 + 3 * 2],
    ['a number at its longest', -1.234e-300, 21],
    ['names and values of a map', { ab: 'cde' }, 3 + 1 + 2 + 3],
    ['nothing for what is not stored', { ab: undefined }, 3 + 1 + 2],
    ['what is nested', { a: [{ b: 'c' }] }, 3 + 1 + 1 + (3 + 1 + (3 + 1 + 1 + 1))],
  ])('counts %s', (_, value, bytes) => {
    expect(itemBytes(value)).toBe(bytes);
  });
});

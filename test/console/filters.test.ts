import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listFilters, parseFilters, passes, toggleFilter, withFilters } from '../../console/filters.ts';

const FIELDS = ['group', 'region'];

describe('the filters of an address', () => {
  it('are what it includes and excludes, and nothing of other fields', () => {
    const filters = parseFilters('?group=web&group=!db&sort=-growth', FIELDS);

    expect(filters).toEqual({ group: { include: ['web'], exclude: ['db'] } });
  });

  it('leave its other parameters as they are', () => {
    const search = withFilters('?sort=-growth&group=web', FIELDS, { region: { include: [], exclude: ['eu'] } });

    expect(search).toBe('?sort=-growth&region=%21eu');
  });

  it('are read back from what was written, whatever the values are', () => {
    const value = fc.string({ minLength: 1, unit: 'binary' });
    const field = fc.record({ include: fc.uniqueArray(value, { minLength: 1 }), exclude: fc.uniqueArray(value) });

    fc.assert(
      fc.property(field, (group) => {
        expect(parseFilters(withFilters('', FIELDS, { group }), FIELDS)).toEqual({ group });
      }),
    );
  });
});

describe('a toggled filter', () => {
  it('comes, goes, and takes over from its opposite', () => {
    const included = toggleFilter({}, 'group', 'web', 'include');
    const excluded = toggleFilter(included, 'group', 'web', 'exclude');

    expect(listFilters(included)).toEqual([{ field: 'group', value: 'web', kind: 'include' }]);
    expect(listFilters(excluded)).toEqual([{ field: 'group', value: 'web', kind: 'exclude' }]);
    expect(toggleFilter(excluded, 'group', 'web', 'exclude')).toEqual({});
  });
});

describe('a row', () => {
  it.each([
    ['is one of the included', { include: ['web', 'db'], exclude: [] }, true],
    ['is not included', { include: ['db'], exclude: [] }, false],
    ['is excluded', { include: [], exclude: ['web'] }, false],
    ['is neither, where nothing is included', { include: [], exclude: ['db'] }, true],
  ])('that %s passes: %o is %s', (_, group, expected) => {
    expect(passes({ group }, () => 'web')).toBe(expected);
  });
});

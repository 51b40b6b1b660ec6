import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podsQuery, processesQuery, quoted } from '../../../adapters/azure-monitor/kql.ts';
import { parseQuery } from '../../../sandbox/azure-kql.ts';
import { aMachine, aNode, SIX_HOURS } from './worlds.ts';

describe('a text in a query', () => {
  it('is a string literal whatever it holds', () => {
    expect(quoted('plain-name_1')).toBe('"plain-name_1"');
    expect(quoted('a"b\\c\nd')).toBe('"a\\"b\\\\c\\u000ad"');
  });

  it('comes out of the literal as it went in, and says nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { keeps } = parseQuery(`Perf | where Computer == ${quoted(name)}`);

        expect(keeps({ Computer: name })).toBe(true);
        expect(keeps({ Computer: `${name}x` })).toBe(false);
      }),
    );
  });

  it.each([
    ['processes', processesQuery, aMachine],
    ['pods', podsQuery, () => aNode(3)],
  ] as const)('does not change the shape of the query for %s', (_, query, host) => {
    const { resource } = host();
    const { shape } = parseQuery(query(resource, SIX_HOURS));

    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const hostile = { ...resource, name, id: `${resource.id}${name}`, account: name };

        expect(parseQuery(query(hostile, SIX_HOURS)).shape).toBe(shape);
      }),
    );
  });
});

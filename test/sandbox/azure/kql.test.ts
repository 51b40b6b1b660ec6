/** The sandbox's Kusto computes what the documentation of the real one promises, and refuses everything else. */
import { describe, expect, it } from 'vitest';
import { KqlError } from '../../../sandbox/azure/kql/lexer.ts';
import { runQuery, tableOf } from '../../../sandbox/azure/kql/query.ts';
import type { Row } from '../../../sandbox/azure/kql/types.ts';

const TABLES = new Map([
  [
    'T',
    tableOf({
      columns: [
        { name: 'text', type: 'string' },
        { name: 'units', type: 'long' },
        { name: 'part', type: 'real' },
        { name: 'at', type: 'datetime' },
        { name: 'bag', type: 'dynamic' },
      ],
      rows: [
        { text: 'a/b/c', units: 7, part: 0.5, at: 61_000, bag: { x: { y: 'in' } } },
        { text: 'd/e/f', units: 2, part: 1.5, at: 122_000, bag: null },
        { text: 'D/e/f', units: 2, part: 2.5, at: 122_000, bag: { x: 1 } },
      ],
    }),
  ],
  [
    'R',
    tableOf({
      columns: [
        { name: 'units', type: 'long' },
        { name: 'found', type: 'string' },
      ],
      rows: [
        { units: 2, found: 'two' },
        { units: 3, found: 'three' },
      ],
    }),
  ],
]);

const run = (query: string): readonly Row[] => runQuery(query, TABLES).rows;
const column = (expression: string) => run(`T | project is = ${expression}`).map(({ is }) => is);

describe('an expression', () => {
  it.each<[string, unknown[]]>([
    ['units / 2', [3, 1, 1]],
    ['100 - part', [99.5, 98.5, 97.5]],
    ['text in~ ("D/E/F", "x")', [false, true, true]],
    ['part / 2', [0.25, 0.75, 1.25]],
    ['units * part', [3.5, 3, 5]],
    ['split(text, "/")[(-2)]', ['b', 'e', 'e']],
    ['split(text, "/")[0]', ['a', 'd', 'D']],
    ['split(text, "/")[7]', [null, null, null]],
    ['tostring(bag.x.y)', ['in', '', '']],
    ['tostring(bag.x)', ['{"y":"in"}', '', '1']],
    ['bin(at, 60s)', [60_000, 120_000, 120_000]],
    ['replace_regex(text, @"/[a-c]", "-")', ['a--', 'd/e/f', 'D/e/f']],
    ['coalesce(tostring(bag.x.y), text)', ['in', 'd/e/f', 'D/e/f']],
    ['iff(units > 2, part, 1)', [0.5, 1, 1]],
    ['text =~ "D/E/F" and units == 2 or part < 1', [true, true, true]],
    ['text == "d/e/f"', [false, true, false]],
    ['text startswith "D"', [false, true, true]],
    ['text in ("a/b/c", "x")', [true, false, false]],
    ['strcat(text, "-", text)', ['a/b/c-a/b/c', 'd/e/f-d/e/f', 'D/e/f-D/e/f']],
    ['strcmp(text, "d")', [-1, 1, -1]],
    ['isnotempty(tostring(bag.x))', [true, false, true]],
    ['tostring(parse_json("[{\\"a/b\\": 7}]")[0]["a/b"])', ['7', '7', '7']],
    ['units !in (7)', [false, true, true]],
    ['"a\\"b"', ['a"b', 'a"b', 'a"b']],
  ])('%s', (expression, values) => {
    expect(column(expression)).toEqual(values);
  });
});

describe('an operator', () => {
  it('folds groups', () => {
    const folded = run(
      'T | summarize s = sum(part), m = avg(part), n = countif(part > 2), d = count_distinct(at), arg_max(part, text) by units',
    );

    expect(folded).toEqual([
      { units: 7, s: 0.5, m: 0.5, n: 0, d: 1, part: 0.5, text: 'a/b/c' },
      { units: 2, s: 4, m: 2, n: 1, d: 1, part: 2.5, text: 'D/e/f' },
    ]);
  });

  it('looks a row up by a key, and keeps what is not found where it is to', () => {
    const found = (kind: string) => run(`T | lookup kind=${kind} R on units | project units, found`);

    expect(found('inner')).toEqual([
      { units: 2, found: 'two' },
      { units: 2, found: 'two' },
    ]);
    expect(found('leftouter')).toContainEqual({ units: 7, found: '' });
  });

  it('names a table for the next statement, adds columns and orders rows', () => {
    expect(
      run('let few = T | where units == 2; few | extend twice = part * 2 | project twice | order by twice asc'),
    ).toEqual([{ twice: 3 }, { twice: 5 }]);
  });
});

describe('a series', () => {
  it('has a value for each step, and null where there is none', () => {
    const made = run(
      'T | make-series least = min(part) default=real(null) on at from datetime(1970-01-01T00:01:00Z) to datetime(1970-01-01T00:04:00Z) step 60s by units',
    );

    expect(made).toEqual([
      { units: 7, least: [0.5, null, null] },
      { units: 2, least: [null, 1.5, null] },
    ]);
  });
});

describe('a query is refused that', () => {
  it.each([
    ['has an operator that is not computed', 'T | sample 1'],
    ['has an operator that every object has', 'T | constructor'],
    ['has a function that is not computed', 'T | project is = toupper(text)'],
    ['has an aggregation that is not computed', 'T | summarize is = stdev(part) by units'],
    ['names a column that there is not', 'T | where nothing == 1'],
    ['names a table that there is not', 'X | where units == 1'],
    ['compares a text with a number', 'T | where text == 1'],
    ['compares what is dynamic without a cast', 'T | where bag == "x"'],
    ['divides a text', 'T | project is = text / 2'],
    ['adds up texts', 'T | summarize is = sum(text) by units'],
    ['bins by a number', 'T | project is = bin(at, 60)'],
    ['looks inside a text', 'T | project is = text[0]'],
    ['counts from the end without parentheses', 'T | project is = split(text, "/")[-1]'],
    ['has two columns of one name', 'T | lookup kind=inner T on units'],
    ['looks up in another way', 'T | lookup kind=rightouter R on units'],
    ['takes a value for a condition', 'T | where units'],
    ['goes on behind its end', 'T | where units == 1 2'],
    ['ends too early', 'T | where units =='],
    ['lacks a parenthesis', 'T | where (units == 1'],
  ])('%s', (_, query) => {
    expect(() => run(query)).toThrow(KqlError);
  });
});

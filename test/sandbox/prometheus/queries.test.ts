/** The sandbox's Prometheus: what its expressions give. What it cannot is refused, never guessed. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aSeries, startServer } from './servers.ts';

const minutes = (time: number) => (NOON - time) / MINUTE;

describe('a selector', () => {
  it('selects by all four kinds of matchers, of which a missing label is the empty text', async () => {
    const { query } = await startServer({
      series: [aSeries('m{a="x"}'), aSeries('m{a="y",b="1"}'), aSeries('m{a="xx"}')],
    });

    expect(Object.keys(await query('m{a="x"}'))).toEqual(['__name__=m,a=x']);
    expect(Object.keys(await query('m{a=~"x"}'))).toEqual(['__name__=m,a=x']);
    expect(Object.keys(await query('m{a!~"x+"}'))).toEqual(['__name__=m,a=y,b=1']);
    expect(Object.keys(await query('{__name__="m",b!=""}'))).toEqual(['__name__=m,a=y,b=1']);
    expect(Object.keys(await query('m{b=""}'))).toHaveLength(2);
  });

  it('takes the newest sample of five minutes, both ends included', async () => {
    const { query } = await startServer({
      series: [aSeries('m', () => 1, [[-HOUR, -5 * MINUTE + 1]]), aSeries('gone', () => 1, [[-HOUR, -5 * MINUTE]])],
    });

    expect(await query('m')).toEqual({ '__name__=m': 1 });
    expect(await query('timestamp(m)')).toEqual({ '': (NOON - 5 * MINUTE) / 1_000 });
    expect(await query('gone')).toEqual({});
  });

  it('looks an offset back, which belongs to the selector before it', async () => {
    const { query } = await startServer({
      series: [aSeries('m', minutes), aSeries('n', minutes), aSeries('o{a="1"}', minutes)],
    });

    expect(await query('m offset 30m')).toEqual({ '__name__=m': 30 });
    expect(await query('m + n offset 30m')).toEqual({ '': 30 });
    expect(await query('n offset 1h or o offset 30m or o')).toEqual({ '__name__=o,a=1': 30, '__name__=n': 60 });
    await expect(query('m + n offset 30m * 2')).rejects.toThrow('write parentheses');
  });
});

describe('a function over time', () => {
  it('has both ends of its window', async () => {
    const { query } = await startServer({ series: [aSeries('m', minutes)] });

    expect(await query('count_over_time(m[15m])')).toEqual({ '': 16 });
    expect(await query('max_over_time(m[15m])')).toEqual({ '': 15 });
    expect(await query('min_over_time(m[15m] offset 1m)')).toEqual({ '': 1 });
    expect(await query('count_over_time(m[15m])', NOON - 1)).toEqual({ '': 15 });
  });

  it('extrapolates a counter to the ends of its window', async () => {
    const { query } = await startServer({ series: [aSeries('c', (time) => 6_000 - 60 * minutes(time))] });

    expect(await query('increase(c[10m])')).toEqual({ '': 600 });
    expect(await query('rate(c[10m])')).toEqual({ '': 1 });
  });

  it('refuses two series that are one without their names', async () => {
    const { query } = await startServer({ series: [aSeries('m{a="x"}'), aSeries('n{a="x"}')] });

    await expect(query('max_over_time({a="x"}[5m])')).rejects.toThrow('execution: vector cannot contain');
    expect(await query('last_over_time({a="x"}[5m])')).toEqual({ '__name__=m,a=x': 1, '__name__=n,a=x': 1 });
  });
});

describe('an aggregation', () => {
  const series = [aSeries('m{a="x",b="1"}', () => 1), aSeries('m{a="x",b="2"}', () => 3), aSeries('m{a="y"}', () => 5)];

  it.each([
    ['sum by (a) (m)', { 'a=x': 4, 'a=y': 5 }],
    ['avg without (b) (m)', { 'a=x': 2, 'a=y': 5 }],
    ['min(m)', { '': 1 }],
    ['max(m) by (b)', { 'b=1': 1, 'b=2': 3, '': 5 }],
    ['count by (nothing) (m)', { '': 3 }],
    ['group by (a) (m)', { 'a=x': 1, 'a=y': 1 }],
    ['topk(1, m)', { '__name__=m,a=y': 5 }],
    ['bottomk(1, m) by (a)', { '__name__=m,a=x,b=1': 1, '__name__=m,a=y': 5 }],
  ])('%s', async (expression, expected) => {
    const { query } = await startServer({ series });

    expect(await query(expression)).toEqual(expected);
  });
});

describe('an operation', () => {
  const series = [
    aSeries('used{a="x",b="1"}', () => 2),
    aSeries('used{a="y",b="1"}', () => 6),
    aSeries('total{a="x"}', () => 4),
    aSeries('info{a="x",name="one"}', () => 1),
  ];

  it.each([
    ['1 - used / ignoring (b) total', { 'a=x': 0.5 }],
    ['used / on (a) total', { 'a=x': 0.5 }],
    ['used > 3', { '__name__=used,a=y,b=1': 6 }],
    ['used > bool 3', { 'a=x,b=1': 0, 'a=y,b=1': 1 }],
    ['3 < used', { '__name__=used,a=y,b=1': 6 }],
    ['used * on (a) group_left (name) info', { 'a=x,b=1,name=one': 2 }],
    ['info * on (a) group_right (name) used', { 'a=x,b=1,name=one': 2 }],
    ['used and on (a) total', { '__name__=used,a=x,b=1': 2 }],
    ['used unless on (a) total', { '__name__=used,a=y,b=1': 6 }],
    ['total or on (a) used', { '__name__=total,a=x': 4, '__name__=used,a=y,b=1': 6 }],
    ['label_replace(total, "c", "$1-$2", "a", "(.)()")', { '__name__=total,a=x,c=x-': 4 }],
    ['label_join(used{a="x"}, "c", "/", "a", "b")', { '__name__=used,a=x,b=1,c=x/1': 2 }],
    ['-total + 2 ^ 3 ^ 0 # a comment', { 'a=x': -2 }],
    ['vector(time()) == bool vector(time())', { '': 1 }],
  ])('%s', async (expression, expected) => {
    const { query } = await startServer({ series });

    expect(await query(expression)).toEqual(expected);
  });

  it('refuses to match a series with several', async () => {
    const { query } = await startServer({ series });

    await expect(query('total / on () used')).rejects.toThrow('many-to-many matching not allowed');
    await expect(query('used / on () total')).rejects.toThrow('must be explicit');
    await expect(query('used * on (b) group_left (a) label_replace(total, "b", "1", "", "")')).rejects.toThrow(
      'grouping labels must ensure unique matches',
    );
  });
});

describe('an expression that the sandbox does not know', () => {
  it.each([
    'm{',
    'm[5m]()',
    '{a=~".*"}',
    'quantile_over_time(0.9, m[5m])',
    'stddev(m)',
    'max_over_time(m[1h:])',
    'm @ 123',
    'm{a=~"(?=x)"}',
    'm{a="\\."}',
    '1 > 2',
    'm or 1',
    'sum(1)',
    'm offset x',
    '',
  ])('%s is 400 bad_data', async (expression) => {
    const { request } = await startServer({ series: [aSeries('m')] });

    const { status, body } = await request('query', { query: expression });

    expect({ status, errorType: body.errorType }).toEqual({ status: 400, errorType: 'bad_data' });
  });
});

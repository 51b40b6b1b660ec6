import { describe, expect, it } from 'vitest';
import {
  parseBudget,
  parseCount,
  parseDays,
  parseHostRule,
  parseLookback,
  parseRepeated,
  parseTime,
} from '../../cli/option-values.ts';
import { NOON } from '../fixtures/builders.ts';

describe('parseTime', () => {
  it('takes a time with its zone, and a date as midnight UTC', () => {
    expect(parseTime('2026-11-20T12:00:00Z')).toBe(NOON);
    expect(parseTime('2026-11-20T13:00+01:00')).toBe(NOON);
    expect(parseTime('2026-11-20')).toBe(Date.UTC(2026, 10, 20));
  });

  it.each(['2026-11-20T12:00:00', 'yesterday', '2026-13-01', ''])('refuses %j, whose meaning is not plain', (text) => {
    expect(() => parseTime(text)).toThrow('Give a time with its zone');
  });
});

describe('parseLookback', () => {
  it('takes full hours within the policy’s limits', () => {
    expect(parseLookback('100')).toBe(100);
  });

  it.each(['5', '721', '12.5', 'long', ''])('refuses %j', (text) => {
    expect(() => parseLookback(text)).toThrow('from 9 to 720');
  });
});

describe('parseDays', () => {
  it('takes days and parts of them, up to what any cloud remembers', () => {
    expect([parseDays('7'), parseDays('0.5'), parseDays('455')]).toEqual([7, 0.5, 455]);
    for (const text of ['0', '-1', '456', 'week', '', 'Infinity']) {
      expect(() => parseDays(text)).toThrow('Give a number of days');
    }
  });
});

describe('parseBudget', () => {
  it('takes pages and parts of them, none included', () => {
    expect([parseBudget('0'), parseBudget('0.5'), parseBudget('12')]).toEqual([0, 0.5, 12]);
    for (const text of ['-1', 'few', '', ' ', 'Infinity']) {
      expect(() => parseBudget(text)).toThrow('Give a number of pages');
    }
  });
});

describe('parseCount', () => {
  it('takes integers and nothing else', () => {
    expect(parseCount('0')).toBe(0);
    for (const text of ['-1', '1.5', '1e3', '', 'x']) expect(() => parseCount(text)).toThrow('Give an integer');
  });
});

describe('parseHostRule', () => {
  it('collects rules, each with one field or several', () => {
    const first = parseHostRule('id=i-0a*');

    expect(parseHostRule('group=web-?,label.env=prod,label.host.type=t4g.*', first)).toEqual([
      { id: 'i-0a*' },
      { group: 'web-?', labels: { env: 'prod', 'host.type': 't4g.*' } },
    ]);
  });

  it('keeps an equals sign that belongs to the pattern', () => {
    expect(parseHostRule('name=a=b')).toEqual([{ name: 'a=b' }]);
  });

  it.each(['web-*', 'nam=web', 'id=', '=x', ''])('refuses %j and names what would do', (text) => {
    expect(() => parseHostRule(text)).toThrow('Give FIELD=PATTERN with the fields id, name, group or label.KEY');
  });
});

describe('parseRepeated', () => {
  it('collects what is given one after the other', () => {
    expect(parseRepeated('us-gov-west-1', parseRepeated('eu-west-1'))).toEqual(['eu-west-1', 'us-gov-west-1']);
  });
});

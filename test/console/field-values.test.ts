import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../../console/config/alert-conditions.ts';
import type { FieldSpec } from '../../console/config/field-specs.ts';
import { entriesAt, inputText, optionOf, valueOfInput } from '../../console/config/field-values.ts';
import { barsOf, daysOf } from '../../console/config/week.ts';

const fieldOf = (kind: 'text' | 'number' | 'list' | 'labels'): FieldSpec => ({
  path: ['it'],
  label: 'It',
  help: '',
  kind,
});

describe('an input', () => {
  it.each([
    ['number', '0.7', 0.7],
    ['number', 'many', 'many'],
    ['list', ' eu-west-1, us-east-1, ', ['eu-west-1', 'us-east-1']],
    ['labels', 'team=web, tier', { team: 'web', tier: '*' }],
    ['text', 'Acme ', 'Acme '],
    ['text', '  ', undefined],
  ] as const)('of the kind %s with %j stands for a value', (kind, text, value) => {
    expect(valueOfInput(fieldOf(kind), text)).toEqual(value);
  });

  it.each([
    ['list', ['a', 'b'], 'a, b'],
    ['labels', { team: 'web', tier: 'a=b' }, 'team=web, tier=a=b'],
    ['number', 0.7, '0.7'],
    ['text', { other: 1 }, '{"other":1}'],
    ['text', undefined, ''],
  ] as const)('of the kind %s shows %j', (kind, value, text) => {
    expect(inputText(fieldOf(kind), value)).toBe(text);
  });

  it('keeps a label whose pattern has an equals sign', () => {
    const field = fieldOf('labels');

    expect(valueOfInput(field, inputText(field, { tier: 'a=b' }))).toEqual({ tier: 'a=b' });
  });
});

describe('a choice', () => {
  const options = [
    { value: undefined, label: 'default' },
    { value: false, label: 'off' },
  ];

  it('is the option with its value', () => {
    expect([optionOf(options, undefined), optionOf(options, false), optionOf(options, { hosts: 9 })]).toEqual([
      0, 1, -1,
    ]);
  });
});

describe('entries', () => {
  it('are none where something else stands', () => {
    expect(entriesAt({ hosts: { include: 'x' } }, ['hosts', 'include'])).toEqual([]);
  });
});

describe('what a rule matches', () => {
  it('is stated by condition', () => {
    const rule = { name: 'a', match: { groups: ['web-*'], labels: { team: 'x' } }, minConfidence: 0.9, action: 'page' };

    expect(conditionsOf(rule)).toEqual(['groups: web-*', 'labels: team=x', 'confidence at least: 0.9']);
  });

  it('is nothing where it matches everything', () => {
    expect(conditionsOf({ name: 'all', action: 'hold' })).toEqual([]);
  });
});

describe('the timeline of a week', () => {
  const start = Date.parse('2026-11-29T12:00:00Z');

  it('ends windows at its ends, and leaves out what is beyond', () => {
    const bars = barsOf(
      [
        { name: 'night', start: '2026-11-30T22:00:00Z', end: '2026-12-01T07:00:00Z' },
        { name: 'now', start: '2026-11-29T10:00:00Z', end: '2026-11-29T13:00:00Z' },
        { name: 'later', start: '2026-12-07T10:00:00Z', end: '2026-12-07T13:00:00Z' },
      ],
      start,
    );

    expect(Object.fromEntries(bars)).toEqual({
      now: [{ name: 'now', from: 0, hours: 1 }],
      night: [{ name: 'night', from: 34, hours: 9 }],
    });
  });

  it('has seven midnights', () => {
    expect(daysOf(start)).toHaveLength(7);
  });
});

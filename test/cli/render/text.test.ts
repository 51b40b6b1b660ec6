import { describe, expect, it } from 'vitest';
import { harmless, harmlessJson, pad, truncate, wrap } from '../../../cli/render/text.ts';

describe('truncate', () => {
  it('leaves a text that fits as it is', () => {
    expect(truncate('web-7', 5)).toBe('web-7');
  });

  it('puts an ellipsis instead of the rest', () => {
    expect(truncate('i-0b1a79ef3a5bc06d1', 8)).toBe('i-0b1a7…');
  });

  it('never splits a wide character', () => {
    expect(truncate('サーバー', 6)).toBe('サー…');
    expect(truncate('サーバー', 5)).toBe('サー…');
  });

  it('gives nothing where there is no room at all', () => {
    expect(truncate('web-7', 0)).toBe('');
  });
});

describe('pad', () => {
  it.each([
    ['サー', 4],
    ['e\u0301te\u0301', 3],
    ['👩‍👩‍👧', 2],
    ['▁▂▃', 3],
    ['⣀⡠', 2],
    ['\x1b[31mred\x1b[39m', 3],
  ])('counts the columns of %j, and not its characters', (text, columns) => {
    expect(pad(text, columns + 2)).toBe(`${text}  `);
    expect(pad(text, columns + 2, 'right')).toBe(`  ${text}`);
  });

  it('leaves a text that is too wide as it is', () => {
    expect(pad('web-7', 3)).toBe('web-7');
  });
});

describe('wrap', () => {
  it('breaks at spaces and begins further lines with the indent', () => {
    expect(wrap('one two three four', 11, '  ')).toBe('one two\n  three\n  four');
  });

  it('lets a word that is too long stand alone', () => {
    expect(wrap('see arn:aws:iam::111122223333:role/x now', 10)).toBe('see\narn:aws:iam::111122223333:role/x\nnow');
  });

  it('keeps spaces that line columns up', () => {
    expect(wrap('Host      i-0a1b', 40)).toBe('Host      i-0a1b');
  });
});

describe('harmless', () => {
  it('takes away what a terminal would obey', () => {
    expect(harmless('web\x1b[2J\x1b]0;owned\x07-7\r\nerror: \u202Egnp')).toBe('web-7 error: gnp');
    expect(harmless('web\x9b2J\x85-\x9d7')).toBe('web-7');
  });

  it.each([
    '\u200b',
    '\u200d',
    '\u200e',
    '\u200f',
    '\u061c',
    '\u2060',
    '\u2066',
    '\ufeff',
    '\u00ad',
    '\u3164',
    '\u{e0041}',
  ])('takes away the invisible %j, which would make two names look the same', (mark) => {
    expect(harmless(`web${mark}-7`)).toBe('web-7');
  });
});

describe('harmlessJson', () => {
  const hostile = 'web\u009b2J\u007f\u200b\u200e\u202e\u{e0041}\u2028-7\n"サーバー"';

  it('escapes what a terminal would obey or not show', () => {
    const json = harmlessJson(JSON.stringify({ name: hostile }));

    expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/v);
    expect(json).toContain('web\\u009b2J\\u007f\\u200b\\u200e\\u202e\\udb40\\udc41\\u2028-7');
  });

  it('leaves the value as it is, and text readable', () => {
    const json = harmlessJson(JSON.stringify({ name: hostile }, null, 2));

    expect(JSON.parse(json)).toEqual({ name: hostile });
    expect(json).toContain('サーバー');
  });
});

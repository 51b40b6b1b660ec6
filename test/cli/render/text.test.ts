import { describe, expect, it } from 'vitest';
import { counted, displayWidth, harmless, pad, truncate, wrap } from '../../../cli/render/text.ts';

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['', 0],
    ['サーバー', 8],
    ['e\u0301te\u0301', 3],
    ['👩‍👩‍👧', 2],
    ['▁▂▃', 3],
    ['⣀⡠', 2],
    ['\x1b[31mred\x1b[39m', 3],
    ['zero\u200bwidth', 9],
  ])('counts the columns of %j', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('truncate', () => {
  it('leaves a text that fits as it is', () => {
    expect(truncate('web-7', 5)).toBe('web-7');
  });

  it('puts an ellipsis in place of what is cut off', () => {
    expect(truncate('i-0b1a79ef3a5bc06d1', 8)).toBe('i-0b1a7…');
  });

  it('never cuts a wide character in half', () => {
    expect(truncate('サーバー', 6)).toBe('サー…');
    expect(truncate('サーバー', 5)).toBe('サー…');
  });

  it('gives nothing where there is no room at all', () => {
    expect(truncate('web-7', 0)).toBe('');
  });
});

describe('pad', () => {
  it('pads by columns and not by characters', () => {
    expect(pad('サー', 6)).toBe('サー  ');
    expect(pad('7', 3, 'right')).toBe('  7');
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
  });
});

describe('counted', () => {
  it('says no, one and many', () => {
    expect([counted(0, 'host'), counted(1, 'host'), counted(1200, 'host'), counted(2, 'match', 'matches')]).toEqual([
      'no hosts',
      '1 host',
      '1,200 hosts',
      '2 matches',
    ]);
  });
});

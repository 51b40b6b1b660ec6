import { describe, expect, it } from 'vitest';
import { cronText, parseCron } from '../../../core/model/cron.ts';

describe('parseCron', () => {
  it('lists the values of every field, and names a field of which all are meant', () => {
    expect(parseCron('*/20 6-8 * jan,JUL MON-FRI')).toEqual({
      kind: 'cron',
      fields: { minutes: [0, 20, 40], hours: [6, 7, 8], monthDays: 'every', months: [1, 7], weekDays: [1, 2, 3, 4, 5] },
    });
  });

  it.each([
    ['0 0 * * 7', '0 0 * * 0'],
    ['0 0 * * 5-7', '0 0 * * 0,5,6'],
    ['0 0 * * FRI-SUN', '0 0 * * 0,5,6'],
    ['0 0 * * SUN-MON', '0 0 * * 0,1'],
    ['0 0 * * 0-7', '0 0 * * *'],
    ['10/20 3 1-31 * *', '10,30,50 3 * * *'],
    ['05,5  00 * * *', '5 0 * * *'],
    ['0 0 */40 * *', '0 0 1 * *'],
  ])('reads %s as %s', (cron, text) => {
    const parsed = parseCron(cron);

    expect(parsed.kind === 'cron' && cronText(parsed.fields)).toBe(text);
  });

  it.each([
    ['0 0 L * *', /day of the month is not understood/],
    ['0 0 * * 5#2', /day of the week is not understood/],
    ['0 25 * * *', /hour is not understood/],
    ['0 0 * 13 *', /month is not understood/],
    ['5-1 * * * *', /minute is not understood/],
    ['*/0 * * * *', /minute is not understood/],
    [', * * * *', /minute is not understood/],
    ['0 0 13 * 5', /the scheduler takes one of the two/],
    ['0 * * *', /number of fields is not understood/],
    ['0 0 0 * * *', /number of fields is not understood/],
    ['', /number of fields is not understood/],
  ])('refuses %s and names what is not understood', (cron, message) => {
    expect(parseCron(cron)).toEqual({ kind: 'unsupported', message: expect.stringMatching(message) });
  });
});

/** When recordings end. */
import { describe, expect, it } from 'vitest';
import { recordingEnd } from '../../../adapters/trace-file/newest.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { iso, write } from './files.ts';

describe('the end of recordings', () => {
  it('is just after the newest sample of all files', async () => {
    const files = await write({
      'a.csv': `time,host,percent\n${iso(30)},a,50\n${iso(10)},a,50\n${iso(50)},a,\n`,
      'b.ndjson': `{"time":"${iso(20)}","host":"b","percent":1}`,
    });

    expect(await recordingEnd(files)).toEqual({
      end: NOON - 30 * MINUTE + 1,
      endBefore: NOON - 40 * MINUTE + 1,
      files: [
        { file: files[0], end: NOON - 30 * MINUTE + 1 },
        { file: files[1], end: NOON - 40 * MINUTE + 1 },
      ],
    });
  });

  it('is the end of a grid’s last sample', async () => {
    const files = await write({ 'a.ndjson': `{"id":"a","step":60,"start":"${iso(0)}","v":[1,2,null]}` });

    expect(await recordingEnd(files)).toMatchObject({ end: NOON - 58 * MINUTE, endBefore: NOON - 59 * MINUTE });
  });

  it('is not known where no sample has a time, and of files that cannot be read', async () => {
    const files = await write({ 'a.ndjson': `{"id":"a","step":60,"v":[1,2]}`, 'b.csv': 'x' });

    expect(await recordingEnd([...files, '/nowhere/c.csv'])).toBeUndefined();
  });

  it('has the time before it, however many samples share the newest one', async () => {
    const rows = [`${iso(0)},a,50`, `${iso(5)},a,50`, '2099-01-01T00:00:00Z,a,50', '2099-01-01T00:00:00Z,b,50'];
    const files = await write({ 'a.csv': `time,host,percent\n${rows.join('\n')}\n` });

    expect(await recordingEnd(files)).toMatchObject({
      end: Date.UTC(2099, 0, 1) + 1,
      endBefore: NOON - HOUR + 5 * MINUTE + 1,
    });
  });
});

/** When recordings end. */
import { describe, expect, it } from 'vitest';
import { newestSampleEnd } from '../../../adapters/trace-file/newest.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { iso, write } from './files.ts';

describe('the end of recordings', () => {
  it('is just after the newest sample of all files', async () => {
    const files = await write({
      'a.csv': `time,host,percent\n${iso(30)},a,50\n${iso(10)},a,50\n${iso(50)},a,\n`,
      'b.ndjson': `{"time":"${iso(20)}","host":"b","percent":1}`,
    });

    expect(await newestSampleEnd(files)).toBe(NOON - 30 * MINUTE + 1);
  });

  it('is the end of a grid’s last sample', async () => {
    const files = await write({ 'a.ndjson': `{"id":"a","step":60,"start":"${iso(0)}","v":[1,2,null]}` });

    expect(await newestSampleEnd(files)).toBe(NOON - 58 * MINUTE);
  });

  it('is not known where no sample has a time, and of files that cannot be read', async () => {
    const files = await write({ 'a.ndjson': `{"id":"a","step":60,"v":[1,2]}`, 'b.csv': 'x' });

    expect(await newestSampleEnd([...files, '/nowhere/c.csv'])).toBeUndefined();
  });
});

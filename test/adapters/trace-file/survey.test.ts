/** When recordings end. */
import { describe, expect, it } from 'vitest';
import { surveyTraces } from '../../../adapters/trace-file/survey.ts';
import { HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { iso, write } from './files.ts';

describe('the end of recordings', () => {
  it('is just after the newest sample of all files', async () => {
    const files = await write({
      'a.csv': `time,host,percent\n${iso(30)},a,50\n${iso(10)},a,50\n${iso(50)},a,\n`,
      'b.ndjson': `{"time":"${iso(20)}","host":"b","percent":1}`,
    });

    expect((await surveyTraces(files)).recorded).toEqual({
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

    expect((await surveyTraces(files)).recorded).toMatchObject({
      end: NOON - 58 * MINUTE,
      endBefore: NOON - 59 * MINUTE,
    });
  });

  it('is not known where no sample has a time, and of files that cannot be read', async () => {
    const files = await write({ 'a.ndjson': `{"id":"a","step":60,"v":[1,2]}`, 'b.csv': 'x' });

    expect((await surveyTraces([...files, '/nowhere/c.csv'])).recorded).toBeUndefined();
  });

  it('comes with the end before it, however many samples share the newest time', async () => {
    const rows = [`${iso(0)},a,50`, `${iso(5)},a,50`, '2099-01-01T00:00:00Z,a,50', '2099-01-01T00:00:00Z,b,50'];
    const files = await write({ 'a.csv': `time,host,percent\n${rows.join('\n')}\n` });

    expect((await surveyTraces(files)).recorded).toMatchObject({
      end: Date.UTC(2099, 0, 1) + 1,
      endBefore: NOON - HOUR + 5 * MINUTE + 1,
    });
  });

  it('is not set by a time of the future, unless there are no others', async () => {
    const rows = (time: string) => `time,host,percent\n${time}`;
    const files = await write({
      'a.csv': rows(`${iso(5)},a,50\n2099-01-01T00:00:00Z,a,50\n`),
      'b.csv': rows('2099-01-02T00:00:00Z,a,50\n'),
    });

    const all = await surveyTraces(files, { notAfter: NOON });
    const ofFuture = await surveyTraces(files.slice(1), { notAfter: NOON });

    expect(all.recorded?.end).toBe(NOON - HOUR + 5 * MINUTE + 1);
    expect(all.future).toEqual({ count: 2, latest: Date.UTC(2099, 0, 2), file: files[1] });
    expect(ofFuture).toMatchObject({ recorded: { end: Date.UTC(2099, 0, 2) + 1 }, future: undefined });
  });
});

/** What lines of trace files are read as. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { iso, LAST_HOUR, readFiles, readText, samplesOf, write } from './files.ts';

const { start } = LAST_HOUR.window;

describe('rows of a trace file', () => {
  it.each<[string, string | number]>([
    ['ISO 8601 in UTC', iso(5)],
    ['ISO 8601 with an offset', '2026-11-20T12:05:00+01:00'],
    ['ISO 8601 with a blank', '2026-11-20 11:05Z'],
    ['seconds since 1970', start / 1000 + 300],
    ['milliseconds since 1970', start + 5 * MINUTE],
  ])('have times in %s', async (_, time) => {
    const [csv] = await readText('x.csv', `time,host,percent\n${time},a,50\n`);
    const [ndjson] = await readText('x.ndjson', JSON.stringify({ time, host: 'a', percent: 50 }));

    expect(samplesOf(csv)).toEqual([[5, 0.5]]);
    expect(samplesOf(ndjson)).toEqual([[5, 0.5]]);
  });

  it.each([
    ['fraction', '0.25', { metric: 'system.memory.utilization', unit: '1' }, 0.25],
    ['percent', '25', { metric: 'system.memory.utilization', unit: '1' }, 0.25],
    ['bytes', '1073741824', { metric: 'system.memory.usage', unit: 'By' }, 1_073_741_824],
  ])('have a value in %s', async (measure, value, said, expected) => {
    const [csv] = await readText('x.csv', `time,host,${measure}\n${iso(0)},a,${value}\n`);
    const [ndjson] = await readText('x.ndjson', `{"time":"${iso(0)}","host":"a","${measure}":${value}}\n`);

    expect(csv).toMatchObject(said);
    expect(samplesOf(csv)).toEqual([[0, expected]]);
    expect(ndjson).toMatchObject(said);
    expect(samplesOf(ndjson)).toEqual([[0, expected]]);
  });

  it('have the host’s limit beside bytes, the last one given', async () => {
    const [reading] = await readText(
      'x.csv',
      `time,host,bytes,limit\n${iso(0)},a,10,100\n${iso(5)},a,20,200\n${iso(10)},a,30,\n`,
    );

    expect(reading).toMatchObject({ unit: 'By', limit: 200 });
  });

  it('have no sample where the value is empty', async () => {
    const [csv] = await readText('x.csv', `time,host,percent\n${iso(0)},a,\n${iso(5)},a,50\n`);
    const [ndjson] = await readText('x.ndjson', `{"time":"${iso(0)}","host":"a","percent":null}`);

    expect(samplesOf(csv)).toEqual([[5, 0.5]]);
    expect(samplesOf(ndjson)).toEqual([]);
  });

  it('may have quotes, columns of others in any order, a byte order mark and the line ends of Windows', async () => {
    const text = `\uFEFF"percent","note","Host","time"\r\n50,"calls ""hi"", loudly","a, b","${iso(0)}"\r\n`;

    const [reading] = await readText('x.csv', text);

    expect(reading).toMatchObject({ resource: { id: 'a, b' } });
    expect(samplesOf(reading)).toEqual([[0, 0.5]]);
  });

  it('may be gzipped, whatever the file’s name', async () => {
    const [reading] = await readText('x.csv', gzipSync(`time,host,percent\n${iso(0)},a,50\n`));

    expect(samplesOf(reading)).toEqual([[0, 0.5]]);
  });

  it.each([
    [
      'a time without a zone',
      '2026-11-20T11:00:00,a,50',
      'the time has no zone: name it with --timezone, for example --timezone Europe/Berlin or UTC (2026-11-20T11:00:00)',
    ],
    [
      'a time that is none',
      'noon,a,50',
      'the time is neither ISO 8601 nor seconds, milliseconds, microseconds or nanoseconds since 1970 (noon)',
    ],
    ['no time', ',a,50', 'the time is missing'],
    ['no host', `${iso(0)},,50`, 'host is empty'],
    ['a value that is no number', `${iso(0)},a,NaN`, 'percent is no number; it may be empty (NaN)'],
    ['too few cells', `${iso(0)},a`, 'the row has no cell for percent'],
    ['a quote that is not closed', `${iso(0)},"a,50`, 'a quote is not closed'],
    [
      'far more memory than there is',
      `${iso(0)},a,206`,
      'percent is far above 100: state its unit, for example with --unit MiB (206)',
    ],
    ['less memory than none', `${iso(0)},a,-1`, 'percent is below 0 (-1)'],
  ])('with %s are reported with their line, and the others are read', async (_, line, why) => {
    const readings = await readText('x.csv', `time,host,percent\n${iso(5)},a,50\n\n${line}\n`);

    const scope = { provider: 'local', account: 'x.csv', region: 'file' };
    expect(readings).toMatchObject([
      { kind: 'unreadable', scope, reason: 'malformed', detail: `1 of 2 rows: ${why}; at line 4` },
      { kind: 'series', resource: { ...scope, id: 'a' } },
    ]);
  });

  it.each([
    [
      'two values',
      `{"time":"${iso(0)}","host":"a","percent":1,"fraction":0.1}`,
      /exactly one of fraction, percent and bytes/,
    ],
    ['no value', `{"time":"${iso(0)}","host":"a"}`, /exactly one of fraction, percent and bytes/],
    ['a host that is no text', `{"time":"${iso(0)}","host":7,"percent":1}`, /host: /],
    ['a time that is none', `{"time":"now","host":"a","percent":1}`, /the time is neither ISO 8601 .*\(now\)/],
    ['a list', `[1, 2]`, /./],
    ['no JSON', `{"time":0,`, /the line is not JSON \(\{"time":0,\)/],
  ])('of JSON with %s are reported with their line', async (_, line, why) => {
    const readings = await readText('x.ndjson', `{"time":"${iso(0)}","host":"a","percent":10}\n${line}\n`);

    expect(readings).toMatchObject([
      { kind: 'unreadable', detail: expect.stringMatching(/^1 of 2 rows: .*; at line 2$/) },
      {},
    ]);
    expect(readings).toMatchObject([{ detail: expect.stringMatching(why) }, {}]);
  });

  it('must keep to one unit for a host', async () => {
    const lines = [{ percent: 10 }, { bytes: 10 }].map((value) =>
      JSON.stringify({ time: iso(0), host: 'a', ...value }),
    );

    const readings = await readText('x.ndjson', lines.join('\n'));

    expect(readings).toMatchObject([
      {
        kind: 'unreadable',
        detail: '1 of 2 rows: its host is in this file already, in another layout or unit (a); at line 2',
      },
      { kind: 'series', unit: '1' },
    ]);
  });

  it('may be a little over the limit, as some collectors report it', async () => {
    const [reading] = await readText('x.csv', `time,host,percent\n${iso(0)},a,104\n`);

    expect(samplesOf(reading)).toEqual([[0, 1.04]]);
  });

  it('must be within the limit that they state', async () => {
    const readings = await readText(
      'x.csv',
      `time,host,bytes,limit\n${iso(0)},a,90,100\n${iso(5)},a,210,100\n${iso(10)},a,1,0\n`,
    );

    expect(readings).toMatchObject([
      { detail: '1 of 3 rows: bytes is far above limit (210); at line 3' },
      { detail: '1 of 3 rows: limit is not above 0 (0); at line 4' },
      { kind: 'series' },
    ]);
  });

  it('that are malformed in one way are reported once, with their number and the first line', async () => {
    const readings = await readText('x.csv', `time,host,percent\n${iso(0)},a,50\n${'nonsense\n'.repeat(5_000)}`);

    expect(readings).toMatchObject([
      { kind: 'unreadable', detail: '5,000 of 5,001 rows: host is empty; first at line 3' },
      { kind: 'series' },
    ]);
  });

  it('that are in another unit than their column states make their host unreadable', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => `${iso(index)},${index % 2 === 0 ? 'a' : 'b'},4${index}`);

    const readings = await readText('x.csv', `time,host,fraction\n${rows.join('\n')}\n${iso(0)},c,0.5\n`);

    expect(readings).toMatchObject([
      {
        scope: { account: 'x.csv' },
        detail: '10 of 11 rows: fraction is far above 1: if it is percent, add --unit percent (40); first at line 2',
      },
      {
        scope: { id: 'a' },
        detail:
          'none of its 5 rows can be used: fraction is far above 1: if it is percent, add --unit percent (40); first at line 2',
      },
      {
        scope: { id: 'b' },
        detail:
          'none of its 5 rows can be used: fraction is far above 1: if it is percent, add --unit percent (41); first at line 3',
      },
      { kind: 'series', resource: { id: 'c' } },
    ]);
  });

  it('of a host that has no others are reported at the host alone', async () => {
    const readings = await readText(
      'x.csv',
      `time,host,percent\nnoon,a,1\n${iso(0)},b,10\n${iso(0)},c,-1\n${iso(5)},c,-2\n`,
    );

    expect(readings).toMatchObject([
      { scope: { id: 'a' }, detail: expect.stringMatching(/^its only row cannot be used: the time .*; at line 2$/) },
      { scope: { id: 'c' }, detail: 'none of its 2 rows can be used: percent is below 0 (-1); first at line 4' },
      { kind: 'series', resource: { id: 'b' } },
    ]);
  });

  it('are not reported when their host is left out', async () => {
    const files = await write({ 'x.csv': `time,host,percent\n${iso(0)},a,500\nnoon,a,50\n${iso(0)},b,50\n` });
    const filters = [{ exclude: [{ id: 'a' }] }];

    const readings = await Array.fromAsync(
      traceFileSource({ files }).read({ metric: MEMORY_UTILIZATION, span: LAST_HOUR, filters }, { count() {} }),
    );

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'b' } }]);
  });
});

describe('a file that is no trace', () => {
  it.each([
    [
      'names other columns',
      'when,who,what\n1,2,3\n',
      /^x\.csv:1: its header names the columns when, who, what; it must name time, host and one of/,
    ],
    ['names two units', 'time,host,percent,bytes\n', /the columns time, host, percent, bytes; it must name/],
    ['is a list of JSON', '[\n{"time":0,"host":"a","percent":1}]', /^x\.csv:1: a list: NDJSON has one object a line/],
    ['is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), /^x\.csv is no text in UTF-8 or UTF-16/],
    ['is empty', '\n\n', /^x\.csv is empty/],
  ])('is reported as such when it %s', async (_, content, message) => {
    await expect(readText('x.csv', content)).rejects.toThrow(message);
  });

  it('is reported as no regular file when it is a pipe, which is not waited for', async () => {
    const [file = ''] = await write({ 'x.csv': '' });
    const pipe = `${file}.pipe`;
    await promisify(execFile)('mkfifo', [pipe]);

    await expect(readFiles([pipe])).rejects.toThrow(/^cannot read .*x\.csv\.pipe: a regular file is needed, .* pipe/);
    await expect(readFiles(['-'])).rejects.toThrow(/^cannot read -: a regular file is needed/);
  });

  it('is reported in words when it does not exist or is a folder', async () => {
    await expect(readFiles(['/nowhere/x.csv'])).rejects.toThrow('cannot read /nowhere/x.csv: there is no such file');
    await expect(readFiles(['/'])).rejects.toThrow('cannot read /: it is a folder');
  });
});

describe('grids of a trace file', () => {
  const SIX = '[10,20,30,null,50,60]';

  it('end at the window’s end where they do not state when they began', async () => {
    const [reading] = await readText('x.ndjson', `{"id":"a","step":300,"v":${SIX},"label":"healthy"}`);

    expect(samplesOf(reading)).toEqual([
      [30, 0.1],
      [35, 0.2],
      [40, 0.3],
      [50, 0.5],
      [55, 0.6],
    ]);
  });

  it('stand where they state', async () => {
    const [reading] = await readText('x.ndjson', `{"id":"a","step":60,"start":"${iso(-2)}","v":${SIX}}`);

    expect(samplesOf(reading)?.map(([minute]) => minute)).toEqual([0]);
    expect(samplesOf(reading)?.[0]?.[1]).toBeCloseTo((0.3 + 0.5 + 0.6) / 3, 12);
  });

  it('leave out the values that memory cannot have, and report them', async () => {
    const [reading, ...reported] = await readText('x.ndjson', `{"id":"a","step":300,"v":[10,400,30,null]}`);

    expect(samplesOf(reading)?.map(([, value]) => value)).toEqual([0.1, 0.3]);
    expect(reported).toMatchObject([
      {
        detail:
          '1 of 1 row: some values are left out: percent is far above 100: state its unit, for example with --unit MiB (400); at line 1',
      },
    ]);
  });

  it('make their host unreadable when memory can have none of their values', async () => {
    const readings = await readText('x.ndjson', `{"id":"a","step":300,"v":[400,500]}`);

    expect(readings).toMatchObject([
      {
        kind: 'unreadable',
        scope: { id: 'a' },
        detail: 'percent is far above 100: state its unit, for example with --unit MiB (400); at line 1',
      },
    ]);
  });

  it('that are no numbers are reported in the same words, wherever they stand', async () => {
    const grid = (v: unknown[]) => JSON.stringify({ id: 'a', step: 300, v });

    const readings = await readText('x.ndjson', [grid([10]), grid(['x']), grid([10, 'x'])].join('\n'));

    expect(readings).toMatchObject([{ kind: 'series' }, { detail: expect.stringMatching(/^2 of 3 rows: v\[…\]: /) }]);
  });

  it('are reported at their own host when they cannot be understood', async () => {
    const readings = await readText('x.ndjson', `{"id":"a","step":0,"v":${SIX}}\n{"id":"b","step":60,"v":${SIX}}`);

    expect(readings).toMatchObject([
      { kind: 'unreadable', scope: { id: 'a' }, detail: expect.stringMatching(/^step: .*; at line 1$/) },
      { kind: 'series', resource: { id: 'b' } },
    ]);
  });

  it('are not reported when their host is left out', async () => {
    const files = await write({ 'x.ndjson': `{"id":"a","step":0,"v":${SIX}}\n{"id":"b","step":60,"v":${SIX}}` });
    const source = traceFileSource({ files });

    const readings = await Array.fromAsync(
      source.read(
        { metric: MEMORY_UTILIZATION, span: LAST_HOUR, filters: [{ exclude: [{ id: 'a' }] }] },
        { count() {} },
      ),
    );

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'b' } }]);
  });

  it('that are longer than any trace are passed over without being kept', async () => {
    const long = `{"id":"a","step":60,"v":[${'1,'.repeat(9_000_000)}1]}`;

    const readings = await readText('x.ndjson', `{"id":"b","step":60,"v":${SIX}}\n${long}\n`);

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: 'b' } },
      {
        kind: 'unreadable',
        reason: 'malformed',
        detail: '1 of 2 rows: the line is too long to be one of a trace; at line 2',
      },
    ]);
  });
});

describe('a list of trace files', () => {
  it('gives each file its own account', async () => {
    const text = `time,host,percent\n${iso(0)},a,50\n`;

    const readings = await readFiles(await write({ 'monday.csv': text, 'tuesday.csv': text }));

    expect(readings.map((reading) => reading.kind === 'series' && reading.resource.account)).toEqual([
      'monday.csv',
      'tuesday.csv',
    ]);
  });

  it('distinguishes files of the same base name by as many folders as are needed', async () => {
    const [root] = await write({ 'y.csv': `time,host,percent\n${iso(0)},a,50\n` });
    const folder = dirname(root ?? '');
    const files = ['a/monday/x.csv', 'b/monday/x.csv', 'tuesday/x.csv'].map((name) => join(folder, name));
    for (const file of files) {
      await mkdir(dirname(file), { recursive: true });
      await copyFile(root ?? '', file);
    }

    const readings = await readFiles([...files, root ?? '']);

    expect(readings.map((reading) => reading.kind === 'series' && reading.resource.account)).toEqual([
      'a/monday/x.csv',
      'b/monday/x.csv',
      'tuesday/x.csv',
      'y.csv',
    ]);
  });

  it('is refused where it has a file twice', () => {
    expect(() => traceFileSource({ files: ['x.csv', './x.csv'] })).toThrow('./x.csv is given twice: give it once');
  });

  it('may be read with a window that has no sample', async () => {
    const [file] = await write({ 'x.csv': `time,host,percent\n${iso(0)},a,50\n` });
    const nextDay = { ...LAST_HOUR, window: { start: NOON + 86_400_000, end: NOON + 90_000_000 } };

    const readings = await readFiles([file ?? ''], nextDay);

    expect(readings.map(samplesOf)).toEqual([[]]);
  });
});

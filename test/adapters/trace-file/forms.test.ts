/** CSV files as spreadsheets, dashboards and databases write them. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TraceOptions } from '../../../adapters/trace-file/options.ts';
import { surveyTraces } from '../../../adapters/trace-file/survey.ts';
import type { Reading } from '../../../core/model/series.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { iso, LAST_HOUR, readText, readWith, samplesOf, write } from './files.ts';

const { start } = LAST_HOUR.window;

/** The samples of each host that can be read. */
function samplesByHost(readings: readonly Reading[]): Record<string, ReturnType<typeof samplesOf>> {
  const series = readings.filter((reading) => reading.kind === 'series');
  return Object.fromEntries(series.map((reading) => [reading.resource.id, samplesOf(reading)]));
}

/** What is reported of everything that cannot be read. */
function detailsOf(readings: readonly Reading[]): string[] {
  return readings.flatMap((reading) => (reading.kind === 'unreadable' ? [reading.detail] : []));
}

const ONE = { 'web-1': [[5, 0.255]] };

describe('the columns of a trace file', () => {
  it.each<[string, string]>([
    ['semicolons and decimal commas', `time;host;percent\n${iso(5)};web-1;25,5\n`],
    ['semicolons and points', `time;host;percent\n${iso(5)};web-1;25.5\n`],
    ['tabs', `time\thost\tpercent\n${iso(5)}\tweb-1\t25,5\n`],
    ['bars', `time|host|percent\n${iso(5)}|web-1|25.5\n`],
    ['a line for Excel', `sep=;\r\ntime;host;percent\r\n${iso(5)};web-1;25,5\r\n`],
    ['a title above the header', `Memory of the week\n\ntime,host,percent\n${iso(5)},web-1,25.5\n`],
    ['a decimal comma in quotes', `time,host,percent\n${iso(5)},web-1,"25,5"\n`],
    ['quotes that hold separators', `note,time,host,percent\n"a, ""b""",${iso(5)},web-1,25.5\n`],
    ['a sign of percent in the cells', `time,host,value\n${iso(5)},web-1,25.5 %\n`],
    ['a unit in the name', `time,host,mem_used_percent\n${iso(5)},web-1,25.5\n`],
    ['a unit in brackets', `Time,Host,Memory used [%]\n${iso(5)},web-1,25.5\n`],
    ['other names', `@timestamp,instance_id,MemoryUtilizationPercent\n${iso(5)},web-1,25.5\n`],
    ['date and clock apart', `date,time,host,percent\n2026-11-20,11:05:00 UTC,web-1,25.5\n`],
    ['a carriage return alone at line ends', `time,host,percent\r${iso(5)},web-1,25.5\r`],
    ['a header that comes again', `time,host,percent\n${iso(5)},web-1,25.5\ntime,host,percent\n`],
    ['available percent', `time,host,available percent\n${iso(5)},web-1,74.5\n`],
  ])('are read with %s', async (_, text) => {
    const readings = await readText('x.csv', text);

    expect(detailsOf(readings)).toEqual([]);
    const [[minute, value] = []] = samplesByHost(readings)['web-1'] ?? [];
    expect(minute).toBe(5);
    expect(value).toBeCloseTo(0.255, 12);
  });

  it.each<[string, Buffer]>([
    ['UTF-8 with its mark', Buffer.from(`\uFEFFtime,host,percent\n${iso(5)},web-1,25.5\n`)],
    ['UTF-16 with its mark', Buffer.from(`\uFEFFtime,host,percent\n${iso(5)},web-1,25.5\n`, 'utf16le')],
    ['UTF-16 without', Buffer.from(`time,host,percent\n${iso(5)},web-1,25.5\n`, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\uFEFFtime,host,percent\n${iso(5)},web-1,25.5\n`, 'utf16le').swap16()],
  ])('are read in %s, gzipped or not', async (_, content) => {
    expect(samplesByHost(await readText('x.csv', content))).toEqual(ONE);
    expect(samplesByHost(await readText('x.csv.gz', gzipSync(content)))).toEqual(ONE);
  });

  it('without one for hosts are of one host, which the file names', async () => {
    const readings = await readText('web-1.csv', `time,percent\n${iso(5)},25.5\n`);

    expect(samplesByHost(readings)).toEqual(ONE);
  });

  it('may each be a host, with units in header or cells', async () => {
    const readings = await readText(
      'x.csv',
      `"Time","web-1 (%)","{instance=""web-2:9100"", job=""node""}"\n${iso(5)},25.5,40%\n${iso(10)},,41 %\n`,
    );

    expect(samplesByHost(readings)).toEqual({
      'web-1': [[5, 0.255]],
      'web-2:9100': [
        [5, 0.4],
        [10, 0.41],
      ],
    });
  });

  it.each<[string, string]>([
    ['the values', `time,host,fraction\n${iso(5)},web-1,0,659\n`],
    ['the values below a header with a comma at its end', `time,host,fraction,\n${iso(5)},web-1,0,659\n`],
    ['the values before the hosts', `time,percent,host\n${iso(5)},25,5,web-1\n`],
    ['the values of several hosts', `time,web-1 (%),web-2 (%)\n${iso(5)},25,5,40,1\n`],
  ])('are exceeded by rows with decimal commas in %s, which are refused', async (_, text) => {
    const readings = await readText('x.csv', text);

    expect(readings).toMatchObject([{ kind: 'unreadable', scope: { account: 'x.csv' } }]);
    expect(detailsOf(readings)).toEqual([
      expect.stringMatching(/^1 of 1 row: the row has more cells than the header: .* 0\.659 .*semicolons.* quote/),
    ]);
  });

  it('are exceeded by rows in a file with another separator, which are refused without a word on commas', async () => {
    const readings = await readText('x.csv', `time;host;percent\n${iso(5)};web-1;25,5;9\n`);

    expect(detailsOf(readings)).toEqual([
      expect.stringMatching(/^1 of 1 row: the row has more cells than the header \(.*\); at line 2$/),
    ]);
  });

  it('may be followed by empty cells', async () => {
    expect(samplesByHost(await readText('x.csv', `time,host,percent\n${iso(5)},web-1,25.5, ,\n`))).toEqual(ONE);
  });

  it.each([
    ['used kB', 1e3],
    ['used KiB', 1024],
    ['used MiB', 1024 ** 2],
    ['Memory used MiB', 1024 ** 2],
    ['MemUsedMiB', 1024 ** 2],
    ['RAMUsed_GiB', 1024 ** 3],
    ['used MB', 1e6],
  ])('are read with a unit of bytes in the name %s', async (name, bytes) => {
    const readings = await readText('x.csv', `time,host,${name}\n${iso(5)},web-1,2\n`);

    expect(readings).toMatchObject([{ kind: 'series', unit: 'By' }]);
    expect(samplesByHost(readings)).toEqual({ 'web-1': [[5, 2 * bytes]] });
  });

  it('are not guessed where it may be the one beside memory that names hosts', async () => {
    const text = `time,percent,zone\n${iso(5)},25.5,a\n`;

    await expect(readText('x.csv', text)).rejects.toThrow(/name the column of the hosts “host”.* zone/);
  });

  it.each([
    [
      'no header',
      `${iso(5)},web-1,25.5\n`,
      /^x\.csv:1: its first line is a row of values .*put the names of its columns above it/,
    ],
    ['columns separated by blanks', `time host percent\n`, /separated by a comma, semicolon, tab or \|/],
    ['a web page', `<!DOCTYPE html>\n<html>`, /it looks like XML or HTML/],
    [
      'the metrics of an exporter',
      `# HELP node_memory_MemTotal_bytes Memory.\nx 1\n`,
      /query Prometheus for a range of time/,
    ],
    [
      'an Excel workbook',
      Buffer.from('504b030414000600', 'hex'),
      /^x\.csv is a ZIP archive or an Excel workbook: .*CSV/,
    ],
    ['two units', `time,host,percent,bytes\n`, /not both percent and bytes/],
  ])('are requested in one sentence where the file has %s', async (_, content, sentence) => {
    await expect(readText('x.csv', content)).rejects.toThrow(sentence);
  });

  it('may name the metric of each row, of which the first one is read', async () => {
    const text = `_time,_value,_field,host\n${iso(5)},25.5,used_percent,web-1\n${iso(10)},3,swap_percent,web-1\n`;

    const readings = await readWith({ unit: 'percent' }, 'x.csv', text);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(/another metric than the first.*\(swap_percent\)/)]);
    expect(samplesByHost(readings)).toEqual(ONE);
  });

  it('that state free memory are refused, because it counts the page cache as used', async () => {
    const readings = await readText('x.csv', `time,host,free_percent\n${iso(5)},web-1,70\n`);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(/free memory counts the page cache as used/)]);
  });
});

describe('the unit of a trace file', () => {
  it.each<[NonNullable<TraceOptions['unit']>, string, string, number]>([
    ['percent', '25.5', '1', 0.255],
    ['fraction', '0.255', '1', 0.255],
    ['bytes', '1000000', 'By', 1e6],
    ['kB', '1000', 'By', 1e6],
    ['MiB', '1.5', 'By', 1_572_864],
    ['GiB', '2', 'By', 2_147_483_648],
  ])('is %s where --unit names it', async (unit, cell, expectedUnit, value) => {
    const [reading] = await readWith({ unit }, 'web-1.csv', `time,value\n${iso(5)},${cell}\n`);

    expect(reading).toMatchObject({ kind: 'series', unit: expectedUnit });
    expect(samplesOf(reading)).toEqual([[5, value]]);
  });

  it('holds for the size of the host as well, where its column states none', async () => {
    const [reading] = await readWith({ unit: 'MiB' }, 'x.csv', `time,host,total,used\n${iso(5)},web-1,1024,512\n`);

    expect(reading).toMatchObject({ unit: 'By', limit: 2 ** 30 });
    expect(samplesOf(reading)).toEqual([[5, 2 ** 29]]);
  });

  it('is requested where nothing states it', async () => {
    const readings = await readText('web-1.csv', `time,value\n${iso(5)},25.5\n`);

    expect(detailsOf(readings)).toEqual([
      'its only row cannot be used: its values have no unit: add --unit with percent, fraction, bytes, MiB or the like (25.5); at line 2',
    ]);
  });

  it.each<[string, readonly number[], string]>([
    ['one spikes', [...Array<number>(59).fill(0.3), 1.2], '59 of its 60 values are from 0.3 to 0.3'],
    [
      'a leak exceeds 1',
      Array.from({ length: 60 }, (_, at) => 0.475 + at / 100),
      '58 of its 60 values are from 0.475 to',
    ],
    ['one is of another unit', [...Array<number>(58).fill(0.3), 66, 0.4], '59 of its 60 values are from 0.3 to 0.4'],
  ])('is doubtful where nearly all percent of a host may be fractions and %s', async (_, values, range) => {
    const rows = values.map((value, minute) => `${iso(minute)},web-1,${value}`);
    const lines = values.map((percent, minute) => JSON.stringify({ time: iso(minute), host: 'web-1', percent }));
    const wide = values.map((value, minute) => `${iso(minute)},${value}`);

    const csv = await readText('x.csv', `time,host,percent\n${rows.join('\n')}\n`);
    const ndjson = await readText('y.ndjson', lines.join('\n'));
    const columns = await readText('z.csv', `time,web-1 (%)\n${wide.join('\n')}\n`);

    for (const readings of [csv, ndjson, columns]) {
      expect(detailsOf(readings)).toEqual([expect.stringContaining(`percent may be fractions, because ${range}`)]);
    }
  });

  it('is not doubtful where more percent of a host are above 1', async () => {
    const rows = Array.from({ length: 60 }, (_, minute) => `${iso(minute)},web-1,${minute < 55 ? 0.8 : 2}`);

    expect(detailsOf(await readText('x.csv', `time,host,percent\n${rows.join('\n')}\n`))).toEqual([]);
  });

  it('is doubtful where all percent of a host are at most 1, until --unit settles it', async () => {
    const text = `time,host,percent\n${iso(5)},web-1,0.3\n${iso(10)},web-1,0.6\n${iso(5)},web-2,40\n`;

    const readings = await readText('x.csv', text);
    const asFractions = await readWith({ unit: 'fraction' }, 'y.csv', text.replace(`${iso(5)},web-2,40\n`, ''));
    const asPercent = await readWith({ unit: 'percent' }, 'z.csv', text);

    expect(readings).toMatchObject([
      {
        kind: 'unreadable',
        scope: { id: 'web-1' },
        detail:
          'percent may be fractions, because all of its 2 values are from 0.3 to 0.6: add --unit fraction, or --unit percent if it is percent',
      },
      { kind: 'series', resource: { id: 'web-2' } },
    ]);
    expect(samplesByHost(asFractions)).toEqual({
      'web-1': [
        [5, 0.3],
        [10, 0.6],
      ],
    });
    expect(samplesByHost(asPercent)['web-1']).toEqual([
      [5, 0.003],
      [10, 0.006],
    ]);
  });

  it('turns available bytes into used ones by the size of the host, and is refused without it', async () => {
    const text = `time,host,available_bytes\n${iso(5)},web-1,1073741824\n`;

    const readings = await readText('x.csv', text);
    const [withCapacity] = await readWith({ capacity: 4 * 2 ** 30 }, 'y.csv', text);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(/needs the size of the host: add --capacity/)]);
    expect(withCapacity).toMatchObject({ kind: 'series', unit: 'By', limit: 4 * 2 ** 30 });
    expect(samplesOf(withCapacity)).toEqual([[5, 3 * 2 ** 30]]);
  });

  it('may exceed full: what a host reaches for a while is its full memory, and a remark states it', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `${iso(index * 5)},node-1,${90 + index * 3}`);
    const text = `time,host,percent\n${rows.join('\n')}\n`;

    const [reading] = await readText('x.csv', text);
    const { remarks } = await surveyTraces(await write({ 'x.csv': text }));

    const values = samplesOf(reading)?.map(([, value]) => value) ?? [];
    expect(values).toHaveLength(12);
    expect(values[0]).toBeCloseTo(90 / 114, 12);
    expect(values.at(-1)).toBe(1.05);
    expect(remarks).toEqual([
      'x.csv: 6 values are more than there can be, up to 123 percent of node-1: what a host reaches for an hour or more is taken as its full memory.',
    ]);
  });

  it('may exceed full once, which does not change the full memory', async () => {
    const rows = [50, 190, 50, 50].map((percent, index) => `${iso(index * 5)},node-1,${percent}`);

    const [reading] = await readText('x.csv', `time,host,percent\n${rows.join('\n')}\n`);

    expect(samplesOf(reading)?.map(([, value]) => value)).toEqual([0.5, 1.05, 0.5, 0.5]);
  });

  it('refuses bytes that no host has', async () => {
    const readings = await readWith({ unit: 'TiB' }, 'x.csv', `time,host,used\n${iso(5)},web-1,1e300\n`);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(/bytes is more than any host has/)]);
  });

  it('refuses a comma that may separate thousands', async () => {
    const readings = await readText('x.csv', `time,host,bytes\n${iso(5)},web-1,"1,234"\n`);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(/comma that may be decimal or separate thousands/)]);
  });
});

describe('the times of a trace file', () => {
  const seconds = start / 1000 + 300;

  it.each<[string, string]>([
    ['seconds', String(seconds)],
    ['seconds with a fraction', `${seconds}.000`],
    ['milliseconds', `${seconds}000`],
    ['microseconds', `${seconds}000000`],
    ['nanoseconds', `${seconds}000000000`],
    ['a zone in words', '2026-11-20 11:05:00 UTC'],
    ['an offset of hours', '2026-11-20 12:05:00+01'],
    ['an offset without a colon', '2026-11-20T12:05:00 +0100'],
    ['slashes, year first', '2026/11/20 11:05:00Z'],
    ['points, day first', '20.11.2026 11:05 UTC'],
  ])('are read in %s', async (_, time) => {
    expect(samplesByHost(await readText('x.csv', `time,host,percent\n${time},web-1,25.5\n`))).toEqual(ONE);
  });

  it('without a zone are in that of --timezone, summer or winter', async () => {
    const options = { timeZone: 'Europe/Berlin' };
    const july = Date.UTC(2026, 6, 1, 10);
    const span = { ...LAST_HOUR, window: { start: july, end: july + 60 * MINUTE } };

    const [winter] = await readWith(options, 'a.csv', 'time,host,percent\n2026-11-20 12:05:00,a,50\n');
    const [summer] = await readWith(options, 'b.csv', 'time,host,percent\n2026-07-01 12:05,a,50\n', span);

    expect(samplesOf(winter)).toEqual([[5, 0.5]]);
    expect(samplesOf(summer)).toEqual([[5, 0.5]]);
  });

  it('are in UTC where the header states it', async () => {
    expect(samplesByHost(await readText('x.csv', 'Time (UTC),host,percent\n2026-11-20 11:05,web-1,25.5\n'))).toEqual(
      ONE,
    );
  });

  it.each([
    [
      'a number of another kind',
      '12345',
      /not from 2000 to 2100 in seconds, milliseconds, microseconds or nanoseconds .*\(12345\)/,
    ],
    ['a number beyond all', '1e300', /not from 2000 to 2100 in seconds/],
    ['a negative number', '-5', /not from 2000 to 2100 in seconds/],
    ['a day of Excel', '46346.5', /a day number of Excel/],
    ['the year 9999', '9999-01-01T00:00:00Z', /the time is not from 2000 to 2100 \(9999/],
    ['the month 13', '2026-13-01T00:00:00Z', /neither ISO 8601/],
    ['a month that may be a day', '11/12/2026 11:05', /may begin with the day or with the month/],
  ])('are refused as %s, and the others are read', async (_, time, why) => {
    const readings = await readText('x.csv', `time,host,percent\n${iso(5)},web-1,25.5\n${time},web-1,30\n`);

    expect(detailsOf(readings)).toEqual([expect.stringMatching(why)]);
    expect(samplesByHost(readings)).toEqual(ONE);
  });
});

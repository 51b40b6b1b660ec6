/** What lines of trace files are read as. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
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
    const text = `\uFEFF"percent","note","Host","time"\r\n50,"says ""hi"", loudly","a, b","${iso(0)}"\r\n`;

    const [reading] = await readText('x.csv', text);

    expect(reading).toMatchObject({ resource: { id: 'a, b' } });
    expect(samplesOf(reading)).toEqual([[0, 0.5]]);
  });

  it('may be gzipped, whatever the file’s name', async () => {
    const [reading] = await readText('x.csv', gzipSync(`time,host,percent\n${iso(0)},a,50\n`));

    expect(samplesOf(reading)).toEqual([[0, 0.5]]);
  });

  it.each([
    ['a time without a zone', '2026-11-20T11:00:00,a,50', /time must be ISO 8601 with a zone/],
    ['no host', `${iso(0)},,50`, /host is empty/],
    ['a value that is no number', `${iso(0)},a,NaN`, /percent must be a number/],
    ['too few cells', `${iso(0)},a`, /percent must be a number/],
    ['a quote that is not closed', `${iso(0)},"a,50`, /a quote/],
  ])('with %s are told by file and line', async (_, line, why) => {
    const readings = await readText('x.csv', `time,host,percent\n${iso(5)},a,50\n\n${line}\n`);

    const scope = { provider: 'local', account: 'x.csv', region: 'file' };
    expect(readings).toMatchObject([
      { kind: 'unreadable', scope, reason: 'malformed', detail: expect.stringMatching(/^x\.csv:4: /) },
      { kind: 'series', resource: { ...scope, id: 'a' } },
    ]);
    expect(readings).toMatchObject([{ detail: expect.stringMatching(why) }, {}]);
  });

  it.each([
    ['two values', `{"time":0,"host":"a","percent":1,"fraction":0.1}`, /exactly one of fraction, percent and bytes/],
    ['no value', `{"time":0,"host":"a"}`, /exactly one of fraction, percent and bytes/],
    ['a host that is no text', `{"time":0,"host":7,"percent":1}`, /host: /],
    ['a time that is none', `{"time":"now","host":"a","percent":1}`, /time: must be ISO 8601/],
    ['a list', `[1, 2]`, /./],
  ])('of JSON with %s are told by file and line', async (_, line, why) => {
    const readings = await readText('x.ndjson', `{"time":0,"host":"a","percent":1}\n${line}\n`);

    expect(readings).toMatchObject([{ kind: 'unreadable', detail: expect.stringMatching(/^x\.ndjson:2: /) }, {}]);
    expect(readings).toMatchObject([{ detail: expect.stringMatching(why) }, {}]);
  });

  it('must keep to one unit for a host', async () => {
    const lines = [{ percent: 10 }, { bytes: 10 }].map((value) =>
      JSON.stringify({ time: iso(0), host: 'a', ...value }),
    );

    const readings = await readText('x.ndjson', lines.join('\n'));

    expect(readings).toMatchObject([
      { kind: 'unreadable', detail: expect.stringContaining('x.ndjson:2') },
      { kind: 'series', unit: '1' },
    ]);
  });

  it('that are malformed by the thousand are told by the dozen', async () => {
    const readings = await readText('x.csv', `time,host,percent\n${iso(0)},a,50\n${'nonsense\n'.repeat(5_000)}`);

    expect(readings).toHaveLength(22);
    expect(readings[20]).toMatchObject({ detail: 'x.csv:5002: 4980 more malformed lines up to here' });
  });
});

describe('grids of a trace file', () => {
  const SIX = '[10,20,30,null,50,60]';

  it('end at the window’s end where they do not say when they began', async () => {
    const [reading] = await readText('x.ndjson', `{"id":"a","step":300,"v":${SIX},"label":"healthy"}`);

    expect(samplesOf(reading)).toEqual([
      [30, 0.1],
      [35, 0.2],
      [40, 0.3],
      [50, 0.5],
      [55, 0.6],
    ]);
  });

  it('stand where they say', async () => {
    const [reading] = await readText('x.ndjson', `{"id":"a","step":60,"start":"${iso(-2)}","v":${SIX}}`);

    expect(samplesOf(reading)?.map(([minute]) => minute)).toEqual([0]);
    expect(samplesOf(reading)?.[0]?.[1]).toBeCloseTo((0.3 + 0.5 + 0.6) / 3, 12);
  });

  it('are told at their own host when they cannot be understood', async () => {
    const readings = await readText('x.ndjson', `{"id":"a","step":0,"v":${SIX}}\n{"id":"b","step":60,"v":${SIX}}`);

    expect(readings).toMatchObject([
      { kind: 'unreadable', scope: { id: 'a' }, detail: expect.stringMatching(/^x\.ndjson:1: step: /) },
      { kind: 'series', resource: { id: 'b' } },
    ]);
  });

  it('are not told when nobody asked for their host', async () => {
    const files = await write({ 'x.ndjson': `{"id":"a","step":0,"v":${SIX}}\n{"id":"b","step":60,"v":${SIX}}` });
    const source = traceFileSource({ files });

    const readings = await Array.fromAsync(
      source.read({ span: LAST_HOUR, filters: [{ exclude: [{ id: 'a' }] }] }, { count() {} }),
    );

    expect(readings).toMatchObject([{ kind: 'series', resource: { id: 'b' } }]);
  });

  it('that are longer than any trace are passed over without being kept', async () => {
    const long = `{"id":"a","step":60,"v":[${'1,'.repeat(9_000_000)}1]}`;

    const readings = await readText('x.ndjson', `{"id":"b","step":60,"v":${SIX}}\n${long}\n`);

    expect(readings).toMatchObject([
      { kind: 'series', resource: { id: 'b' } },
      { kind: 'unreadable', reason: 'malformed', detail: 'x.ndjson:2: the line is too long to be one of a trace' },
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

  it('is refused where two files could not be told apart', () => {
    expect(() => traceFileSource({ files: ['monday/x.csv', 'tuesday/x.csv'] })).toThrow(
      /tuesday\/x\.csv: another file/,
    );
  });

  it('may be read by a window that has no sample', async () => {
    const [file] = await write({ 'x.csv': `time,host,percent\n${iso(0)},a,50\n` });
    const nextDay = { ...LAST_HOUR, window: { start: NOON + 86_400_000, end: NOON + 90_000_000 } };

    const readings = await readFiles([file ?? ''], nextDay);

    expect(readings.map(samplesOf)).toEqual([[]]);
  });
});

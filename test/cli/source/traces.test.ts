/** Trace files as people have them, at the prompt: what is found in them, and with which exit code. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../../cli/main.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

async function plimsoll(args: readonly string[]) {
  const { context, out, err } = aContext();
  const code = await run(args, context);
  return { code, out: out(), err: err().replaceAll('\n  ', ' ') };
}

async function write(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** A leak of 0.6 points an hour over the last 60 of 100 hours, from 30 percent, every quarter of an hour until noon. */
const LEAK = Array.from({ length: 400 }, (_, index) => {
  const hour = (index - 400) / 4;
  return { time: NOON + hour * HOUR, percent: 30 + Math.max(0, hour + 60) * 0.6 + Math.sin(index * index) * 0.3 };
});

const iso = (time: number) => new Date(time).toISOString();
const rows = (row: (sample: (typeof LEAK)[number]) => string) => LEAK.map(row).join('\n');

describe('a leak in a trace file', () => {
  it.each<[string, string, string, string, readonly string[]]>([
    [
      'nanoseconds',
      'a.csv',
      'web-1',
      `name,host,time,percent\n${rows(({ time, percent }) => `mem,web-1,${time}000000,${percent}`)}`,
      [],
    ],
    [
      'decimal commas',
      'a.csv',
      'web-1',
      `time;host;percent\n${rows(({ time, percent }) => `${iso(time)};web-1;${percent.toFixed(2).replace('.', ',')}`)}`,
      [],
    ],
    [
      'fractions',
      'a.csv',
      'web-1',
      `time,host,percent\n${rows(({ time, percent }) => `${iso(time)},web-1,${percent / 100}`)}`,
      ['--unit', 'fraction'],
    ],
    [
      'times of a zone',
      'web-1.csv',
      'web-1',
      `Time,Value\n${rows(
        ({ time, percent }) =>
          `${iso(time + HOUR)
            .slice(0, 19)
            .replace('T', ' ')},${percent}`,
      )}`,
      ['--unit', 'percent', '--timezone', 'Europe/Berlin'],
    ],
    [
      'the answer of CloudWatch',
      'web-1.json',
      'web-1',
      JSON.stringify({
        MetricDataResults: [
          {
            Id: 'm1',
            Label: 'mem_used_percent',
            Timestamps: LEAK.map(({ time }) => iso(time)),
            Values: LEAK.map(({ percent }) => percent),
            StatusCode: 'Complete',
          },
        ],
      }),
      [],
    ],
  ])('is confirmed with %s', async (_, name, host, text, options) => {
    const file = await write(name, text);

    const inspected = await plimsoll(['inspect', '--traces', file, ...options]);
    const explained = await plimsoll(['explain', host, '--traces', file, ...options]);

    expect(inspected).toMatchObject({ code: 3, err: '' });
    expect(inspected.out).toMatch(new RegExp(`confirmed +${host} .*\\+0\\.(59|60|61) %/h`));
    expect(explained).toMatchObject({ code: 0, err: '', out: expect.stringContaining('leaking, confirmed') });
  });

  it('in fractions under the name of percent is doubted, and does not end with 0', async () => {
    const file = await write(
      'a.csv',
      `time,host,percent\n${rows(({ time, percent }) => `${iso(time)},web-1,${percent / 100}`)}`,
    );

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(4);
    expect(out).toMatch(
      /percent may be fractions, because all of its 400 values are from 0\.\d+ to 0\.\d+: add --unit fraction/,
    );
  });

  it('that passes full is evaluated to its end, and it is noted how', async () => {
    const file = await write(
      'a.csv',
      `time,host,percent\n${rows(({ time, percent }) => `${iso(time)},node-1,${percent + 60}`)}`,
    );

    const { code, out, err } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(3);
    expect(out).toMatch(/confirmed +node-1/);
    expect(err).toMatch(
      /^note: a\.csv: \d+ values are more than there can be, up to \d+\.\d+ percent of node-1: what a host reaches/,
    );
  });
});

describe('the options of trace files', () => {
  it.each([
    [['--unit', 'parsecs'], 'Give one of fraction, percent, bytes, kB'],
    [['--timezone', 'Europe/Nowhere'], 'Give the name of a time zone, for example Europe/Berlin'],
    [['--capacity', '16'], 'Give a size with its unit, for example 16GiB'],
  ])('refuse %j', async (options, message) => {
    const { code, err } = await plimsoll(['inspect', '--traces', 'x.csv', ...options]);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('belong to --traces', async () => {
    const { code, err } = await plimsoll([
      'inspect',
      '--demo',
      '--unit',
      'MiB',
      '--timezone',
      'UTC',
      '--capacity',
      '8GiB',
    ]);

    expect(code).toBe(1);
    expect(err).toContain(
      '--unit belongs to --traces; --timezone belongs to --traces; --capacity belongs to --traces.',
    );
  });
});

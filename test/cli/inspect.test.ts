import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../cli/main.ts';
import { HOUR, NOON } from '../fixtures/builders.ts';
import { aContext, type ContextOptions } from './a-context.ts';

async function plimsoll(args: readonly string[], options: ContextOptions = {}) {
  const { context, out, err } = aContext(options);
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Writes a trace of 15-minute samples that end at noon, one host per function of the hours before its end. */
async function aTrace(name: string, hosts: Readonly<Record<string, (hour: number) => number>>): Promise<string> {
  const rows = Object.entries(hosts).flatMap(([host, percentAt]) =>
    Array.from({ length: 400 }, (_, index) => {
      const hour = (index - 399) / 4;
      const noise = Math.sin(index * index) * 0.3;
      return `${new Date(NOON + hour * HOUR).toISOString()},${host},${percentAt(hour) + noise}`;
    }),
  );
  const file = join(folder, name);
  await writeFile(file, `time,host,percent\n${rows.join('\n')}\n`);
  return file;
}

const flat = () => 40;
const leaking = (hour: number) => 30 + Math.max(0, hour + 60) * 0.7;

describe('plimsoll inspect --traces', () => {
  it('shows what grows like a leak and ends with 3', async () => {
    const file = await aTrace('two.csv', { 'web-1': flat, 'web-2': leaking });

    const { code, out, err } = await plimsoll(['inspect', '--traces', file]);

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/confirmed +web-2 .*\+0\.70 %\/h/);
    expect(out).not.toContain('web-1');
    expect(out).toContain('hosts      2 known: 2 inspected, 0 uncovered, 0 unreadable');
    expect(out).toMatch(/1 of 2 hosts grows like a leak\.$/);
  });

  it('ends with 0 when nothing does', async () => {
    const file = await aTrace('flat.csv', { 'web-1': flat });

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(0);
    expect(out).toMatch(/0 of 1 host grow like a leak\.$/);
  });

  it('ends with 4 when something could not be read, and says what', async () => {
    const file = await aTrace('broken.csv', { 'web-2': leaking });
    await writeFile(file, 'not,a,sample\n', { flag: 'a' });

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(4);
    expect(out).toContain('broken.csv:402');
    expect(out).toContain('web-2');
  });

  it('prints nothing but JSON lines with --json, one for each host and a summary', async () => {
    const file = await aTrace('json.csv', { 'web-1': flat, 'web-2': leaking });

    const { code, out, err } = await plimsoll(['inspect', '--traces', file, '--json']);

    const lines = out.split('\n').map((line) => JSON.parse(line));
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(lines.map(({ kind, state, host }) => [kind, state, host?.id])).toEqual([
      ['host', 'steady', 'web-1'],
      ['host', 'leaking', 'web-2'],
      ['summary', undefined, undefined],
    ]);
  });

  it('leaves the others out with --only leaking, and still counts them', async () => {
    const file = await aTrace('only.csv', { 'web-1': flat, 'web-2': leaking });

    const { out } = await plimsoll(['inspect', '--traces', file, '--json', '--only', 'leaking']);

    const [host, summary, ...more] = out.split('\n').map((line) => JSON.parse(line));
    expect(host).toMatchObject({ state: 'leaking', host: { id: 'web-2' } });
    expect(summary).toMatchObject({ hosts: { known: 2 }, verdicts: { steady: 1 } });
    expect(more).toEqual([]);
  });

  it('inspects the hosts that the rules let in', async () => {
    const file = await aTrace('rules.csv', { 'web-1': flat, 'web-2': leaking, 'db-1': leaking });

    const { out } = await plimsoll(['inspect', '--traces', file, '--include', 'id=web-*', '--exclude', 'id=*-1']);

    expect(out).toContain('1 of 1 host grows like a leak.');
  });

  it('judges as of the time that is asked for', async () => {
    const file = await aTrace('at.csv', { 'web-2': leaking });
    const beforeTheLeak = new Date(NOON - 62 * HOUR).toISOString();

    const { code } = await plimsoll(['inspect', '--traces', file, '--at', beforeTheLeak]);

    expect(code).toBe(0);
  });

  it('judges as much history as is asked for', async () => {
    const file = await aTrace('look-back.csv', { 'web-2': leaking });

    const { out } = await plimsoll(['inspect', '--traces', file, '--look-back', '24', '--json', '--only', 'leaking']);

    const { window } = JSON.parse(out.split('\n')[0] ?? '');
    expect(Date.parse(window.end) - Date.parse(window.start)).toBe(24 * HOUR);
  });

  it('stops when it is interrupted', async () => {
    const file = await aTrace('stop.csv', { 'web-1': flat });

    const { code, out, err } = await plimsoll(['inspect', '--traces', file], { signal: AbortSignal.abort() });

    expect({ code, out, err }).toEqual({ code: 130, out: '', err: 'Interrupted.' });
  });
});

describe('plimsoll explain', () => {
  it('explains a host by its id, whatever its verdict', async () => {
    const file = await aTrace('explain.csv', { 'web-1': flat, 'web-2': leaking });

    const steady = await plimsoll(['explain', 'web-1', '--traces', file]);
    const leak = await plimsoll(['explain', 'web-2', '--traces', file]);

    expect([steady.code, leak.code]).toEqual([0, 0]);
    expect(steady.out).toMatch(/^web-1 is steady/);
    expect(leak.out).toMatch(/^web-2 grows like a leak/);
  });

  it('takes a name for what it says and not for a pattern', async () => {
    const file = await aTrace('stars.csv', { 'web-*': flat, 'web-2': leaking });

    const { out } = await plimsoll(['explain', 'web-*', '--traces', file]);

    expect(out).toMatch(/^web-\* is steady/);
  });

  it('says that there is no such host', async () => {
    const file = await aTrace('none.csv', { 'web-1': flat });

    const { code, out, err } = await plimsoll(['explain', 'web-9', '--traces', file]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('There is no host with the id or name web-9 in local none.csv file.');
  });

  it('asks which one is meant where several hosts have the name', async () => {
    const one = await aTrace('one.csv', { 'web-1': flat });
    const other = await aTrace('other.csv', { 'web-1': flat });

    const { code, err } = await plimsoll(['explain', 'web-1', '--traces', one, other]);

    expect(code).toBe(1);
    expect(err).toContain('2 hosts are called web-1.');
    expect(err).toContain('local other.csv file');
  });

  it('prints the line of inspect --json with --json', async () => {
    const file = await aTrace('line.csv', { 'web-1': flat });

    const { out } = await plimsoll(['explain', 'web-1', '--traces', file, '--json']);

    expect(JSON.parse(out)).toMatchObject({ kind: 'host', state: 'steady', host: { id: 'web-1' } });
  });
});

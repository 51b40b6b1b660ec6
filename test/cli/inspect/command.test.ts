import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext, type ContextOptions } from '../a-context.ts';

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
/** Fills from 40 to 98 % in 20 h, and is restarted; the last time ten hours ago. */
const killed = (hour: number) => 40 + 58 * (((hour + 110) % 20) / 20);

describe('plimsoll inspect --traces', () => {
  it('shows what grows like a leak and ends with 3', async () => {
    const file = await aTrace('two.csv', { 'web-1': flat, 'web-2': leaking });

    const { code, out, err } = await plimsoll(['inspect', '--traces', file]);

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/confirmed +web-2 .*\+0\.70 %\/h/);
    expect(out).not.toContain('web-1');
    expect(out).toContain('hosts      2 known: 2 inspected, 0 not monitored, 0 unreadable');
    expect(out).toMatch(/1 of 2 hosts grows like a leak\.$/);
  });

  it('ends with 0 when nothing does', async () => {
    const file = await aTrace('flat.csv', { 'web-1': flat });

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(0);
    expect(out).toMatch(/0 of 1 hosts grow like a leak\.$/);
  });

  it('ends with 4 when something could not be read, and names it', async () => {
    const file = await aTrace('broken.csv', { 'web-2': leaking });
    await writeFile(file, 'not,web-2,sample\n', { flag: 'a' });

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(4);
    expect(out).toMatch(
      /not read +local\/broken.csv\/file: malformed: 1 of 401 rows: the time is neither .* \(not\); at line 402/,
    );
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

  it('shows a host that is killed at the top and fills again, and ends with 3', async () => {
    const file = await aTrace('killed.csv', { 'web-1': flat, 'web-3': killed });

    const { code, out } = await plimsoll(['inspect', '--traces', file]);
    const { out: json } = await plimsoll(['inspect', '--traces', file, '--json']);

    expect(code).toBe(3);
    expect(out).toMatch(/(medium|high) +web-3 .*fills again and again/);
    expect(out).toContain('2 steady (1 of them full)');
    expect(out).toMatch(/0 of 2 hosts grow like a leak, and 1 is full, or fills again and again\.$/);
    const [steady, full, summary] = json.split('\n').map((line) => JSON.parse(line));
    expect(steady).toMatchObject({ host: { id: 'web-1' }, full: null });
    expect(full).toMatchObject({ host: { id: 'web-3' }, full: { kind: 'filling_again', finding: true } });
    expect(full.full.falls.length).toBeGreaterThan(1);
    expect(summary).toMatchObject({ exhausted: 1 });
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

    expect(out).toContain('1 of 1 hosts grows like a leak.');
  });

  it('evaluates as of the requested time', async () => {
    const file = await aTrace('at.csv', { 'web-2': leaking });
    const beforeTheLeak = new Date(NOON - 62 * HOUR).toISOString();

    const { code } = await plimsoll(['inspect', '--traces', file, '--at', beforeTheLeak]);

    expect(code).toBe(0);
  });

  it('evaluates as much history as is requested', async () => {
    const file = await aTrace('lookback.csv', { 'web-2': leaking });

    const { out } = await plimsoll(['inspect', '--traces', file, '--lookback', '24', '--json', '--only', 'leaking']);

    const { window } = JSON.parse(out.split('\n')[0] ?? '');
    expect(Date.parse(window.end) - Date.parse(window.start)).toBe(24 * HOUR);
  });

  describe('--policy', () => {
    const slow = (hour: number) => 40 + Math.max(0, hour + 90) * 0.02;

    it('evaluates under its values, and explains under them', async () => {
      const file = await aTrace('policy.csv', { 'web-3': slow });
      const requested = ['--traces', file, '--policy', 'lookBackHours=48,threshold=0.95,prior=0.02'];

      const inspected = await plimsoll(['inspect', ...requested, '--json']);
      const table = await plimsoll(['inspect', ...requested]);
      const [explained, asConfigured] = [
        await plimsoll(['explain', 'web-3', ...requested]),
        await plimsoll(['explain', 'web-3', '--traces', file]),
      ];

      const { window } = JSON.parse(inspected.out.split('\n')[0] ?? '');
      expect(Date.parse(window.end) - Date.parse(window.start)).toBe(48 * HOUR);
      expect(inspected.code).toBe(0);
      expect(table.out.replace(/\s+/g, ' ')).toContain(`Evaluated with ${requested.at(-1)} over what is configured.`);
      expect(explained.out).toContain('web-3 is steady');
      expect(asConfigured.out).toContain('web-3 may grow like a leak');
    });

    it.each([
      [['--policy', 'treshold=0.8'], 'treshold: unknown field. Did you mean threshold?'],
      [['--policy', 'threshold'], 'Did you mean a value, --policy threshold=…?'],
      [['--policy', 'treshold=0.8'], 'a policy may hold lookBackHours, shownHours, deepReadDays, threshold'],
      [['--policy', 'lookBackHours=24', '--lookback', '48'], 'Give the lookback once'],
      [['--policy', 'threshold=0.8,threshold=0.9'], 'gives threshold twice'],
      [['--policy', 'threshold=0.8=0.9'], 'threshold: must be a number'],
      [['--policy', 'threshold=0.8,'], 'has a value without a name'],
      [['--policy', ''], 'Give values such as threshold=0.8'],
      [['--policy', '--json'], 'Give values such as threshold=0.8'],
    ])('refuses %j', async (given, message) => {
      const file = await aTrace('refused.csv', { 'web-1': flat });

      const { code, err } = await plimsoll(['inspect', '--traces', file, ...given]);

      expect(code).toBe(1);
      expect(err).toContain(message);
    });
  });

  it('reports a file that is not there in one line, and once', async () => {
    const { code, out } = await plimsoll(['inspect', '--traces', '/no/such/file.csv']);

    expect(code).toBe(4);
    expect(out).toBe(
      'file.csv  not read: cannot read /no/such/file.csv: there is no such file\n\nNothing could be read.',
    );
  });

  it.each([
    ['an empty file', '', [], 'some.csv  not read: some.csv is empty  Nothing could be read.'],
    ['a header alone', 'time,host,percent\n', [], 'There was no host to inspect. There is no sample in some.csv.'],
    [
      'a filter that lets none in',
      'time,host,percent\n2026-11-20T12:00:00Z,web-1,40\n',
      ['--include', 'id=db-*'],
      'There was no host to inspect. None passes the filters: --include,',
    ],
    [
      'another time',
      'time,host,percent\n2026-11-20T12:00:00Z,web-1,40\n',
      ['--at', '2030-01-05'],
      'The one host that is known could not be evaluated. There is insufficient data in 2029-12-31 20:00 – 2030-01-05 00:00 UTC. The window ends with --at.',
    ],
  ])(
    'ends with 4 when there is nothing to evaluate because of %s, and explains it',
    async (_, text, options, message) => {
      const file = join(folder, 'some.csv');
      await writeFile(file, text);

      const tables = await plimsoll(['inspect', '--traces', file, ...options]);
      const json = await plimsoll(['inspect', '--traces', file, '--json', ...options]);

      expect([tables.code, json.code]).toEqual([4, 4]);
      expect(tables.out.replaceAll('\n', ' ')).toContain(message);
      // What could not be read is on a line of its own already.
      if (text !== '') expect(json.err).toContain(message);
    },
  );

  it('warns of a newest sample that is far from all others', async () => {
    const file = await aTrace('far.csv', { 'web-1': flat });
    await writeFile(file, '2026-11-23T00:00:00Z,web-1,40\n', { flag: 'a' });

    const { code, err } = await plimsoll(['inspect', '--traces', file], { now: NOON + 72 * HOUR });
    const asAdvised = await plimsoll(['inspect', '--traces', file, '--at', /--at (\S+)\.$/.exec(err)?.[1] ?? '']);

    expect(code).toBe(4);
    expect(err.replaceAll('\n  ', ' ')).toMatch(
      /^note: the newest sample, of 2026-11-23 00:00 UTC, is 2 d 12 h newer than all others/,
    );
    expect(asAdvised).toMatchObject({ code: 0, err: '' });
  });

  it('ends the window with the newest sample that is not of the future', async () => {
    const file = await aTrace('future.csv', { 'web-1': flat });
    await writeFile(file, '2099-01-01T00:00:00Z,web-1,40\n', { flag: 'a' });

    const { code, out, err } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(0);
    expect(out).toContain('2026-11-16 08:15 – 11-20 12:15 UTC');
    expect(err.replaceAll('\n  ', ' ')).toBe(
      'note: 1 sample is dated after today, up to 2099-01-01 00:00 UTC in future.csv: the window ends with the newest of the others.',
    );
  });

  it('evaluates the newest sample too', async () => {
    const file = join(folder, 'one.ndjson');
    await writeFile(file, '{"time":"2026-11-20T12:00:00Z","host":"web-1","percent":41.5}\n');

    const { out } = await plimsoll(['inspect', '--traces', file]);

    expect(out).toContain('there is only one sample in 2026-11-16 08:15 – 11-20 12:15 UTC');
  });

  it('warns of a file that ends too early for a verdict, and how it gets one', async () => {
    const early = await aTrace('early.csv', { 'web-1': flat });
    const late = join(folder, 'late.ndjson');
    await writeFile(late, '{"time":"2026-11-20T18:00:00Z","host":"web-2","percent":41.5}\n');

    const { code, err } = await plimsoll(['inspect', '--traces', early, late]);
    const asAdvised = await plimsoll([
      'inspect',
      '--traces',
      early,
      late,
      '--at',
      /--at\s+(\S+)\.$/.exec(err)?.[1] ?? '',
    ]);

    expect(code).toBe(4);
    expect(err.replaceAll('\n  ', ' ')).toBe(
      'note: the window ends with the newest sample of late.ndjson, of 2026-11-20 18:00 UTC. early.csv ends at ' +
        '2026-11-20 12:00 UTC: too early for a verdict as of then. Give it alone, or --at 2026-11-20T12:15:00Z.',
    );
    expect(asAdvised.code).toBe(0);
  });

  it('reports malformed rows once for each host that has no others, and counts as many', async () => {
    const file = join(folder, 'no-zone.csv');
    const rows = Array.from({ length: 400 }, (_, index) => `2026-11-20T12:00:00,web-${index % 8},40`);
    await writeFile(file, `time,host,percent\n${rows.join('\n')}\n`);

    const { code, out } = await plimsoll(['inspect', '--traces', file]);

    expect(code).toBe(4);
    expect(out).toContain(
      'not read   local/no-zone.csv/file: malformed: 400 of 400 rows: the time has no zone: name it with --timezone, for example --timezone Europe/Berlin or UTC (2026-11-20T12:00:00); first at line 2',
    );
    expect(out).toContain('8 unreadable; 9 reads failed (9 malformed)');
    expect(out.match(/not read {3}local/g)).toHaveLength(1);
    expect(out).toContain('not read   8 more; --json lists all');
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

  it('takes a name literally and not for a pattern', async () => {
    const file = await aTrace('stars.csv', { 'web-*': flat, 'web-2': leaking });

    const { out } = await plimsoll(['explain', 'web-*', '--traces', file]);

    expect(out).toMatch(/^web-\* is steady/);
  });

  it('states that there is no such host', async () => {
    const file = await aTrace('none.csv', { 'web-1': flat });

    const { code, out, err } = await plimsoll(['explain', 'smtp', '--traces', file]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('There is no host with the id or name smtp in none.csv. Names are compared exactly');
  });

  it('suggests the host that was meant', async () => {
    const file = await aTrace('near.csv', { 'checkout-1': flat, 'checkout-2': flat, 'database-1': flat });

    const { code, err } = await plimsoll(['explain', 'Chekout-2', '--traces', file]);

    expect(code).toBe(1);
    expect(err).toBe('error: There is no host with the id or name Chekout-2. Did you mean checkout-2?');
  });

  it('suggests a host also where not everything can be read, and states that', async () => {
    const file = await aTrace('near-broken.csv', { 'checkout-1': flat });
    await writeFile(file, 'nonsense\n', { flag: 'a' });

    const { code, err } = await plimsoll(['explain', 'checkout', '--traces', file]);

    expect(code).toBe(4);
    expect(err).toContain('Did you mean checkout-1?');
    expect(err).toContain('Not everything could be read: near-broken.csv (1 of 1 row: host is empty; at line 402).');
  });

  it('explains why a host’s samples cannot be used', async () => {
    const file = join(folder, 'wrong-unit.csv');
    await writeFile(file, 'time,host,fraction\n2026-11-20T11:45:00Z,web-1,41.5\n2026-11-20T11:50:00Z,web-1,41.6\n');

    const { code, out } = await plimsoll(['explain', 'web-1', '--traces', file]);

    expect(code).toBe(4);
    expect(out).toMatch(/web-1 has no verdict, because it could not be read/);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'none of its 2 rows can be used: fraction is far above 1: if it is percent, add --unit percent (41.5)',
    );
  });

  it('names what could not be read of the host’s file', async () => {
    const file = await aTrace('part.csv', { 'web-1': flat });
    await writeFile(file, '2026-11-20T11:45:00,web-1,40\n', { flag: 'a' });

    const { code, out, err } = await plimsoll(['explain', 'web-1', '--traces', file]);

    expect(code).toBe(0);
    expect(out).toMatch(/^web-1 is steady/);
    expect(err).toMatch(/^not read: 1 of 401 rows: the time has no zone/);
  });

  it('asks which one is meant where several hosts have the name', async () => {
    const one = await aTrace('one.csv', { 'web-1': flat });
    const other = await aTrace('other.csv', { 'web-1': flat });

    const { code, err } = await plimsoll(['explain', 'web-1', '--traces', one, other]);

    expect(code).toBe(1);
    expect(err).toContain('2 hosts are called web-1.');
    expect(err).toContain('Give one of their files alone:');
    expect(err).toContain('web-1  other.csv');
  });

  it('prints the line of inspect --json with --json', async () => {
    const file = await aTrace('line.csv', { 'web-1': flat });

    const { out } = await plimsoll(['explain', 'web-1', '--traces', file, '--json']);

    expect(JSON.parse(out)).toMatchObject({ kind: 'host', state: 'steady', host: { id: 'web-1' } });
  });
});

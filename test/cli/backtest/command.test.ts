import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../cli/main.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { aContext, type ContextOptions } from '../a-context.ts';

async function backtest(args: readonly string[], options: ContextOptions = {}) {
  const { context, out, err, progress } = aContext(options);
  const code = await run(['backtest', ...args], context);
  return { code, out: out(), err: err(), progress: progress() };
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Writes ten days of 15-minute samples up to noon, one host per function of the hours before noon. */
async function aTrace(name: string, hosts: Readonly<Record<string, (hour: number) => number>>): Promise<string> {
  const grids = Object.entries(hosts).map(([id, percentAt]) => {
    const v = Array.from({ length: 960 }, (_, index) => {
      const noise = Math.sin(index * index) * 0.3;
      return Math.min(99.5, percentAt((index - 960) / 4) + noise);
    });
    return JSON.stringify({ id, step: 900, start: new Date(NOON - 240 * HOUR).toISOString(), v });
  });
  const file = join(folder, name);
  await writeFile(file, `${grids.join('\n')}\n`);
  return file;
}

const flat = () => 40;
/** Full 20 h before noon. */
const leaking = (hour: number) => 40 + Math.max(0, hour + 80);

const lines = (out: string) => out.split('\n').map((line) => JSON.parse(line));

describe('plimsoll backtest', () => {
  it('shows what would have been reported, when, and how long before the memory was used up', async () => {
    const file = await aTrace('two.ndjson', { 'web-1': flat, 'web-2': leaking });

    const { code, out, err } = await backtest(['--traces', file], { width: 100 });

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/^web-2 {2}two\.ndjson\n(suspected .*, )?opened 11-1\d \d\d:00 \(.*\)/);
    expect(out).toMatch(/Its memory\s+was\s+used\s+up\s+11-19\s+1\d:\d\d,\s+.*\s+after\s+the\s+page\./);
    expect(out).toMatch(/×.used.up/);
    expect(out).toMatch(/web-2 +1 opened.* 4\d h, used up/);
    expect(out).toMatch(/hosts that paged +1 \(50\.0 %\)/);
    expect(out).toMatch(/inspections +336/);
    expect(out).toMatch(/It would have paged .*, for 1 of 2 hosts\.$/);
  });

  it('ends with 0 when nothing would have been reported', async () => {
    const file = await aTrace('flat.ndjson', { 'web-1': flat });

    const { code, out } = await backtest(['--traces', file]);

    expect(code).toBe(0);
    expect(out).toMatch(/It would have paged for none of 1 host\.$/);
  });

  it('ends with 4 when something could not be read, and names it', async () => {
    const file = await aTrace('broken.ndjson', { 'web-2': leaking });
    await writeFile(file, 'no json\n', { flag: 'a' });

    const { code, out } = await backtest(['--traces', file, '--charts', 'none']);

    expect(code).toBe(4);
    expect(out).toMatch(/broken\.ndjson +the answer is malformed +.* at line 2/);
    expect(out.replaceAll('\n', ' ')).toContain('this is only a part');
  });

  it('ends with 4 when nothing could be evaluated', async () => {
    const file = await aTrace('young.ndjson', { 'web-1': flat });

    const { code, out } = await backtest(['--traces', file, '--days', '0.2', '--to', '2026-11-10T15:00Z']);

    expect(code).toBe(4);
    expect(out).toMatch(/No inspection had enough data for a verdict\.$/);
  });

  it('draws no picture with --charts none', async () => {
    const file = await aTrace('plain.ndjson', { 'web-2': leaking });

    const { out } = await backtest(['--traces', file, '--charts', 'none']);

    expect(out).toMatch(/^Hosts of which something would have been reported/);
  });

  it('replays the hours after --from, up to --to', async () => {
    const file = await aTrace('hours.ndjson', { 'web-2': leaking });

    const early = await backtest(['--traces', file, '--json', '--days', '2', '--to', '2026-11-17']);
    const late = await backtest(['--traces', file, '--json', '--from', '2026-11-19T12:00Z']);

    expect(early.code).toBe(0);
    expect(lines(early.out).at(-1)).toMatchObject({ from: '2026-11-15T00:00:00.000Z', inspections: 48 });
    expect(lines(late.out).at(-1)).toMatchObject({ to: '2026-11-20T12:00:00.000Z', inspections: 24 });
  });

  it('prints a line for each host and a summary with --json', async () => {
    const file = await aTrace('json.ndjson', { 'web-1': flat, 'web-2': leaking });

    const { code, out, err } = await backtest(['--traces', file, '--json']);

    const [flatHost, leakingHost, summary, ...more] = lines(out);
    expect({ code, err, more }).toEqual({ code: 3, err: '', more: [] });
    expect(flatHost).toMatchObject({ kind: 'host', state: 'replayed', host: { id: 'web-1' } });
    expect(flatHost.replays).toMatchObject([{ config: 'policy', inspections: 168, episodes: [] }]);
    expect(leakingHost.replays[0].episodes[0]).toMatchObject({
      endedAt: null,
      outcome: { kind: 'exhausted' },
      evidence: { pattern: expect.anything(), checks: expect.any(Array) },
    });
    expect(leakingHost.replays[0].episodes[0].leadHours).toBeGreaterThan(24);
    expect(summary).toMatchObject({
      kind: 'summary',
      config: 'policy',
      name: 'as configured',
      hosts: { replayed: 2, reported: 1, paged: 1 },
      hostWeeks: 2,
      leads: { inTime: 1, late: 0 },
    });
  });

  it('sets two policies side by side', async () => {
    const file = await aTrace('against.ndjson', { 'web-2': leaking });
    const policy = join(folder, 'eager.yml');
    await writeFile(policy, 'threshold: 0.5\n');

    const json = await backtest(['--traces', file, '--json', '--policy', policy, '--against', 'threshold=0.95']);
    const text = await backtest(['--traces', file, '--policy', policy, '--against', 'threshold=0.95']);

    const [host, first, second] = lines(json.out);
    expect(json.code).toBe(3);
    expect(host.replays.map(({ policy }: { policy: object }) => policy)).toMatchObject([
      { threshold: 0.5 },
      { threshold: 0.95 },
    ]);
    expect([first.name, second.name]).toEqual(['eager.yml', 'threshold=0.95']);
    expect(text.out).toMatch(/eager\.yml +threshold=0\.95/);
  });

  it('shows what an adaptive cadence saves, and how much later it reports', async () => {
    const file = await aTrace('cadence.ndjson', { 'web-1': flat, 'web-2': leaking, 'web-3': flat });

    const json = await backtest(['--traces', file, '--json', '--against', 'cadence=adaptive']);
    const text = await backtest(['--traces', file, '--against', 'cadence=adaptive,recoverAfter=4'], { width: 100 });

    const [schedule, adaptive, cadence] = lines(json.out).slice(-3);
    expect([schedule.notDue, adaptive.name]).toEqual([0, 'cadence=adaptive']);
    expect(adaptive.inspections + adaptive.notDue).toBe(schedule.inspections);
    expect(adaptive.hostWeeks).toBe(schedule.hostWeeks);
    expect(cadence).toMatchObject({
      kind: 'cadence',
      inspections: { schedule: schedule.inspections, adaptive: adaptive.inspections },
      pages: { kept: 1, lost: 0, gained: 0, laterHours: { median: 0, greatest: 0 } },
    });
    expect(text.out).toContain('What the adaptive cadence saves and costs');
    expect(text.out).toMatch(/^ {2}of what every hour costs +\d/m);
    expect(text.out).toMatch(/^pages opened +\d+ kept, \d+ lost, \d+ gained$/m);
    expect(text.out).toMatch(/^pages of worse +\d+ instead of \d+$/m);
    expect(text.out).toMatch(/pages opened +1 kept, 0 lost, 0 gained\n +later \(median\) +none/);
  });

  it('finds the least threshold that keeps a budget', async () => {
    const file = await aTrace('budget.ndjson', { 'web-1': flat, 'web-2': leaking });

    const { out } = await backtest(['--traces', file, '--json', '--days', '3', '--budget', '0']);
    const text = await backtest(['--traces', file, '--days', '1', '--budget', '0']);

    const budget = lines(out).at(-1);
    expect(budget).toMatchObject({ kind: 'budget', config: 'policy', pagesPer100HostWeeks: 0 });
    expect(budget.sweep).toHaveLength(46);
    for (const { threshold, pages } of budget.sweep) {
      if (budget.threshold !== null && threshold >= budget.threshold) expect(pages).toBe(0);
    }
    expect(text.out).toContain('for at most no pages per 100 hosts and week');
  });

  it('counts as many pages at a threshold of the sweep as this threshold does alone', async () => {
    const file = await aTrace('sweep.ndjson', { 'web-1': flat, 'web-2': leaking });

    const requested = ['--traces', file, '--json', '--days', '3'];
    const sweep = await backtest([...requested, '--budget', '1', '--against', 'recoverAfter=5']);
    const alone = await backtest([...requested, '--policy', 'threshold=0.6,recoverAfter=5']);

    const climbed = lines(sweep.out).filter(({ kind }) => kind === 'budget');
    const { pages, episodes, leads } = lines(alone.out).at(-1);
    expect(climbed.map(({ config }) => config)).toEqual(['policy', 'against']);
    expect(climbed[1].sweep.find(({ threshold }: { threshold: number }) => threshold === 0.6)).toMatchObject({
      pages,
      episodes,
      leads,
    });
  });

  it('does not sweep the same thresholds twice for policies that differ in their threshold', async () => {
    const file = await aTrace('once.ndjson', { 'web-1': flat });

    const { out } = await backtest(['--traces', file, '--json', '--budget', '1', '--against', 'threshold=0.8']);

    expect(lines(out).map(({ kind, config }) => [kind, config])).toEqual([
      ['host', undefined],
      ['summary', 'policy'],
      ['budget', 'policy'],
      ['summary', 'against'],
    ]);
  });

  it.each([
    [['--policy', 'treshold=0.8'], 'treshold: unknown field'],
    [['--policy', 'threshold=2'], 'threshold: '],
    [['--against', 'cadence=hourly'], 'cadence is hourly; it is adaptive or schedule'],
    [['--against', 'cadence=adaptive,cadence=schedule'], 'gives cadence twice'],
    [['--policy', 'cadence=adaptive'], 'cadence: unknown field'],
    [['--against', '/no/such/file.yml'], 'there is no such file'],
    [['--budget', 'one'], 'Give a number of pages'],
    [['--days', '0'], 'Give a number of days'],
    [['--days', '3', '--from', '2026-11-19'], "cannot be used with option '--from"],
    [['--from', '2026-11-20T11:50Z', '--to', '2026-11-20T11:55Z'], 'There is no full hour after'],
    [['--at', '2026-11-20'], "unknown option '--at'"],
  ])('answers %j with what is wrong', async (args, message) => {
    const file = await aTrace('wrong.ndjson', { 'web-1': flat });

    const { code, out, err } = await backtest(['--traces', file, ...args]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.replace(/\s+/g, ' ')).toContain(message);
  });

  it('counts the hosts first where progress is shown, so that a share can be shown', async () => {
    const file = await aTrace('bar.ndjson', { 'web-1': flat, 'web-2': flat, 'db-1': flat });
    const requested = ['--traces', file, '--days', '1', '--include', 'id=web-*'];

    const shown = await backtest(requested, { live: true });
    const hidden = await backtest(requested);

    expect(shown.progress.at(-2)).toContain(' 50 %  1 of 2 hosts');
    expect(shown.progress.at(-1)).toContain('100 %  2 of 2 hosts');
    expect(hidden.progress.at(-1)).toBe('replaying … 2 hosts');
  });

  it('stops when it is interrupted', async () => {
    const file = await aTrace('stop.ndjson', { 'web-1': flat });

    const { code, err } = await backtest(['--traces', file], { signal: AbortSignal.abort() });

    expect({ code, err }).toEqual({ code: 130, err: 'Interrupted.' });
  });
});

import { describe, expect, it } from 'vitest';
import type { Journal } from '../../probe/journal.ts';
import { createNotices } from '../../probe/notices.ts';
import type { ProcessSample } from '../../probe/process-sample.ts';
import { followProcesses } from '../../probe/process-tree.ts';
import { createRecorder } from '../../probe/recorder.ts';
import type { HostSelection } from '../../probe/selections.ts';
import type { Sweep } from '../../probe/sweep.ts';
import { MINUTE, processOf } from './builders.ts';

const START = Date.UTC(2026, 10, 1);

interface Arranged {
  readonly processes?: readonly ProcessSample[];
  readonly selections?: readonly HostSelection[];
  readonly allow?: readonly string[];
  readonly waits?: number[];
}

/** A recorder whose time is stepped through. */
function arrange({ processes = [processOf(7)], selections = [], allow = [], waits = [] }: Arranged) {
  let clock = 0;
  const [sweeps, sent, lines]: [Sweep[], number[], string[]] = [[], [], []];
  const state = { processes, selections, refreshes: 0, steps: 0, failing: false };
  const journal: Journal = { append: (sweep) => sweeps.push(sweep), sync() {}, segments: () => [], close() {} };
  const sendAll = async () => {
    sent.push(clock);
    return waits.shift() ?? 0;
  };
  const refresh = async () => {
    state.refreshes += 1;
    return MINUTE;
  };
  const recorder = createRecorder({
    readProcesses: async () => {
      if (state.failing) throw new Error('EIO');
      return state.processes;
    },
    readHost: async () => ({ used: 1, limit: 2 }),
    chosen: [followProcesses({ pid: 7 })],
    allow,
    journal,
    sender: { sendAll },
    ...(allow.length > 0 && { selections: { current: () => state.selections, refresh } }),
    notices: createNotices(
      (line) => lines.push(line),
      () => clock,
    ),
    everyMs: MINUTE,
    sendEveryMs: 5 * MINUTE,
    elapsed: () => clock,
    now: () => START + clock,
    firstSendMs: 10_000,
  });
  async function until(end: number): Promise<void> {
    while (clock < end) {
      state.steps += 1;
      const wait = await recorder.step();
      await recorder.idle();
      clock += Math.max(1, wait);
    }
  }
  const times = () => sweeps.map(({ time }) => time - START);
  return { recorder, until, sweeps, times, sent, lines, state };
}

const recording = (fields: Partial<HostSelection> = {}): HostSelection => ({
  recording: 'r-1',
  processes: [{ name: 'java' }],
  from: START,
  to: START + 2 * MINUTE,
  everyS: 30,
  ...fields,
});
const java = processOf(8, { name: 'java' });

describe('the recorder', () => {
  it('samples the host and what was chosen once a minute, and sends every five', async () => {
    const { until, sweeps, times, sent } = arrange({});
    await until(11 * MINUTE);
    expect(times()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((minute) => minute * MINUTE));
    expect(sweeps[0]).toEqual({ time: START, host: { used: 1, limit: 2 }, processes: [processOf(7)] });
    expect(sent).toEqual([10_000, 10_000 + 5 * MINUTE, 10_000 + 10 * MINUTE]);
  });

  it('sleeps until something is due', async () => {
    const { until, state } = arrange({});
    await until(60 * MINUTE);
    // A sample each minute, and each five minutes a request and its outcome.
    expect(state.steps).toBeLessThanOrEqual(60 + 2 * 12 + 2);
  });

  it('sends again after the time that the sender states', async () => {
    const { until, sent } = arrange({ waits: [2500, 90_000] });
    await until(3 * MINUTE);
    expect(sent).toEqual([10_000, 12_500, 102_500]);
  });

  it('requests no selections where nothing is allowed', async () => {
    const { until, state, sweeps } = arrange({ selections: [recording()], processes: [processOf(7), java] });
    await until(3 * MINUTE);
    expect(state.refreshes).toBe(0);
    expect(sweeps.flatMap(({ processes }) => processes.map(({ pid }) => pid))).not.toContain(8);
  });

  it('samples what a recording selects and the host allows, at its pace and in its time', async () => {
    const { until, sweeps, sent } = arrange({
      allow: ['java'],
      processes: [processOf(7), java],
      selections: [recording()],
    });
    await until(4 * MINUTE);
    const withJava = sweeps.filter(({ processes }) => processes.some(({ pid }) => pid === 8));
    expect(withJava.map(({ time }) => time - START)).toEqual([0, 30_000, 60_000, 90_000]);
    expect(sweeps.find(({ time }) => time === START + 30_000)).toEqual({ time: START + 30_000, processes: [java] });
    // Each minute while it runs.
    expect(sent.slice(0, 2)).toEqual([10_000, 70_000]);
  });

  it('samples recordings that begin at any moment in the same sweeps', async () => {
    const { until, sweeps, state } = arrange({ allow: ['java'], processes: [java] });
    await until(1);
    state.selections = [recording()];
    await until(2 * MINUTE);
    const withJava = sweeps.filter(({ processes }) => processes.some(({ pid }) => pid === 8));
    expect(withJava.map(({ time }) => time - START)).toEqual([1000, 31_000, 61_000, 91_000]);
  });

  it('samples nothing that the host does not allow, and logs each name once', async () => {
    const { until, sweeps, lines } = arrange({
      allow: ['node'],
      processes: [processOf(7), java],
      selections: [recording()],
    });
    await until(2 * MINUTE);
    expect(sweeps.flatMap(({ processes }) => processes.map(({ pid }) => pid))).toEqual([7, 7]);
    expect(lines.filter((line) => line.includes('no --allow admits'))).toEqual([
      'Recording r-1 selects "java", which no --allow admits: it is not sampled.',
    ]);
  });

  it('ends a recording that is selected no longer', async () => {
    const { until, sweeps, lines, state } = arrange({ allow: ['*'], processes: [java], selections: [recording()] });
    await until(MINUTE / 2);
    state.selections = [];
    await until(2 * MINUTE);
    expect(sweeps.filter(({ processes }) => processes.length > 0)).toHaveLength(1);
    expect(lines.at(-1)).toBe('Recording r-1 has ended here.');
  });

  it('requests selections once a minute', async () => {
    const { until, state } = arrange({ allow: ['*'] });
    await until(10 * MINUTE);
    expect(state.refreshes).toBe(10);
  });

  it('goes on where processes cannot be read, and logs it once', async () => {
    const { until, times, lines, state } = arrange({});
    state.failing = true;
    await until(2 * MINUTE);
    state.failing = false;
    await until(4 * MINUTE);
    expect(times()).toEqual([2 * MINUTE, 3 * MINUTE]);
    expect(lines).toEqual(['Memory cannot be read: EIO', 'Memory can be read again.']);
  });

  it('samples a thousand processes at most', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => processOf(index + 10, { name: 'java' }));
    const { until, sweeps, lines } = arrange({ allow: ['*'], processes: many, selections: [recording()] });
    await until(1000);
    expect(sweeps[0]?.processes).toHaveLength(1000);
    expect(lines.some((line) => line.startsWith('1500 processes are chosen'))).toBe(true);
  });
});

/** What the replay of a host knows beside its curve, through the source that states it. */
import { describe, expect, it } from 'vitest';
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import { backtestHosts } from '../../../core/backtest/hosts.ts';
import { createMeter } from '../../../core/inspection/run-summary.ts';
import { effectivePolicy } from '../../../core/model/policy.ts';
import { MEMORY_UTILIZATION } from '../../../core/model/series.ts';
import { write } from '../../adapters/trace-file/files.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';

const HOURS = 7 * 24;
const STEP_S = 900;
const CELLS = HOURS * 4;
const ONSET = CELLS - 80 * 4;

/** Points at a cell: level with a little noise, then growing. */
const noise = (cell: number) => ((cell * 7919) % 13) / 26;
const flat = (level: number) => Array.from({ length: CELLS }, (_, cell) => level + noise(cell));
const grown = (level: number) => flat(level).map((value, cell) => value + (Math.max(0, cell - ONSET) / 4) * 0.5);

function line(id: string, v: readonly number[], extras: object = {}): string {
  const start = new Date(NOON - HOURS * HOUR).toISOString();
  return `${JSON.stringify({ id, step: STEP_S, start, v, ...extras })}\n`;
}

/** The evaluators that voted on the first episode of each host, by host. */
async function votesOf(lines: readonly string[]): Promise<Record<string, readonly string[]>> {
  const files = await write({ 'x.ndjson': lines.join('') });
  const policy = effectivePolicy();
  const hosts = backtestHosts({
    tenant: 'tenant',
    source: traceFileSource({ files }),
    metric: MEMORY_UTILIZATION,
    filters: [],
    policies: [{ common: policy, of: () => policy }],
    meter: createMeter(),
    from: NOON - 12 * HOUR,
    to: NOON,
    everyMs: 4 * HOUR,
  });
  const votes: Record<string, readonly string[]> = {};
  for await (const host of hosts) {
    if (host.kind !== 'replayed') continue;
    const [first] = host.replays.flatMap(({ episodes }) => episodes);
    votes[host.series.resource.id] = first?.evidence.votes.map(({ evaluator }) => evaluator) ?? [];
  }
  return votes;
}

describe('the replay of a host', () => {
  it('knows its curve alone where the source states nothing else', async () => {
    expect(await votesOf([line('web-1', grown(30))])).toEqual({ 'web-1': ['statistical'] });
  });

  it('knows its siblings where it has a group', async () => {
    const lines = ['web-1', 'web-2', 'web-3', 'web-4'].map((id, index) => {
      return line(id, index === 0 ? grown(30) : flat(30), { group: 'web' });
    });

    const votes = await votesOf(lines);

    expect(votes['web-1']).toContain('siblings');
    expect(votes['web-2']).toEqual([]);
  });

  it('knows its consumers where the source states them', async () => {
    const consumers = [
      { name: 'java', v: grown(10) },
      { name: 'nginx', v: flat(5) },
    ];

    expect((await votesOf([line('web-1', grown(30), { consumers })]))['web-1']).toContain('consumers');
  });
});

/** The suite of run logs: kept by the log in memory, and broken by each log that lies. */
import { describe, expect, it } from 'vitest';
import type { RunLog } from '../../core/ports/run-log.ts';
import { NOON } from '../fixtures/builders.ts';
import { createMemoryRunLog } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { type RunLogSubject, runLogChecks } from './run-log.ts';

const DAY = 24 * 3_600_000;

describe('the run log in memory', () => {
  itKeeps(runLogChecks, () => subject(createMemoryRunLog));
});

const ORDER = 'gives the newest by scheduled time, in whichever order they were put';
const FEW = 'gives all runs where there are fewer than requested, and none where none are requested';
const UNTIL = 'gives the newest runs up to a time, that one included';
const REPEAT = 'overwrites a run that is repeated';
const APART = 'keeps tenants, accounts and regions apart';
const EXPIRY = 'keeps a run for a month and not for a year';

type Lie = (honest: RunLog) => Partial<RunLog>;

const LIES: readonly [string, string, Lie][] = [
  [
    'gives the oldest first',
    ORDER,
    ({ newest }) => ({ newest: async (...requested) => (await newest(...requested)).toReversed() }),
  ],
  ['ignores the limit', ORDER, ({ newest }) => ({ newest: (tenant, scope) => newest(tenant, scope, 1000) })],
  [
    'gives one run where none is requested',
    FEW,
    ({ newest }) => ({ newest: (tenant, scope, limit) => newest(tenant, scope, limit || 1) }),
  ],
  [
    'gives the newest of all times',
    UNTIL,
    ({ newest }) => ({ newest: (tenant, scope, limit) => newest(tenant, scope, limit) }),
  ],
  ['keeps every copy of a run', REPEAT, ({ put }) => ({ put: (run) => put({ ...run, id: String(Math.random()) }) })],
  ['keeps the first copy of a run', REPEAT, keepingTheFirst],
  [
    'mixes regions',
    APART,
    ({ put }) => ({ put: (run) => put({ ...run, scope: { ...run.scope, region: 'eu-west-1' } }) }),
  ],
];

describe('the suite of run logs', () => {
  it.each(LIES)('catches a log that %s', async (_, promise, lie) => {
    const liar = () => subject((now) => lied(createMemoryRunLog(now), lie));

    expect(await brokenPromises(runLogChecks, liar)).toContain(promise);
  });

  it('catches a log that forgets nothing', async () => {
    const liar = () => subject(() => createMemoryRunLog(() => NOON));

    expect(await brokenPromises(runLogChecks, liar)).toEqual([EXPIRY]);
  });

  it('catches a log that forgets at once', async () => {
    const liar = () => subject((now) => createMemoryRunLog(() => NOON + (now() - NOON) * 30));

    expect(await brokenPromises(runLogChecks, liar)).toEqual([EXPIRY]);
  });
});

function lied(honest: RunLog, lie: Lie): RunLog {
  return { ...honest, ...lie(honest) };
}

function subject(create: (now: () => number) => RunLog): RunLogSubject {
  let now = NOON;
  return {
    log: create(() => now),
    passDays(days) {
      now += days * DAY;
    },
  };
}

function keepingTheFirst({ put }: RunLog): Partial<RunLog> {
  const known = new Set<string>();
  return {
    async put(run) {
      if (!known.has(run.id)) await put(run);
      known.add(run.id);
    },
  };
}

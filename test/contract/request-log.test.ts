/** The suite of request logs: kept by the log in memory, and broken by each log that lies. */
import { describe, expect, it } from 'vitest';
import type { RequestLog } from '../../core/ports/request-log.ts';
import { NOON } from '../fixtures/builders.ts';
import { createMemoryRequestLog } from '../memory/stores.ts';
import { brokenPromises, itKeeps } from './check.ts';
import { type RequestLogSubject, requestLogChecks } from './request-log.ts';

const DAY = 24 * 3_600_000;

describe('the request log in memory', () => {
  itKeeps(requestLogChecks, () => subject(createMemoryRequestLog));
});

const DISPATCHED = 'gives back what a request was dispatched to, before there is a result';
const ORDER = 'gives all results in order of provider, account and region';
const REPEAT = 'overwrites what comes again';
const APART = 'keeps tenants and requests apart, also where one id begins with another';
const REQUESTED = 'knows when a request of the tenant was made, before and after it is dispatched';
const EXPIRY = 'keeps a request for five days and not for a month';

type Lie = (honest: RequestLog) => Partial<RequestLog>;

const LIES: readonly [string, string, Lie][] = [
  ['forgets what was dispatched', DISPATCHED, () => ({ putDispatched: async () => {} })],
  ['gives the last result alone', ORDER, ({ read }) => ({ read: async (key) => lastAlone(await read(key)) })],
  ['keeps the first result', REPEAT, keepingTheFirst],
  ['mixes tenants', APART, inOneTenant],
  ['forgets that a request was made', REQUESTED, () => ({ requestedAt: async () => undefined })],
  ['takes every request for made', REQUESTED, () => ({ requestedAt: async () => NOON })],
  ['looks for the beginning of an id', APART, byFirstCharacter],
];

describe('the suite of request logs', () => {
  it.each(LIES)('catches a log that %s', async (_, promise, lie) => {
    const liar = () => subject((now) => lied(createMemoryRequestLog(now), lie));

    expect(await brokenPromises(requestLogChecks, liar)).toContain(promise);
  });

  it('catches a log that forgets nothing', async () => {
    const liar = () => subject(() => createMemoryRequestLog(() => NOON));

    expect(await brokenPromises(requestLogChecks, liar)).toEqual([EXPIRY]);
  });
});

function lied(honest: RequestLog, lie: Lie): RequestLog {
  return { ...honest, ...lie(honest) };
}

function subject(create: (now: () => number) => RequestLog): RequestLogSubject {
  let now = NOON;
  return {
    log: create(() => now),
    passDays(days) {
      now += days * DAY;
    },
  };
}

function lastAlone(logged: Awaited<ReturnType<RequestLog['read']>>) {
  return logged && { ...logged, results: logged.results.slice(-1) };
}

function keepingTheFirst({ result, putResult }: RequestLog): Partial<RequestLog> {
  return {
    async putResult(key, value) {
      if ((await result(key, value.scope)) === undefined) await putResult(key, value);
    },
  };
}

function inOneTenant({ putResult, read }: RequestLog): Partial<RequestLog> {
  return {
    putResult: ({ id }, value) => putResult({ tenant: 'all', id }, value),
    read: ({ id }) => read({ tenant: 'all', id }),
  };
}

function byFirstCharacter({ putResult, read }: RequestLog): Partial<RequestLog> {
  const first = (id: string) => id.slice(0, 1);
  return {
    putResult: ({ tenant, id }, value) => putResult({ tenant, id: first(id) }, value),
    read: ({ tenant, id }) => read({ tenant, id: first(id) }),
  };
}

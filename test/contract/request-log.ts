/** What every request log promises. */
import { expect } from 'vitest';
import type { Dispatched, RegionResult } from '../../core/model/inspection-result.ts';
import type { RequestKey, RequestLog } from '../../core/ports/request-log.ts';
import { NOON } from '../fixtures/builders.ts';
import { aListedFinding, aRegionResult } from '../fixtures/results.ts';
import type { Check } from './check.ts';

export interface RequestLogSubject {
  readonly log: RequestLog;
  /** Sets the log's clock forward, for this check alone. */
  passDays(days: number): void;
}

const SCOPE = aRegionResult().scope;

const DISPATCHED: Dispatched = {
  outcome: 'dispatched',
  reason: null,
  accounts: [{ provider: 'aws', account: '111122223333', regions: ['eu-west-1', 'us-east-1'] }],
  setAside: { regions: ['eu-wst-1'], reason: 'regions: there is no eu-wst-1' },
  digest: 'digest-1',
  sentAt: NOON,
};

const keyOf = (tenant: string, id = 'request-1'): RequestKey => ({ tenant, id });

export const requestLogChecks: readonly Check<RequestLogSubject>[] = [
  {
    message: 'knows nothing of a request that never came',
    async verify({ log }) {
      expect(await log.read(keyOf('unknown'))).toBeUndefined();
      expect(await log.result(keyOf('unknown'), SCOPE)).toBeUndefined();
    },
  },
  {
    message: 'gives back what a request was dispatched to, before there is a result',
    async verify({ log }) {
      await log.putDispatched(keyOf('dispatched'), DISPATCHED);

      expect(await log.read(keyOf('dispatched'))).toEqual({ dispatched: DISPATCHED, results: [] });
    },
  },
  {
    message: 'gives back a result, with and without what was dispatched',
    async verify({ log }) {
      const result = aRegionResult({
        outcome: 'partial',
        reason: 'not enough time',
        findings: [aListedFinding()],
        found: 7,
      });

      await log.putResult(keyOf('result'), result);

      expect(await log.result(keyOf('result'), SCOPE)).toEqual(result);
      expect(await log.read(keyOf('result'))).toEqual({ dispatched: undefined, results: [result] });
    },
  },
  {
    message: 'gives all results in order of provider, account and region',
    async verify({ log }) {
      await log.putDispatched(keyOf('ordered'), DISPATCHED);
      const scopes = ['us-east-1', 'eu-west-1', 'eu-central-1'].map((region) => ({ ...SCOPE, region }));
      for (const scope of scopes) await log.putResult(keyOf('ordered'), aRegionResult({ scope }));

      const logged = await log.read(keyOf('ordered'));

      expect(logged?.dispatched).toEqual(DISPATCHED);
      expect(logged?.results.map(regionOf)).toEqual(['eu-central-1', 'eu-west-1', 'us-east-1']);
    },
  },
  {
    message: 'overwrites what comes again',
    async verify({ log }) {
      const key = keyOf('repeated');
      const refused: Dispatched = {
        ...DISPATCHED,
        outcome: 'refused',
        reason: 'disabled',
        accounts: [],
        setAside: null,
      };

      for (const dispatched of [refused, DISPATCHED]) await log.putDispatched(key, dispatched);
      for (const found of [1, 2]) await log.putResult(key, aRegionResult({ found }));

      expect(await log.read(key)).toMatchObject({ dispatched: DISPATCHED, results: [{ found: 2 }] });
    },
  },
  {
    message: 'keeps tenants and requests apart, also where one id begins with another',
    async verify({ log }) {
      const put = (key: RequestKey, found: number) => log.putResult(key, aRegionResult({ found }));
      await put(keyOf('apart', 'a'), 1);
      await put(keyOf('apart-too', 'a'), 2);
      await put(keyOf('apart', 'a:b'), 3);
      await put(keyOf('apart', 'ab'), 4);

      const found = async (key: RequestKey) => (await log.read(key))?.results.map((result) => result.found);

      expect(await found(keyOf('apart', 'a'))).toEqual([1]);
      expect(await found(keyOf('apart-too', 'a'))).toEqual([2]);
      expect(await found(keyOf('apart', 'a:b'))).toEqual([3]);
    },
  },
  {
    message: 'knows when a request of the tenant was made, before and after it is dispatched',
    async verify({ log }) {
      await log.putRequested(keyOf('requested', 'a'), NOON);
      expect(await log.read(keyOf('requested', 'a'))).toBeUndefined();
      await log.putDispatched(keyOf('requested', 'a'), DISPATCHED);

      expect(await log.read(keyOf('requested', 'a'))).toEqual({ dispatched: DISPATCHED, results: [] });
      expect(await log.requestedAt(keyOf('requested', 'a'))).toBe(NOON);
      expect(await log.requestedAt(keyOf('requested', 'ab'))).toBeUndefined();
      expect(await log.requestedAt(keyOf('requested-not', 'a'))).toBeUndefined();
    },
  },
  {
    message: 'keeps a request for five days and not for a month',
    async verify({ log, passDays }) {
      const key = keyOf('kept');
      await log.putRequested(key, NOON);
      await log.putDispatched(key, DISPATCHED);
      await log.putResult(key, aRegionResult());

      passDays(5);
      expect((await log.read(key))?.results).toHaveLength(1);
      expect(await log.requestedAt(key)).toBe(NOON);
      passDays(25);

      expect(await log.read(key)).toBeUndefined();
      expect(await log.result(key, SCOPE)).toBeUndefined();
      expect(await log.requestedAt(key)).toBeUndefined();
    },
  },
];

function regionOf({ scope }: RegionResult): string | null {
  return scope.region;
}

/** What every removal of a tenant's data promises. */
import { expect } from 'vitest';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import type { RunLog } from '../../core/ports/run-log.ts';
import type { TenantData } from '../../core/ports/tenant-data.ts';
import { anEntry, anIncident, anIncidentKey, aRunSummary } from '../fixtures/builders.ts';
import type { Check } from './check.ts';

export interface TenantDataSubject {
  readonly data: TenantData;
  readonly incidents: IncidentStore;
  readonly runs: RunLog;
}

const SCOPE = anIncidentKey();

/** More incidents than are removed at once. */
const MANY = 60;

export const tenantDataChecks: readonly Check<TenantDataSubject>[] = [
  {
    message: 'removes every incident and run of the tenant, and of no other',
    async verify({ data, incidents, runs }) {
      for (const tenant of ['gone', 'gone-not']) {
        for (let host = 0; host < MANY; host++) {
          const key = anIncidentKey({ tenant, host: `i-${host}` });
          await incidents.put(anIncident({ key, outbox: [anEntry()] }), 0);
        }
        await runs.put(aRunSummary({ tenant, id: tenant }));
      }

      expect(await data.removeAll('gone')).toEqual({ incidents: 0 });

      expect(await Array.fromAsync(incidents.open('gone', SCOPE))).toEqual([]);
      expect(await runs.newest('gone', SCOPE, 10)).toEqual([]);
      expect(await Array.fromAsync(incidents.open('gone-not', SCOPE))).toHaveLength(MANY);
      expect(await runs.newest('gone-not', SCOPE, 10)).toHaveLength(1);
      const waiting = await Array.fromAsync(incidents.unsettled());
      expect(waiting.filter(({ value }) => value.key.tenant === 'gone')).toEqual([]);
    },
  },
  {
    message: 'keeps incidents whose events wait for the topic, where it is to keep them',
    async verify({ data, incidents, runs }) {
      const [quiet, waiting] = ['quiet', 'waiting'].map((host) => anIncidentKey({ tenant: 'kept', host }));
      if (quiet === undefined || waiting === undefined) throw new Error('there are two');
      await incidents.put(anIncident({ key: quiet }), 0);
      await incidents.put(anIncident({ key: waiting, outbox: [anEntry()] }), 0);
      await runs.put(aRunSummary({ tenant: 'kept', id: 'kept' }));

      const removed = await data.removeAll('kept', { keepsOutboxes: true });

      expect(removed).toEqual({ incidents: 1 });
      expect(await incidents.get(quiet)).toBeUndefined();
      expect(await incidents.get(waiting)).toBeDefined();
      expect(await runs.newest('kept', SCOPE, 10)).toEqual([]);
    },
  },
  {
    message: 'has nothing to remove of a tenant that left nothing',
    async verify({ data }) {
      await data.removeAll('never-inspected');
    },
  },
];

/** The removal of a tenant's data from DynamoDB. */
import { afterAll, describe } from 'vitest';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createTenantData } from '../../../adapters/dynamodb/tenant-data.ts';
import { itKeeps } from '../../contract/check.ts';
import { tenantDataChecks } from '../../contract/tenant-data.ts';
import { NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, close } = await startTable();
afterAll(close);

describe('the removal of a tenant’s data from DynamoDB', () => {
  const options = { client, table: TABLE };
  itKeeps(tenantDataChecks, () => ({
    data: createTenantData(options),
    incidents: createIncidentStore(options),
    runs: createRunLog({ ...options, now: () => NOON }),
  }));
});

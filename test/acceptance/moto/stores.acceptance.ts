/** The promises of the stores, kept on a DynamoDB that others wrote. */
import { afterAll, beforeAll, describe } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createTable } from '../../../sandbox/aws/table.ts';
import { itKeeps } from '../../contract/check.ts';
import { configStoreChecks } from '../../contract/config-store.ts';
import { incidentStoreChecks } from '../../contract/incident-store.ts';
import { runLogChecks } from '../../contract/run-log.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { clients, reset } from './moto.ts';

const TABLE = 'plimsoll-contract';
const client = clients().dynamodb;

beforeAll(async () => {
  await reset();
  await createTable(client, TABLE, 'Table');
});

afterAll(reset);

describe('the config store on moto', () => {
  itKeeps(configStoreChecks, () => createConfigStore({ client, table: TABLE }));
});

describe('the incident store on moto', () => {
  itKeeps(incidentStoreChecks, () => createIncidentStore({ client, table: TABLE }));
});

describe('the run log on moto', () => {
  itKeeps(runLogChecks, () => {
    let now = NOON;
    const passDays = (days: number) => {
      now += days * 24 * HOUR;
    };
    return { log: createRunLog({ client, table: TABLE, now: () => now }), passDays };
  });
});

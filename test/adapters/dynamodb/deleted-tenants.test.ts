/** The list of deleted tenants over DynamoDB. */
import { afterAll, describe } from 'vitest';
import { createDeletedTenants } from '../../../adapters/dynamodb/deleted-tenants.ts';
import { itKeeps } from '../../contract/check.ts';
import { deletedTenantsChecks } from '../../contract/deleted-tenants.ts';
import { startTable, TABLE } from './table.ts';

const { client, close } = await startTable();
afterAll(close);

describe('the list of deleted tenants over DynamoDB', () => {
  itKeeps(deletedTenantsChecks, () => createDeletedTenants({ client, table: TABLE }));
});

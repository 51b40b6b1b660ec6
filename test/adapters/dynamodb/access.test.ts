/** Grants, ingest tokens, the audit log and recordings over DynamoDB: the suites of their ports, and what is DynamoDB's alone. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { createAccessStore } from '../../../adapters/dynamodb/access-store.ts';
import { createAuditLog } from '../../../adapters/dynamodb/audit-log.ts';
import { createIngestTokenStore } from '../../../adapters/dynamodb/ingest-token-store.ts';
import { grantKey } from '../../../adapters/dynamodb/keys.ts';
import { createRecordingStore } from '../../../adapters/dynamodb/recording-store.ts';
import { accessStoreChecks, aGrant } from '../../contract/access-store.ts';
import { anAuditEntry, auditLogChecks } from '../../contract/audit-log.ts';
import { itKeeps } from '../../contract/check.ts';
import { ingestTokenStoreChecks } from '../../contract/ingest-token-store.ts';
import { recordingStoreChecks } from '../../contract/recording-store.ts';
import { HOUR, NOON } from '../../fixtures/builders.ts';
import { startTable, TABLE } from './table.ts';

const { client, raw, close } = await startTable();
afterAll(close);

const options = { client, table: TABLE, now: () => NOON };

describe('grants over DynamoDB', () => {
  itKeeps(accessStoreChecks, () => createAccessStore(options));

  it('are where their issuer is, which no key of a tenant reaches', () => {
    const { pk, sk } = grantKey(aGrant({ name: 'ada#x' }));

    expect(pk).toMatch(/^ACCESS#[0-9a-f]{32}$/);
    expect(sk).toBe('SUBJECT#ada%23x#acme');
  });
});

describe('recordings over DynamoDB', () => {
  itKeeps(recordingStoreChecks, () => createRecordingStore(options));
});

describe('ingest tokens over DynamoDB', () => {
  itKeeps(ingestTokenStoreChecks, () => createIngestTokenStore(options));
});

describe('the audit log over DynamoDB', () => {
  itKeeps(auditLogChecks, () => createAuditLog(options));

  it('lets DynamoDB delete an entry after 400 days', async () => {
    await createAuditLog(options).put(anAuditEntry({ tenant: 'expiring' }));

    const { Items = [] } = await raw.send(new ScanCommand({ TableName: TABLE }));
    expect(Items.find(({ pk }) => pk === 'T#expiring')).toMatchObject({ ttl: (NOON + 400 * 24 * HOUR) / 1000 });
  });

  it('leaves out what has expired and is not deleted yet', async () => {
    await createAuditLog(options).put(anAuditEntry({ tenant: 'expired' }));
    const later = createAuditLog({ ...options, now: () => NOON + 401 * 24 * HOUR });

    expect(await later.list('expired', { limit: 10 })).toEqual({ entries: [], cursor: null });
  });
});

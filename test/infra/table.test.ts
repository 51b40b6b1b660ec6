/** The tables' definitions, against what the stores need of them. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  AUDIT,
  capKey,
  eventPrefix,
  healthKey,
  incidentKey,
  jobSpendKey,
  LABELS,
  MUTES,
  openRunKey,
  requestKey,
  runKey,
  shardKey,
  spendKey,
  tenantItemKey,
  watchKey,
} from '../../adapters/dynamodb/keys.ts';
import { anIncidentKey, NOON } from '../fixtures/builders.ts';
import { aRunRef } from '../fixtures/result-lines.ts';

async function definition(file: string) {
  return parse(await readFile(new URL(`../../infra/${file}`, import.meta.url), 'utf8')).Resources;
}

const { Table } = await definition('table.yml');
const { ConfigsTable } = await definition('configs-table.yml');

describe.each([
  ['incidents and runs', Table],
  ['configs', ConfigsTable],
])('the table of %s', (_, table) => {
  it('outlives its stack, and cannot be deleted by mistake', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('can be restored to any point of the last weeks', () => {
    expect(table.Properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it('defines every attribute that a key names, and no other', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes = [] } = table.Properties;
    const keys = [KeySchema, ...GlobalSecondaryIndexes.map((index: { KeySchema: unknown }) => index.KeySchema)].flat();

    const named = new Set(keys.map(({ AttributeName }) => AttributeName));

    const defined = AttributeDefinitions.map(({ AttributeName }: { AttributeName: string }) => AttributeName);
    expect(defined.toSorted()).toEqual([...named].toSorted());
  });
});

describe('the table of incidents and runs', () => {
  it('names every kind of item that its stores keep', async () => {
    const text = await readFile(new URL('../../infra/table.yml', import.meta.url), 'utf8');
    const scope = { provider: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
    const keys = [
      incidentKey(anIncidentKey()),
      runKey('acme', scope, NOON),
      healthKey('acme', scope),
      watchKey('acme'),
      requestKey('acme', 'id'),
      shardKey(aRunRef(), 0),
      jobSpendKey('acme', { month: '2026-11', scope, job: 'resident' }),
      spendKey('acme', { month: '2026-11', request: 'id', scope }),
      capKey('acme'),
      { sk: eventPrefix('i/1') },
      ...[MUTES, LABELS, AUDIT].map((prefix) => tenantItemKey(prefix, { tenant: 'acme', id: 'id' })),
    ];

    const documented = [...text.matchAll(/^# {3}T#<tenant> +([A-Z]+)/gm)].map(([, kind]) => kind);
    expect(new Set(documented)).toEqual(new Set([...keys.map(({ sk }) => sk.split('#')[0]), 'SCALING']));
    expect(text).toContain(`#   ${openRunKey(aRunRef()).pk}  `);
  });

  it('deletes items by the attribute that run summaries have', () => {
    expect(Table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
  });
});

describe('the table of configs', () => {
  it('streams the keys of what changes, and no config', () => {
    expect(ConfigsTable.Properties.StreamSpecification).toEqual({ StreamViewType: 'KEYS_ONLY' });
  });
});

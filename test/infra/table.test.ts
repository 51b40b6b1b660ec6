/** The table's definition, against what the stores need of it. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const { Table } = parse(await readFile(new URL('../../infra/table.yml', import.meta.url), 'utf8')).Resources;

describe('the table', () => {
  it('outlives its stack', () => {
    expect(Table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('deletes items by the attribute that run summaries have', () => {
    expect(Table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'ttl', Enabled: true });
  });

  it('defines every attribute that a key names, and no other', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Table.Properties;
    const keys = [KeySchema, ...GlobalSecondaryIndexes.map((index: { KeySchema: unknown }) => index.KeySchema)].flat();

    const named = new Set(keys.map(({ AttributeName }) => AttributeName));

    const defined = AttributeDefinitions.map(({ AttributeName }: { AttributeName: string }) => AttributeName);
    expect(defined.toSorted()).toEqual([...named].toSorted());
  });
});

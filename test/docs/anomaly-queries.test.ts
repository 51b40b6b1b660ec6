/** The queries of docs/athena over points, as they stand there, over what an inspection has kept. SQLite stands in for Athena. */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AnomalyLine, anomalyLineSchema } from '../../core/model/anomaly-line.ts';
import { encoded } from '../../core/model/notation.ts';
import { Resources } from '../../infra/results-table.js';
import { MINUTE, NOON } from '../fixtures/builders.ts';
import { anAnomalyLine } from '../fixtures/point-jobs.ts';

const { Columns } = Resources.AnomaliesTable.Properties.TableInput.StorageDescriptor;
const SQL_TYPES: Readonly<Record<string, string>> = { string: 'TEXT', double: 'REAL', boolean: 'INTEGER' };
const database = new DatabaseSync(':memory:');

/** Ten minutes of two hosts, of which one has a spike. */
function lines(): AnomalyLine[] {
  return ['i-1', 'i-2'].flatMap((host) =>
    Array.from({ length: 10 }, (_, minute) => {
      const isSpike = host === 'i-1' && minute === 4;
      const of = { host, time: NOON + minute * MINUTE, score: isSpike ? 0.999 : minute / 20, is_anomaly: isSpike };
      return anAnomalyLine({ ...of, value: isSpike ? 0.97 : 0.3, type: isSpike ? 'spike' : null });
    }),
  );
}

beforeAll(() => {
  const columns = Columns.map(({ Name, Type }) => `"${Name}" ${SQL_TYPES[Type]}`);
  database.exec(`CREATE TABLE anomalies (${columns.join(', ')}, tenant TEXT, "date" TEXT)`);
  const names = [...Columns.map(({ Name }) => `"${Name}"`), 'tenant', '"date"'];
  const insert = database.prepare(
    `INSERT INTO anomalies (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  for (const tenant of ['acme', 'globex'])
    for (const line of lines()) {
      const written: Readonly<Record<string, unknown>> = { ...encoded(anomalyLineSchema, line) };
      insert.run(...Columns.map(({ Name }) => sqlValue(written[Name])), tenant, '2026-11-20');
    }
});

function sqlValue(value: unknown) {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

async function rowsOf(name: string) {
  const sql = await readFile(new URL(`../../docs/athena/${name}.sql`, import.meta.url), 'utf8');
  return database.prepare(sql.replace(/;\s*$/, '')).all();
}

describe('the table of points', () => {
  it('has the columns of a line, in their order', () => {
    expect(Columns.map(({ Name }) => Name)).toEqual(Object.keys(encoded(anomalyLineSchema, anAnomalyLine())));
  });
});

describe('docs/athena', () => {
  it('newest-anomalies.sql has the anomalous points of one tenant', async () => {
    expect(await rowsOf('newest-anomalies')).toMatchObject([
      { time: '2026-11-20T12:04:00.000Z', host: 'i-1', metric: 'system.cpu.utilization', value: 0.97, type: 'spike' },
    ]);
  });

  it('anomalies-of-a-metric.sql joins the points of a host above a score to its series', async () => {
    const rows = await rowsOf('anomalies-of-a-metric');

    expect(rows).toHaveLength(10);
    expect(rows.filter(({ score }) => score !== null)).toMatchObject([{ value: 0.97, score: 0.999, type: 'spike' }]);
  });
});

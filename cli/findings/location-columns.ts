/** Where hosts are, in tables: a column for each part of the location in which they differ. */
import type { Resource } from '../../core/model/series.ts';
import type { Column } from '../render/table.ts';
import { harmless } from '../render/text.ts';

/** Where there is no room the cloud is the last to give way: the same name may stand in each of them. */
const DEAREST = 11;

/** @param expendable Of account and region, among the columns that they stand beside. */
export function locationColumns<Row>(
  rows: readonly Row[],
  resourceOf: (row: Row) => Resource,
  expendable: number,
): Column<Row>[] {
  const isLocal = rows.every((row) => resourceOf(row).provider === 'local');
  const columns: Column<Row>[] = [
    { title: 'cloud', text: (row) => resourceOf(row).provider, expendable: DEAREST },
    { title: isLocal ? 'file' : 'account', text: (row) => harmless(resourceOf(row).account), expendable },
    { title: 'region', text: (row) => harmless(resourceOf(row).region ?? ''), expendable },
  ];
  return columns.filter(({ text }) => new Set(rows.map(text)).size > 1);
}

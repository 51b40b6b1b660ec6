/** Rows as CSV that a spreadsheet opens. */

/** A text that begins with one of these is a formula to a spreadsheet; hosts are named by strangers. */
const FORMULA = /^[=+\-@\t\r]/;

/** @param rows The first are the headings. Lines end in CRLF as RFC 4180 has it. */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

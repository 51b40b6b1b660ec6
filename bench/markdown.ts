/** Numbers and tables as Markdown that also reads well in a terminal. */

/** A table whose first column is text and whose others are figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(lengthOf)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => padded(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function padded(text: string, width: number, column: number): string {
  const spaces = ' '.repeat(width - lengthOf(text));
  return column === 0 ? text + spaces : spaces + text;
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** `0.84`; a dash for what cannot be said. */
export function figure(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : '–';
}

/** `0.4 %` of a fraction. */
export function percent(fraction: number, decimals = 1): string {
  return Number.isFinite(fraction) ? `${(fraction * 100).toFixed(decimals)} %` : '–';
}

/** Two significant digits, as timings deserve. */
export function rounded(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(2))) : '–';
}

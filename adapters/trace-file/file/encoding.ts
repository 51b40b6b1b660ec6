/** What a file is by its first bytes: text and its encoding, or a form that holds series and is not text. */

type Form = { readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' } | { readonly looksLike: string };

/** The first bytes of forms that are not text, each with a description and what to do: words that follow the file's name. */
const FORMS: readonly (readonly [magic: string, looksLike: string])[] = [
  ['504b0304', 'is a ZIP archive or an Excel workbook: unpack it, or save the sheet as CSV'],
  ['d0cf11e0', 'is a workbook of an old Excel: save the sheet as CSV'],
  ['50415231', 'is a Parquet file: export it as CSV or as JSON with an object a line'],
  ['53514c697465', 'is an SQLite database: export the series as CSV'],
  ['28b52ffd', 'is compressed with zstd: unpack it with zstd -d, or compress it with gzip'],
  ['fd377a585a00', 'is compressed with xz: unpack it with xz -d, or compress it with gzip'],
  ['425a68', 'is compressed with bzip2: unpack it with bzip2 -d, or compress it with gzip'],
  ['1f8b', 'is gzipped twice: unpack it once with gzip -d'],
  ['96d57521', 'is a data file of sar: give the output of sadf -j FILE -- -r'],
  ['d596', 'is a data file of sar: give the output of sadf -j FILE -- -r'],
  ['25504446', 'is a PDF: export the series as CSV'],
];

const BYTE_ORDER_MARKS = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
] as const;

export const NO_TEXT = 'is no text in UTF-8 or UTF-16: it must be CSV or JSON, gzipped or not';

/** The form of a file that begins with these bytes. */
export function formOf(head: Buffer): Form {
  const magic = head.subarray(0, 16).toString('hex');
  const known = FORMS.find(([bytes]) => magic.startsWith(bytes));
  if (known) return { looksLike: known[1] };
  const marked = BYTE_ORDER_MARKS.find(([mark]) => magic.startsWith(mark));
  if (marked) return { encoding: marked[1] };
  // Text of ASCII characters in UTF-16 has a zero in every other byte.
  if (/^(00[2-7].){2}/.test(magic)) return { encoding: 'utf-16be' };
  return { encoding: /^([2-7].00){2}/.test(magic) ? 'utf-16le' : 'utf-8' };
}

/** Whether decoded text came from a file that is not text: a spreadsheet, an archive, a picture. */
export function isBinary(text: string): boolean {
  return text.includes('\0') || text.includes('\uFFFD');
}

/** The reason of the file system when it refuses a file, in words. */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/** Why a file could not be read, to follow `cannot read x: `. */
export function fileFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return WORDS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Whether text was read from what is no text: a spreadsheet, an archive, a picture. */
export function isBinary(text: string): boolean {
  return text.includes('\0') || text.includes('\uFFFD');
}
